import type { Secret } from '../errors/secret.ts';
import type { LogLevel } from './environment.ts';

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** Which store holds the state, and how to reach it. */
export type StoreConfig =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'redis-url'; readonly url: Secret }
  | { readonly kind: 'redis-host'; readonly node: HostAndPort; readonly password?: Secret; readonly tls: boolean }
  | {
      readonly kind: 'redis-sentinel';
      readonly sentinels: readonly HostAndPort[];
      readonly name: string;
      readonly password?: Secret;
      readonly tls: boolean;
    }
  | {
      readonly kind: 'redis-cluster';
      readonly nodes: readonly HostAndPort[];
      readonly password?: Secret;
      readonly tls: boolean;
    };

/** What the operator said about one integration. Everything absent is the descriptor's to decide. */
export interface ProviderConfig {
  readonly clientId?: string;
  readonly clientSecret?: Secret;
  readonly redirectUri: string;
  readonly authorizationUrl?: string;
  readonly tokenUrl?: string;
  readonly revocationUrl?: string;
  readonly introspectionUrl?: string;
  readonly apiUrl?: string;
  readonly scopes?: readonly string[];
  /** On the provider's documented limits, which calls are paced by. Absent: 1. */
  readonly paceFactor?: number;
  /** What this integration alone can be told, by the end of its key; every switch it declares is here. */
  readonly switches: Switches;
}

export type Switches = Readonly<Record<string, boolean>>;

/** An integration as far as its settings ask about it. */
export interface IntegrationKeys {
  /** In front of its keys: `slack` reads `SLACK_…`. */
  readonly name: string;
  /** `<NAME>_<KEY>` that are true or false, with what they are when nobody says so. */
  readonly switches?: Switches;
}

/** Who may read `GET /metrics`. */
export interface MetricsConfig {
  readonly enabled: boolean;
  /** Present: only who brings it. */
  readonly token?: Secret;
}

/** How long the product waits, in milliseconds. Absent: as its constants say. */
export interface Deadlines {
  /** For Redis' answer to one command. */
  readonly redisCommandMs?: number;
  /** For the store to count a request towards a rate limit, before this process counts alone. */
  readonly rateLimitHitMs?: number;
  /** For a provider. */
  readonly outbound?: {
    readonly connectTimeoutMs?: number;
    readonly headersTimeoutMs?: number;
    readonly attemptTimeoutMs?: number;
    readonly callTimeoutMs?: number;
  };
}

/** Everything the operator decides, read once, validated and frozen. An abstract class, so that it is its own token. */
export abstract class AppConfig {
  abstract readonly production: boolean;
  abstract readonly host: string;
  abstract readonly port: number;
  /** Origin without a trailing slash. */
  abstract readonly publicUrl: string;
  /** Origins of frontends: CORS, postMessage, `return_url`. Never empty. */
  abstract readonly allowedOrigins: readonly string[];
  /** CIDRs whose X-Forwarded-For counts. */
  abstract readonly trustedProxies: readonly string[];
  abstract readonly store: StoreConfig;
  abstract readonly dataDir: string;
  /** `kid:base64,…`; absent: a key is generated in the data directory (embedded or demo development only). */
  abstract readonly encryptionKeys: Secret | undefined;
  abstract readonly demo: boolean;
  abstract readonly sandboxUrl: string;
  abstract readonly rateLimitPerMinute: number;
  abstract readonly rateLimitPerMinuteUser: number;
  /** Requests that are taken on at a time; more are refused. */
  abstract readonly maxRequestsInFlight: number;
  /** How long a request may wait for its turn at the event loop before it is too much that is asked; 0: none waits. */
  abstract readonly maxLoopDelayMs: number;
  abstract readonly metrics: MetricsConfig;
  abstract readonly connectionIdleTtlDays: number;
  /** How long the last good load is kept, to be shown while a provider can't be reached; 0: not at all. */
  abstract readonly staleLoadTtlHours: number;
  /** Whether this process renews tokens ahead of need, and ends connections that nobody uses. */
  abstract readonly refreshAhead: boolean;
  abstract readonly logLevel: LogLevel;
  abstract readonly providers: ReadonlyMap<string, ProviderConfig>;
  /** No setting: tests that are not about deadlines run with longer ones. */
  abstract readonly deadlines: Deadlines;
}
