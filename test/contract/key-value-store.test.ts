import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { Redis } from 'ioredis';
import { RedisKeyValueStore } from '../../src/storage/redis/redis-key-value-store.ts';
import { SqliteKeyValueStore } from '../../src/storage/sqlite/sqlite-key-value-store.ts';
import { HANG_MS } from '../support/eventually.ts';
import { startRedisClusterNode } from '../support/redis-cluster-node.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import { newStoreFolder } from '../support/store-folder.ts';
import { describeClosing, describeKeyValueStore } from './key-value-store.contract.ts';
import { age } from './redis-clock.ts';
import type { StoreUnderTest } from './store-suite.ts';

// eslint-disable-next-line @typescript-eslint/require-await -- the contract's factory is asynchronous
async function sqliteStore(): Promise<StoreUnderTest> {
  const directory = newStoreFolder();
  let now = Date.now();
  const store = SqliteKeyValueStore.open(join(directory, 'store.db'), { now: () => now });
  return {
    store,
    advance: (ms) => {
      now += ms;
      return Promise.resolve();
    },
    stop: async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}

describeKeyValueStore('SQLite', sqliteStore);
describeClosing('SQLite', sqliteStore);

/** No operation is refused because of how long it takes. */
const DEADLINE_MS = HANG_MS;

for (const [name, startServer, mode] of [
  ['Redis', startRedis, 'url'],
  ['A Redis cluster', startRedisClusterNode, 'cluster'],
] as const) {
  describeWithRedis(`With a real server: ${name}`, () => {
    let server: RedisServer;
    beforeAll(async () => {
      server = await startServer();
    });
    afterAll(() => server.stop());

    // eslint-disable-next-line @typescript-eslint/require-await -- the contract's factory is asynchronous
    async function redisStore(): Promise<StoreUnderTest> {
      const { url, port } = server;
      const store = RedisKeyValueStore.open(
        mode === 'url' ? { mode, url } : { mode, nodes: [{ host: '127.0.0.1', port }] },
        DEADLINE_MS,
      );
      const admin = new Redis(url);
      return {
        store,
        advance: (ms, within) => age(admin, `*${within}*`, ms),
        stop: async () => {
          admin.disconnect();
          await store.close();
        },
      };
    }

    describeKeyValueStore(name, redisStore);
    describeClosing(name, redisStore);
  });
}
