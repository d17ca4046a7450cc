import { PROVIDER_NAMES, type ProviderName } from './providers.ts';

export interface ProviderStats {
  /** By method and path template, e.g. `GET /v0/meta/bases/{id}/tables`; faulted requests count too. */
  requests: Record<string, number>;
  /** Codes turned into tokens. */
  exchanges: number;
  /** Refresh tokens turned into new access tokens. */
  refreshes: number;
  /** Refresh tokens presented again after their rotation, whatever was answered. */
  rotated_token_reuse: number;
  /** Requests answered as over a limit (injected faults don't count). */
  rate_limit_breaches: number;
  revocations: number;
}

export type Stats = Record<ProviderName, ProviderStats>;

type Tally = Exclude<keyof ProviderStats, 'requests'>;

export class StatsBook {
  private stats = emptyStats();

  countRequest(provider: ProviderName, key: string): void {
    const { requests } = this.stats[provider];
    requests[key] = (requests[key] ?? 0) + 1;
  }

  count(provider: ProviderName, tally: Tally): void {
    this.stats[provider][tally] += 1;
  }

  read(): Stats {
    return this.stats;
  }

  reset(): void {
    this.stats = emptyStats();
  }
}

function emptyStats(): Stats {
  const blank = (): ProviderStats => ({
    requests: {},
    exchanges: 0,
    refreshes: 0,
    rotated_token_reuse: 0,
    rate_limit_breaches: 0,
    revocations: 0,
  });
  return Object.fromEntries(PROVIDER_NAMES.map((name) => [name, blank()])) as Stats;
}
