import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { KeyValueStore, RecordKey, StoredRecord } from '../../src/storage/key-value-store.ts';
import { RedisKeyValueStore } from '../../src/storage/redis/redis-key-value-store.ts';
import { openDatabase } from '../../src/storage/sqlite/sqlite-database.ts';
import { SqliteKeyValueStore } from '../../src/storage/sqlite/sqlite-key-value-store.ts';
import { HANG_MS } from '../support/eventually.ts';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis-server.ts';

/*
 * Sealed values are bound to their record's version. Somebody who can write to the store must not be able to bring an
 * older one back to life by putting its value back: it would have to come back under its old version.
 */

const DAY_SECONDS = 24 * 60 * 60;

/** Every way to read a record. */
async function everyReading(store: KeyValueStore, key: RecordKey): Promise<(StoredRecord | undefined)[]> {
  const [listed] = await store.list(key.collection, key.partition);
  const { records } = await store.walk(key.collection, 500);
  return [await store.get(key), listed, records.find(({ key: { partition } }) => partition === key.partition)];
}

describe('An older value put back by hand into SQLite', () => {
  let database: DatabaseSync;
  let store: SqliteKeyValueStore;
  beforeAll(() => {
    database = openDatabase(':memory:');
    store = new SqliteKeyValueStore(database);
  });
  afterAll(() => store.close());

  it('is read under the newest version', async () => {
    const key = { collection: 'connection', partition: 'owner', id: 'one' };
    await store.put(key, 'old');
    const row = database.prepare("SELECT value FROM records WHERE id = 'one'").get();
    for (const value of ['new', 'newer']) await store.put(key, value);
    database.prepare("UPDATE records SET value = ? WHERE id = 'one'").run(String(row?.['value']));
    for (const found of await everyReading(store, key)) expect(found).toMatchObject({ value: 'old', version: 3 });
    expect(await store.compareAndSet(key, 1, 'x')).toBe(false);
    expect(await store.take(key)).toEqual({ value: 'old', version: 3 });
  });
});

describeWithRedis('An older value put back by hand into Redis', () => {
  let server: RedisServer;
  let admin: Redis;
  let store: RedisKeyValueStore;
  let key: RecordKey;
  let redisKey: string;
  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.url);
    store = RedisKeyValueStore.open({ mode: 'url', url: server.url }, HANG_MS);
  });
  afterAll(async () => {
    await store.close();
    admin.disconnect();
    await server.stop();
  });
  beforeEach(() => {
    const partition = randomUUID();
    key = { collection: `connection-${partition}`, partition, id: 'one' };
    redisKey = `pb:{${partition}}:${key.collection}:one`;
  });

  async function standing(): Promise<string> {
    const stored = await admin.get(redisKey);
    if (stored === null) throw new Error(`Nothing stands at ${redisKey}.`);
    return stored;
  }

  describe.each([
    ['stays', {}],
    ['lives for months', { ttlSeconds: 90 * DAY_SECONDS }],
    ['lives for minutes', { ttlSeconds: 600 }],
  ])('of a record that %s', (_, life) => {
    it.each([1, 2, 9])('%d writes back is read under the newest version', async (back) => {
      const older: string[] = [];
      for (let version = 1; version <= 10; version += 1) {
        await store.put(key, `value ${version}`, life);
        older.push(await standing());
      }
      await admin.set(redisKey, older.at(-1 - back)!);
      const value = `value ${10 - back}`;
      for (const found of await everyReading(store, key)) expect(found).toMatchObject({ value, version: 10 });
      expect(await store.take(key)).toEqual({ value, version: 10 });
    });

    it('is replaced by those alone who know the newest version', async () => {
      await store.put(key, 'old', life);
      const old = await standing();
      expect(await store.compareAndSet(key, 1, 'new', life)).toBe(true);
      await admin.set(redisKey, old);
      expect(await store.compareAndSet(key, 1, 'x', life)).toBe(false);
      expect(await store.putIfAbsent(key, 'x', life)).toBe(false);
      expect(await store.compareAndSet(key, 2, 'newest', life)).toBe(true);
      expect(await store.get(key)).toEqual({ value: 'newest', version: 3 });
    });

    it('lets a record that was removed by hand begin at 1 again', async () => {
      for (const value of ['a', 'b', 'c']) await store.put(key, value, life);
      await admin.del(redisKey);
      expect(await store.get(key)).toBeUndefined();
      expect(await store.compareAndSet(key, 3, 'x', life)).toBe(false);
      expect(await store.putIfAbsent(key, 'anew', life)).toBe(true);
      expect(await store.get(key)).toEqual({ value: 'anew', version: 1 });
      expect(await store.put(key, 'again', life)).toBe(2);
    });
  });

  it.each([
    ['stayed', 1, {}],
    ['stayed', 5, {}],
    ['lived for a day', 1, { ttlSeconds: DAY_SECONDS }],
    ['was written twice', 2, { ttlSeconds: 600 }],
  ])(
    'after a record that %s was deleted at version %d has a version that no write ever had',
    async (_, writes, life) => {
      for (let write = 0; write < writes; write += 1) await store.put(key, 'old', life);
      const old = await standing();
      await store.delete(key);
      await admin.set(redisKey, old);
      expect(await store.get(key)).toEqual({ value: 'old', version: 0 });
      for (const version of [0, 1]) expect(await store.compareAndSet(key, version, 'x')).toBe(false);
      expect(await store.putIfAbsent(key, 'x')).toBe(false);
      expect(await store.put(key, 'anew')).toBe(1);
    },
  );

  it('costs no second key where nothing older exists and the end is near', async () => {
    await store.putIfAbsent(key, '', { ttlSeconds: 600 });
    expect((await admin.keys(`pb:{${key.partition}}*`)).sort()).toEqual([
      `pb:{${key.partition}}:${key.collection}`,
      redisKey,
    ]);
    expect(await store.get(key)).toEqual({ value: '', version: 1 });
  });

  it('is no concern of records that an earlier Patchbay wrote: they go on from the version inside', async () => {
    await admin.set(redisKey, '3:1790000000000000:value');
    expect(await store.get(key)).toEqual({ value: 'value', version: 3 });
    expect(await store.compareAndSet(key, 3, 'new')).toBe(true);
    expect(await store.get(key)).toEqual({ value: 'new', version: 4 });
  });
});
