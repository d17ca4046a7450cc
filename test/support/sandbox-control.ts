import type { Sandbox } from '../../sandbox/sandbox.ts';

export interface Fault {
  readonly provider: string;
  readonly endpoint?: string;
  /** Strikes token requests of this grant type alone. */
  readonly grant_type?: 'authorization_code' | 'refresh_token';
  readonly mode: string;
  /** `after`: the provider has acted (rotated the token) and only its answer suffers. Default: before. */
  readonly when?: 'before' | 'after';
  readonly status?: number;
  readonly retry_after?: number;
  readonly delay_ms?: number;
  readonly probability?: number;
  readonly times?: number;
}

export interface ProviderStats {
  readonly requests: Readonly<Record<string, number>>;
  readonly exchanges: number;
  readonly refreshes: number;
  readonly rotated_token_reuse: number;
  readonly rate_limit_breaches: number;
  readonly revocations: number;
}

/** Makes the sandbox's providers misbehave, and counts what was asked of them. */
export class SandboxControl {
  readonly #url: string;

  constructor(sandbox: Pick<Sandbox, 'url'>) {
    this.#url = `${sandbox.url}/_control`;
  }

  fault(fault: Fault): Promise<void> {
    return this.#send('POST', '/faults', fault);
  }

  expire(provider: string, what: 'access' | 'refresh' | 'grant'): Promise<void> {
    return this.#send('POST', '/expire', { provider, what });
  }

  /** No faults; answers that `slow` holds back go at once. */
  clearFaults(): Promise<void> {
    return this.#send('DELETE', '/faults');
  }

  /** No faults, no counts. */
  async reset(): Promise<void> {
    await this.clearFaults();
    await this.#send('DELETE', '/stats');
  }

  async stats(provider: string): Promise<ProviderStats> {
    const response = await fetch(`${this.#url}/stats`);
    const all = (await response.json()) as Record<string, ProviderStats | undefined>;
    const found = all[provider];
    if (found === undefined) throw new Error(`The sandbox has no ${provider}.`);
    return found;
  }

  async #send(method: string, path: string, body?: unknown): Promise<void> {
    const response = await fetch(this.#url + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`_control answered ${response.status}: ${await response.text()}`);
  }
}
