import type { Deadlines, StoreConfig } from '../config/app-config.ts';
import type { Secret } from '../errors/secret.ts';
import type { KeyValueStore } from './key-value-store.ts';
import { RedisKeyValueStore } from './redis/redis-key-value-store.ts';
import type { RedisSettings } from './redis/redis-settings.ts';
import { SqliteKeyValueStore } from './sqlite/sqlite-key-value-store.ts';

/** The store the configuration asks for. */
export function openStore(config: StoreConfig, { redisCommandMs }: Deadlines = {}): KeyValueStore {
  return config.kind === 'sqlite'
    ? SqliteKeyValueStore.open(config.path)
    : RedisKeyValueStore.open(redisSettings(config), redisCommandMs);
}

function redisSettings(config: Exclude<StoreConfig, { kind: 'sqlite' }>): RedisSettings {
  if (config.kind === 'redis-url') return { mode: 'url', url: config.url.reveal() };
  const access = redisAccess(config);
  if (config.kind === 'redis-host') return { mode: 'single', ...config.node, ...access };
  if (config.kind === 'redis-cluster') return { mode: 'cluster', nodes: config.nodes, ...access };
  return { mode: 'sentinel', sentinels: config.sentinels, masterName: config.name, ...access };
}

function redisAccess(config: { readonly password?: Secret; readonly tls: boolean }) {
  return {
    ...(config.password === undefined ? {} : { password: config.password.reveal() }),
    ...(config.tls ? { tls: {} } : {}),
  };
}
