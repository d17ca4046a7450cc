/** What one request asked and was answered, as it went over the wire. */
export interface Exchange {
  readonly request: string;
  readonly signature: string | undefined;
  /** Headers and body of the answer. */
  readonly answer: string;
}

/** Keeps everything that this process's fetch sends to one origin and gets from it, until `end`. */
export class FetchWitness {
  readonly exchanges: Exchange[] = [];
  readonly #fetch = globalThis.fetch;

  constructor(origin: () => string) {
    globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      const response = await this.#fetch(input, init);
      const url = new URL(request.url);
      if (url.origin === origin()) {
        const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`);
        this.exchanges.push({
          request: `${request.method} ${url.pathname}`,
          signature: request.headers.get('signature') ?? undefined,
          answer: [...headers, await response.clone().text()].join('\n'),
        });
      }
      return response;
    };
  }

  end(): void {
    globalThis.fetch = this.#fetch;
  }
}
