import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { RedisKeyValueStore } from '../../src/storage/redis/redis-key-value-store.ts';
import { SqliteKeyValueStore } from '../../src/storage/sqlite/sqlite-key-value-store.ts';
import { startRedisClusterNode } from '../support/redis-cluster-node.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import { describeClosing, describeKeyValueStore } from './key-value-store.contract.ts';
import type { StoreUnderTest } from './store-suite.ts';

// eslint-disable-next-line @typescript-eslint/require-await -- the contract's factory is asynchronous
async function sqliteStore(): Promise<StoreUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), 'patchbay-sqlite-'));
  let aheadMs = 0;
  const store = SqliteKeyValueStore.open(join(directory, 'store.db'), { now: () => Date.now() + aheadMs });
  return {
    store,
    advance: (ms) => {
      aheadMs += ms;
    },
    stop: async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}

describeKeyValueStore('SQLite', sqliteStore);
describeClosing('SQLite', sqliteStore);

/**
 * What an operation does is asked here, not how soon: a busy machine must not decide. Longer than a test may take, so that
 * none passes because a deadline did.
 */
const PATIENT_MS = 60_000;

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
        PATIENT_MS,
      );
      return { store, advance: () => undefined, stop: () => store.close() };
    }

    describeKeyValueStore(name, redisStore);
    describeClosing(name, redisStore);
  });
}
