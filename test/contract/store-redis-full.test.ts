import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { Lease } from '../../src/storage/key-value-store.ts';
import { RedisKeyValueStore } from '../../src/storage/redis/redis-key-value-store.ts';
import { HANG_MS } from '../support/eventually.ts';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis-server.ts';

const UNAVAILABLE = { code: 'storage_unavailable' };
const COLLECTION = 'connection';
/** Room for a few of the records below, and then for none. */
const ROOM_BYTES = 96 * 1024;
const RECORD_BYTES = 8 * 1024;
const ROUNDS = 400;

describeWithRedis('A Redis that is full and evicts nothing', () => {
  let server: RedisServer;
  let admin: Redis;
  let store: RedisKeyValueStore;
  let partition: string;
  const at = (id: string) => ({ collection: COLLECTION, partition, id });

  beforeAll(async () => {
    server = await startRedis({ args: ['--maxmemory-policy', 'noeviction'] });
    admin = new Redis(server.url, { disconnectTimeout: 100 });
    store = RedisKeyValueStore.open({ mode: 'url', url: server.url }, HANG_MS);
  });
  afterAll(async () => {
    await store.close();
    admin.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await admin.flushall();
    partition = randomUUID();
    await store.ping();
  });
  afterEach(() => admin.config('SET', 'maxmemory', '0'));

  /** Everything there is, as it is kept. */
  async function everything(): Promise<Record<string, string | undefined>> {
    const keys = (await admin.keys('*')).sort();
    const kept = await Promise.all(keys.map(async (key) => [key, (await admin.dumpBuffer(key)).toString('hex')]));
    return Object.fromEntries(kept) as Record<string, string>;
  }

  async function leaveRoom(bytes: number): Promise<void> {
    const used = Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);
    await admin.config('SET', 'maxmemory', String(used + bytes));
  }

  it('keeps nothing of what it refuses, and changes nothing', async () => {
    const held = await store.acquireLease(`${partition}/held`, 600_000);
    await store.put(at('once'), 'x');
    await store.put(at('soon-gone'), 'x', { ttlSeconds: 600 });
    await store.schedule(partition, 'member', 1);
    await store.hitSlidingWindow(partition, 10, 600_000);
    const before = await everything();
    await admin.config('SET', 'maxmemory', '1');
    const refused = {
      put: () => store.put(at('once'), 'y'),
      'put, to end soon': () => store.put(at('soon-gone'), 'y', { ttlSeconds: 600 }),
      'put, anew': () => store.put(at('new'), 'y', { ttlSeconds: 600 }),
      putIfAbsent: () => store.putIfAbsent(at('new'), 'y'),
      compareAndSet: () => store.compareAndSet(at('once'), 1, 'y', { ttlSeconds: 600 }),
      acquireLease: () => store.acquireLease(partition, 600_000),
      schedule: () => store.schedule(partition, 'another', 1),
      claimDue: () => store.claimDue(partition, 1, 10, 2),
      hitSlidingWindow: () => store.hitSlidingWindow(partition, 10, 600_000),
      'hitSlidingWindow, anew': () => store.hitSlidingWindow(`${partition}/new`, 10, 600_000),
      holdWindow: () => store.holdWindow(partition, 600_000),
    };
    for (const [name, operation] of Object.entries(refused)) {
      const answer = await operation().catch((error: unknown) => error);
      expect({ name, answer }).toEqual({ name, answer: expect.objectContaining(UNAVAILABLE) });
      expect({ name, kept: await everything() }).toEqual({ name, kept: before });
    }
    // What makes room, or takes none, goes on.
    expect(await store.renewLease(held!, 600_000)).toBe(true);
    expect((await store.list(COLLECTION, partition)).map(({ id }) => id)).toEqual(['once', 'soon-gone']);
    expect(await store.take(at('once'))).toEqual({ value: 'x', version: 1 });
    expect(await store.unschedule(partition, 'member')).toBe(true);
    expect(await store.releaseLease(held!)).toBe(true);
  });

  it('holds a record whole or not at all, and no lease that nobody got, however near to full it is', async () => {
    const model = new Map<string, { value: string; version: number }>();
    const leases = new Map<string, Lease>();
    let refusals = 0;
    await leaveRoom(ROOM_BYTES);
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = `id-${(round * 7) % 23}`;
      const value = `${round}:`.padEnd(RECORD_BYTES * ((round % 3) + 1), 'x');
      const options = round % 2 === 0 ? {} : { ttlSeconds: 600 };
      const written = await store.put(at(id), value, options).catch(() => undefined);
      if (written === undefined) refusals += 1;
      else model.set(id, { value, version: written });
      expect(await store.get(at(id))).toEqual(model.get(id));
      const name = `${partition}/${id}`;
      const lease = leases.has(name) ? undefined : await store.acquireLease(name, 600_000).catch(() => undefined);
      if (lease !== undefined) leases.set(name, lease);
      if (round % 5 === 0) model.delete((await store.take(at(`id-${(round * 11) % 23}`)), `id-${(round * 11) % 23}`));
    }
    await admin.config('SET', 'maxmemory', '0');
    const listed = await store.list(COLLECTION, partition);
    expect(Object.fromEntries(listed.map(({ id, ...kept }) => [id, kept]))).toEqual(Object.fromEntries(model));
    expect(refusals).toBeGreaterThan(20);
    expect(model.size).toBeGreaterThan(0);
    for (let number = 0; number < 23; number += 1) {
      const name = `${partition}/id-${number}`;
      const isFree = (await store.acquireLease(name, 1_000)) !== undefined;
      expect([name, isFree]).toEqual([name, !leases.has(name)]);
    }
  });
});
