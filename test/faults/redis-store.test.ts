import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createRedisClient } from '../../src/storage/redis/redis-client.ts';
import { RedisKeyValueStore } from '../../src/storage/redis/redis-key-value-store.ts';
import { eventually } from '../support/eventually.ts';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis-server.ts';
import { fault } from './fault-row.ts';

const REFUSED_WITHIN_MS = 300;
const RECOVERED_WITHIN_MS = 2000;
/** Once its connection is given up, a refusal waits for nothing. */
const REFUSED_AT_ONCE_MS = 50;
const MAX_REFUSALS = 40;
const UNAVAILABLE = { code: 'storage_unavailable', details: { retry_after: 2 } };

describeWithRedis('The Redis store in an outage', () => {
  let server: RedisServer;
  let admin: Redis;
  let store: RedisKeyValueStore;
  let key: { collection: string; partition: string; id: string };

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    admin = new Redis(server.url, { disconnectTimeout: 100 });
    admin.on('error', () => undefined);
    store = RedisKeyValueStore.open({ mode: 'url', url: server.url });
    key = { collection: 'connection', partition: randomUUID(), id: 'one' };
    await store.ping();
  });
  afterEach(async () => {
    await store.close();
    admin.disconnect();
  });

  /** Milliseconds until all kinds of operations were refused. */
  async function refusalTime(): Promise<number> {
    const startedAt = performance.now();
    const outcomes = await Promise.allSettled([
      store.get(key),
      store.put(key, 'refused'),
      store.take(key),
      store.list('connection', key.partition),
      store.acquireLease('name', 1000),
      store.listDue('index', 1, 1),
      store.hitSlidingWindow('ip', 1, 1000),
      store.ping(),
    ]);
    const elapsedMs = performance.now() - startedAt;
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: UNAVAILABLE });
    return elapsedMs;
  }

  /** Milliseconds until the store works again by itself. */
  async function recoveryTime(): Promise<number> {
    const startedAt = performance.now();
    await eventually(
      () => store.put({ ...key, id: 'recovered' }, 'x').catch(() => 0),
      (version) => version > 0,
    );
    return performance.now() - startedAt;
  }

  fault('the Redis store, killed', 'every operation refused, and it works again by itself', async (report) => {
    await store.put(key, 'x');
    await server.kill();
    report.atMost('refused after a kill', await refusalTime(), REFUSED_WITHIN_MS);
    report.atMost('refused in a longer outage', await refusalTime(), REFUSED_WITHIN_MS);
    await server.restart();
    report.atMost('recovered', await recoveryTime(), RECOVERED_WITHIN_MS);
  });

  fault('the Redis store, frozen', 'every operation refused, and it works again by itself', async (report) => {
    await store.put(key, 'x');
    server.pause();
    report.atMost('refused', await refusalTime(), REFUSED_WITHIN_MS);
    let last = Infinity;
    for (let asked = 0; asked < MAX_REFUSALS && last > REFUSED_AT_ONCE_MS; asked += 1) last = await refusalTime();
    report.atMost('refused once its connection is given up', last, REFUSED_AT_ONCE_MS);
    server.resume();
    report.atMost('recovered', await recoveryTime(), RECOVERED_WITHIN_MS);
  });

  fault('the Redis store, behind commands that a frozen Redis holds', 'every operation refused', async (report) => {
    server.pause();
    const startedAt = performance.now();
    const first = refusalTime();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    await Promise.all([first, refusalTime()]);
    report.atMost('refused', performance.now() - startedAt, REFUSED_WITHIN_MS);
    server.resume();
    await recoveryTime();
  });

  // A repeated write would count twice, a repeated take would lose the record.
  it('never sends an operation twice', async () => {
    server.pause();
    await expect(store.put(key, 'x')).rejects.toMatchObject(UNAVAILABLE);
    server.resume();
    await recoveryTime();
    expect((await store.get(key))?.version ?? 0).toBeLessThanOrEqual(1);
    server.pause();
    const unanswered = store.put({ ...key, id: 'given-up' }, 'x');
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    await server.kill();
    await expect(unanswered).rejects.toMatchObject(UNAVAILABLE);
    await server.restart();
    await recoveryTime();
    expect(await store.get({ ...key, id: 'given-up' })).toBeUndefined();
  });

  it('starts before Redis does', async () => {
    await server.kill();
    const early = RedisKeyValueStore.open({ mode: 'url', url: server.url });
    await expect(early.ping()).rejects.toMatchObject(UNAVAILABLE);
    await server.restart();
    await eventually(
      () =>
        early.ping().then(
          () => true,
          () => false,
        ),
      (answers) => answers,
    );
    await early.close();
  });

  // ioredis ends for good when a failover is noticed while it looks for the master.
  it('comes back when its client gave up', async () => {
    const client = createRedisClient({ mode: 'url', url: server.url });
    const revived = new RedisKeyValueStore(client);
    await revived.ping();
    client.disconnect();
    await expect(revived.ping()).rejects.toMatchObject(UNAVAILABLE);
    await eventually(
      () => revived.put(key, 'x').catch(() => 0),
      (version) => version > 0,
    );
    await revived.close();
  });

  fault('the Redis store, a read-only replica', 'writes refused until it is a master', async (report) => {
    await admin.replicaof('127.0.0.1', 1);
    await expect(store.put(key, 'x')).rejects.toMatchObject(UNAVAILABLE);
    await admin.replicaof('NO', 'ONE');
    report.atMost('recovered', await recoveryTime(), RECOVERED_WITHIN_MS);
  });

  it('refuses to write while Redis is full, and still reads', async () => {
    await store.put(key, 'x');
    await admin.config('SET', 'maxmemory', '1');
    await expect(store.put(key, 'y')).rejects.toMatchObject(UNAVAILABLE);
    // A script that has written anything is let through, however full Redis is.
    const soonGone = { ...key, id: 'soon-gone' };
    await expect(store.put(soonGone, 'y', { ttlSeconds: 60 })).rejects.toMatchObject(UNAVAILABLE);
    expect(await store.get(key)).toEqual({ value: 'x', version: 1 });
    await admin.config('SET', 'maxmemory', '0');
    expect(await store.put(key, 'y')).toBe(2);
  });

  it('shows no value in its errors', async () => {
    await admin.config('SET', 'maxmemory', '1');
    const error: unknown = await store.put(key, 'canary-value').catch((refusal: unknown) => refusal);
    await admin.config('SET', 'maxmemory', '0');
    const shown = inspect(error, { depth: 10, showHidden: true });
    expect(shown).toContain('OOM');
    expect(shown).not.toContain('canary-value');
  });
});
