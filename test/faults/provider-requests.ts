import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

const STARTED = 'http.server.request.start';

/** Notes when requests reach a sandbox of this process, until `end`. */
export class ProviderRequests {
  /** `Date.now()` of each arrival, the earliest first. */
  readonly times: number[] = [];
  readonly #prefix: string;
  readonly #note = (message: unknown): void => {
    const { request } = message as { readonly request: IncomingMessage };
    if (request.url?.startsWith(this.#prefix) === true) this.times.push(Date.now());
  };

  /** @param prefix of the path, the provider's name included: `/hubspot/crm` */
  constructor(prefix: string) {
    this.#prefix = prefix;
    subscribe(STARTED, this.#note);
  }

  end(): void {
    unsubscribe(STARTED, this.#note);
  }
}
