import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { RedisKeyValueStore } from '../../src/storage/redis/redis-key-value-store.ts';
import { eventually, HANG_MS } from '../support/eventually.ts';
import { startRedisCluster } from '../support/redis-cluster-node.ts';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis-server.ts';

const IDS = Array.from({ length: 300 }, (_, number) => `id-${number}`);

async function fill(store: RedisKeyValueStore): Promise<void> {
  await Promise.all(IDS.map((id) => store.put({ collection: 'connection', partition: id, id }, id)));
}

/** `between` runs after each page that isn't the last. */
async function walkedIds(
  store: RedisKeyValueStore,
  limit: number,
  between?: (page: number) => Promise<void>,
): Promise<string[]> {
  const found = new Set<string>();
  let from: string | undefined;
  for (let page = 1; page < 1000; page += 1) {
    const { records, next } = await store.walk('connection', limit, from);
    for (const { key } of records) found.add(key.id);
    if (next === undefined) return [...found].sort();
    from = next;
    await between?.(page);
  }
  throw new Error('The walk does not end.');
}

describeWithRedis('A walk over a Redis cluster', () => {
  let nodes: RedisServer[];
  let store: RedisKeyValueStore;
  beforeAll(async () => {
    nodes = await startRedisCluster(3);
    const [first] = nodes;
    store = RedisKeyValueStore.open({ mode: 'cluster', nodes: [{ host: '127.0.0.1', port: first!.port }] }, HANG_MS);
  });
  afterAll(async () => {
    await store.close();
    for (const node of nodes) await node.stop();
  });

  it('finds what lies on every master', async () => {
    await fill(store);
    for (const { url } of nodes) {
      const node = new Redis(url);
      expect(await node.dbsize()).toBeGreaterThan(0);
      node.disconnect();
    }
    for (const limit of [7, 1000]) expect(await walkedIds(store, limit)).toEqual([...IDS].sort());
  });
});

describeWithRedis('A walk over Redis', () => {
  let server: RedisServer;
  let store: RedisKeyValueStore;
  beforeAll(async () => {
    server = await startRedis({ appendOnly: true });
    store = RedisKeyValueStore.open({ mode: 'url', url: server.url }, HANG_MS);
  });
  afterAll(async () => {
    await store.close();
    await server.stop();
  });

  // Redis hashes its keys by a seed of its own after each start: where SCAN stood means nothing any more.
  it('misses nothing when Redis is restarted in the middle', async () => {
    await fill(store);
    for (let round = 0; round < 3; round += 1) {
      const found = await walkedIds(store, 20, async (page) => {
        if (page !== 5) return;
        await server.restart();
        await eventually(
          () =>
            store.ping().then(
              () => true,
              () => false,
            ),
          (answers) => answers,
        );
      });
      expect(found).toEqual([...IDS].sort());
    }
  });

  it('goes on where INFO is not allowed', async () => {
    const admin = new Redis(server.url);
    await admin.call('ACL', 'SETUSER', 'walker', 'on', '>pw', '~*', '+@all');
    const other = RedisKeyValueStore.open({ mode: 'url', url: server.url.replace('//', '//walker:pw@') }, HANG_MS);
    await other.ping();
    await admin.call('ACL', 'SETUSER', 'walker', '-info');
    admin.disconnect();
    await fill(store);
    expect(await walkedIds(other, 20)).toEqual([...IDS].sort());
    await other.close();
  });
});
