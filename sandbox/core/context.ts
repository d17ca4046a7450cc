import type { ClientRegistry } from './clients.ts';
import type { GrantStore } from './grant-store.ts';
import type { Mint } from './mint.ts';
import type { ProviderName } from './providers.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { SandboxSettings } from './settings.ts';
import type { StatsBook } from './stats.ts';

/** What the sandbox gives each provider it plays. */
export interface Context {
  readonly settings: SandboxSettings;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly clients: ClientRegistry;
  readonly grants: GrantStore;
  readonly limiter: RateLimiter;
  readonly mint: Mint;
  readonly stats: StatsBook;
  /** The address people see, without a trailing slash; known once the server listens. */
  readonly publicUrl: () => string;
}

/** `max` under the configured scale. */
export function scaled(context: Context, max: number): number {
  return Math.max(1, Math.round(max * context.settings.rateLimitScale));
}

/** The scope that makes one account's generated data its own. */
export function dataScope(context: Context, provider: ProviderName, account: number): string {
  return `${context.settings.seed}/${provider}/${account}`;
}
