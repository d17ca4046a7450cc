/** Certificates as PEM. Left out: the system's authorities, no client certificate. Verification can't be turned off. */
export interface RedisTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name to verify when it differs from the host that is connected to. */
  readonly servername?: string;
}

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

interface RedisAccess {
  readonly username?: string;
  readonly password?: string;
  readonly tls?: RedisTls;
}

/** `redis://` or, with TLS, `rediss://`, with credentials and database number inside as in `redis://user:pw@host:6379/0`. */
export interface RedisUrlSettings {
  readonly mode: 'url';
  readonly url: string;
  readonly tls?: RedisTls;
}

export interface RedisSingleSettings extends RedisAccess, RedisAddress {
  readonly mode: 'single';
  readonly database?: number;
}

export interface RedisSentinelSettings extends RedisAccess {
  readonly mode: 'sentinel';
  readonly sentinels: readonly RedisAddress[];
  readonly masterName: string;
  readonly database?: number;
  readonly sentinelUsername?: string;
  readonly sentinelPassword?: string;
  /** Absent: the sentinels are spoken to without TLS. */
  readonly sentinelTls?: RedisTls;
}

export interface RedisClusterSettings extends RedisAccess {
  readonly mode: 'cluster';
  /** Some of the nodes; the others are learnt from them. */
  readonly nodes: readonly RedisAddress[];
}

/** How a Redis (6.2 or newer) is reached. */
export type RedisSettings = RedisUrlSettings | RedisSingleSettings | RedisSentinelSettings | RedisClusterSettings;
