import { Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis';
import type { RedisClusterSettings, RedisSentinelSettings, RedisSettings } from './redis-settings.ts';

export type RedisClient = Redis | Cluster;

/** Replies keep the shapes of the default mapping. */
type Options = Omit<RedisOptions, 'replyMapping'>;

const CONNECT_TIMEOUT_MS = 2000;
/** Longer than a healthy Redis ever takes, short enough that a frozen one is reported within 300 ms. */
export const COMMAND_TIMEOUT_MS = 250;
/** A connection that owes an answer for so many deadlines is dead: drop it, so that a new one can be made. */
const SILENT_SOCKET_DEADLINES = 4;
/** With the 250 ms of a failing handshake this keeps recovery below 2 s after Redis is back. */
const MAX_RECONNECT_DELAY_MS = 500;
/** Also what tells us of a failover when no command does. */
const SLOTS_REFRESH_INTERVAL_MS = 2000;

/** Every server that keeps records of its own, always in the same order. */
export function mastersOf(client: RedisClient): Redis[] {
  if (!(client instanceof Cluster)) return [client];
  return client.nodes('master').sort((a, b) => serverName(a).localeCompare(serverName(b)));
}

export function serverName({ options: { host, port } }: Redis): string {
  return `${host ?? ''}:${port ?? ''}`;
}

function reconnectDelayMs(attempt: number): number {
  return Math.min(50 * attempt, MAX_RECONNECT_DELAY_MS);
}

const TIMING = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
  // ioredis keeps this timer, and so the process, even when the socket to be closed is long gone.
  disconnectTimeout: COMMAND_TIMEOUT_MS,
  maxLoadingRetryTime: MAX_RECONNECT_DELAY_MS,
  // Most operations must not run twice: what is under way when a connection breaks fails and is never sent again.
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  // After a failover the old master answers READONLY: find the new one, but don't send the command again.
  reconnectOnError: (error: Error) => error.message.includes('READONLY'),
} satisfies RedisOptions;

const ONE_NODE = {
  ...TIMING,
  retryStrategy: reconnectDelayMs,
  // A queue would send what its caller has long given up. RedisGate lets callers wait instead, for a moment.
  enableOfflineQueue: false,
  enableAutoPipelining: true,
} satisfies RedisOptions;

type CommandTiming = Required<Pick<RedisOptions, 'commandTimeout' | 'socketTimeout'>>;

/**
 * A client that connects at once, reconnects for ever, and never repeats a command by itself. It is silent about
 * connection errors: they reach callers as `storage_unavailable`.
 */
export function createRedisClient(settings: RedisSettings, commandTimeoutMs = COMMAND_TIMEOUT_MS): RedisClient {
  // Behind the deadline of RedisGate, which tells our own stall from Redis' silence; ioredis doesn't.
  const silenceMs = SILENT_SOCKET_DEADLINES * commandTimeoutMs;
  const client = unsupervisedClient(settings, { commandTimeout: silenceMs, socketTimeout: silenceMs });
  // Without a listener ioredis prints every failed attempt to connect.
  client.on('error', () => undefined);
  return client;
}

/**
 * Revives a client that ended although nobody asked it to. ioredis gives up for good when it is told to disconnect, by
 * one of its own parts too, while it looks for a server. Returns what stops this.
 */
export function keepAlive(client: RedisClient): () => void {
  let revival: NodeJS.Timeout | undefined;
  const revive = (): void => {
    revival = setTimeout(() => {
      // A failed attempt ends in its own retries or in another `end`.
      client.connect().catch(() => undefined);
    }, MAX_RECONNECT_DELAY_MS);
  };
  client.on('end', revive);
  return () => {
    client.off('end', revive);
    clearTimeout(revival);
  };
}

function unsupervisedClient(settings: RedisSettings, timing: CommandTiming): RedisClient {
  switch (settings.mode) {
    case 'url':
      return new Redis(settings.url, { ...ONE_NODE, ...timing, ...present({ tls: settings.tls }) });
    case 'single': {
      const { host, port, database } = settings;
      return new Redis({ ...ONE_NODE, ...timing, ...access(settings), host, port, db: database ?? 0 });
    }
    case 'sentinel':
      return new Redis({ ...ONE_NODE, ...timing, ...access(settings), ...sentinelOptions(settings) });
    case 'cluster':
      return new Cluster([...settings.nodes], clusterOptions(settings, timing));
  }
}

function sentinelOptions(settings: RedisSentinelSettings): Options {
  return {
    sentinels: [...settings.sentinels],
    name: settings.masterName,
    role: 'master',
    db: settings.database ?? 0,
    sentinelRetryStrategy: reconnectDelayMs,
    sentinelCommandTimeout: COMMAND_TIMEOUT_MS,
    enableTLSForSentinelMode: settings.sentinelTls !== undefined,
    ...present({
      sentinelUsername: settings.sentinelUsername,
      sentinelPassword: settings.sentinelPassword,
      sentinelTLS: settings.sentinelTls,
    }),
  };
}

function clusterOptions(
  settings: RedisClusterSettings,
  timing: CommandTiming,
): Omit<ClusterOptions, 'redisOptions'> & { redisOptions: Options } {
  return {
    redisOptions: { ...TIMING, ...timing, ...access(settings) },
    clusterRetryStrategy: reconnectDelayMs,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    // A command whose connection broke may have run: it is not sent to the next node. And no caller waits for a failover.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
    slotsRefreshInterval: SLOTS_REFRESH_INTERVAL_MS,
    // Certificates name hosts, so hosts must reach the TLS layer unresolved.
    ...(settings.tls === undefined ? {} : { dnsLookup: (host, callback) => callback(null, host) }),
  };
}

function access({ username, password, tls }: Exclude<RedisSettings, { mode: 'url' }>): Options {
  return present({ username, password, tls });
}

/** ioredis takes an undefined option for a set one. */
function present<T extends object>(options: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}
