/** What came back, its body parsed when it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

export interface Begun {
  readonly authorization_url: string;
  readonly state: string;
  readonly expires_in: number;
}

/** As much of a browser as the OAuth journey needs: it keeps the cookies of one site and submits the consent form. */
export class Browser {
  readonly #url: string;
  readonly #cookies = new Map<string, string>();

  constructor(url: string) {
    this.#url = url;
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(path, this.#url), {
      method,
      redirect: 'manual',
      headers: {
        ...(cookie === '' ? {} : { cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, text, json: isJson && text !== '' ? parse(text) : {} };
  }

  get(path: string, headers?: Record<string, string>): Promise<Answer> {
    return this.call('GET', path, undefined, headers);
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.call('POST', path, body);
  }

  async begin(integration: string, members: Record<string, unknown>): Promise<Begun> {
    const answer = await this.post(`/integrations/${integration}/authorize`, members);
    if (answer.status !== 200) throw new Error(`authorize answered ${answer.status}: ${answer.text}`);
    return answer.json as unknown as Begun;
  }

  /** Decides on the provider's page. @returns where the provider sends the browser: the callback with its query */
  async decide(
    authorizationUrl: string,
    decision: 'approve' | 'deny',
    form: Record<string, string> = {},
  ): Promise<URL> {
    const body = new URLSearchParams({ ...form, decision });
    const response = await fetch(authorizationUrl, { method: 'POST', body, redirect: 'manual' });
    const location = response.headers.get('location');
    if (location === null) throw new Error(`The provider answered ${response.status}: ${await response.text()}`);
    return new URL(location);
  }

  /** Another of the accounts that the provider's page offers. */
  async secondAccount(authorizationUrl: string): Promise<string> {
    const page = await (await fetch(authorizationUrl)).text();
    const [, second] = [...page.matchAll(/<option[^>]*value="([^"]+)"/g)].map(([, value]) => value);
    if (second === undefined) throw new Error(`The provider offers no second account: ${page}`);
    return second;
  }

  /** Follows the provider's redirect to our callback, as a browser would. */
  arrive(location: URL): Promise<Answer> {
    return this.get(location.pathname + location.search, { accept: 'text/html,application/xhtml+xml' });
  }

  /** The whole journey. @returns the answer of the callback */
  async connect(integration: string, members: Record<string, unknown>, form?: Record<string, string>): Promise<Answer> {
    const { authorization_url } = await this.begin(integration, members);
    return this.arrive(await this.decide(authorization_url, 'approve', form));
  }
}

function parse(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}
