import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { RedisKeyValueStore } from '../../src/storage/redis/redis-key-value-store.ts';
import { SCRIPTS } from '../../src/storage/redis/redis-scripts.ts';
import { eventually, HANG_MS } from '../support/eventually.ts';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis-server.ts';

const SHORT = { ttlSeconds: 0.1 };

describeWithRedis('The Redis store', () => {
  let server: RedisServer;
  let admin: Redis;
  let store: RedisKeyValueStore;
  let partition: string;

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
    partition = randomUUID();
  });

  function recordAt(id: string): { collection: string; partition: string; id: string } {
    return { collection: 'connection', partition, id };
  }

  /** Runs every script and every command at least once, all under one name. */
  async function doEverything(): Promise<void> {
    const key = recordAt('one');
    await store.put(key, 'x');
    await store.putIfAbsent(key, 'x', { ttlSeconds: 60 });
    await store.compareAndSet(key, 1, 'x', { ttlSeconds: 60 });
    await store.get(key);
    await store.list('connection', partition);
    await store.walk('connection', 1000);
    await store.take(key);
    await store.delete(key);
    const lease = await store.acquireLease(partition, 600_000);
    await store.renewLease(lease!, 600_000);
    await store.releaseLease(lease!);
    await store.schedule(partition, 'member', 1);
    await store.listDue(partition, 1, 1);
    await store.claimDue(partition, 1, 1, 2);
    await store.unschedule(partition, 'member');
    await store.hitSlidingWindow(partition, 1, 600_000);
    await store.windowHeldMs(partition);
    await store.holdWindow(partition, 1);
  }

  it('touches keys of one hash tag only, in and outside its scripts', async () => {
    const monitor = await admin.monitor();
    const commands: string[][] = [];
    monitor.on('monitor', (_time: string, command: string[]) => commands.push(command));
    await admin.script('FLUSH');
    await doEverything();
    await eventually(
      () => commands.filter(([name]) => name?.toLowerCase().startsWith('eval')).length,
      (scripts) => scripts >= Object.keys(SCRIPTS).length,
    );
    monitor.disconnect();
    // A walk goes over all slots, by a pattern.
    const keys = commands.flat().filter((word) => word.startsWith('pb:') && word !== 'pb:{*}:connection:?*');
    expect(keys.length).toBeGreaterThan(40);
    expect(keys.filter((key) => !key.startsWith(`pb:{${partition}}:`))).toEqual([]);
  });

  it('touches in a script only the keys it names', () => {
    for (const { lua, numberOfKeys } of Object.values(SCRIPTS)) {
      const named = [...lua.matchAll(/KEYS\[(\d)\]/g)].map(([, position]) => Number(position));
      expect(Math.max(...named)).toBe(numberOfKeys);
      expect(lua).not.toContain('pb:');
    }
  });

  it('goes on when Redis has forgotten the scripts', async () => {
    await doEverything();
    await admin.script('FLUSH');
    await doEverything();
    await admin.script('FLUSH');
    await eventually(
      () => store.windowHeldMs(partition),
      (heldMs) => heldMs === 0,
    );
    const hits = await Promise.all(Array.from({ length: 20 }, () => store.hitSlidingWindow(partition, 10, 600_000)));
    expect(hits.filter(({ allowed }) => allowed)).toHaveLength(10 - 1);
  });

  it('leaves nothing behind of records that expired, were deleted or taken', async () => {
    for (const writes of [1, 2]) {
      await store.put(recordAt(`expires-${writes}`), 'x', SHORT);
      await store.put(recordAt('expires-later'), 'x', { ttlSeconds: SHORT.ttlSeconds * writes });
      await store.put(recordAt('deleted'), 'x');
      await store.put(recordAt('taken'), 'x');
    }
    await store.delete(recordAt('deleted'));
    await store.take(recordAt('taken'));
    await eventually(
      () => admin.keys(`pb:{${partition}}*`),
      (keys) => keys.length === 0,
    );
  });

  it('drops the ids of expired records from an index that lives on', async () => {
    await store.put(recordAt('stays'), 'x');
    for (const id of ['a', 'b', 'c']) await store.put(recordAt(id), 'x', SHORT);
    await eventually(
      async () => {
        // Each list prunes what had expired when it began.
        await store.list('connection', partition);
        return admin.zrange(`pb:{${partition}}:connection`, '0', '-1');
      },
      (ids) => ids.length === 1 && ids[0] === 'stays',
    );
  });

  it('forgets a sliding window and what held it by itself', async () => {
    await store.hitSlidingWindow(partition, 10, 50);
    await store.holdWindow(partition, 50);
    await eventually(
      () => admin.exists(`pb:{${partition}}:window:`, `pb:{${partition}}:hold:`),
      (exists) => exists === 0,
    );
  });

  // The counter alone would start again at 1 on an emptied server; a late writer's old number would then look new.
  it('takes fencing numbers from the clock, so that they grow even when Redis has lost everything', async () => {
    const clock = async () => Math.floor(Number((await admin.time())[0]) * 1000);
    const earliest = await clock();
    const before = await store.acquireLease(partition, 600_000);
    await admin.flushdb();
    const after = await eventually(
      async () => {
        const lease = await store.acquireLease(partition, 600_000);
        await admin.flushdb();
        return lease!.fencingNumber;
      },
      (fencingNumber) => fencingNumber > before!.fencingNumber,
    );
    expect(before!.fencingNumber).toBeGreaterThanOrEqual(earliest);
    expect(after).toBeLessThan((await clock()) + 1000);
  });

  it('reaches a server by host and port with a password', async () => {
    await admin.call('ACL', 'SETUSER', 'patchbay', 'on', '>pass word', '~pb:*', '+@all');
    const address = { mode: 'single', host: '127.0.0.1', port: server.port, database: 0 } as const;
    const other = RedisKeyValueStore.open({ ...address, username: 'patchbay', password: 'pass word' }, HANG_MS);
    await store.put(recordAt('one'), 'x');
    expect((await other.get(recordAt('one')))?.value).toBe('x');
    await other.close();
  });
});

describeWithRedis('The report of the Redis store', () => {
  let server: RedisServer;
  let admin: Redis;
  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.url);
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  async function problems(userinfo = ''): Promise<readonly string[]> {
    const store = RedisKeyValueStore.open({ mode: 'url', url: server.url.replace('//', `//${userinfo}`) });
    const { kind, problems: found } = await store.report();
    expect(kind).toBe('redis');
    await store.close();
    return found;
  }

  it('finds nothing wrong with a durable server that never evicts', async () => {
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    await admin.config('SET', 'appendonly', 'yes');
    expect(await problems()).toEqual([]);
    await admin.config('SET', 'appendonly', 'no');
    await admin.config('SET', 'save', '3600 1');
    expect(await problems()).toEqual([]);
  });

  it('names a policy that evicts and the lack of persistence', async () => {
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await admin.config('SET', 'appendonly', 'no');
    await admin.config('SET', 'save', '');
    expect(await problems()).toEqual([
      'Redis has maxmemory-policy allkeys-lru: when it is full it deletes grants. Set it to noeviction.',
      'Redis has neither AOF nor RDB persistence: a restart loses every grant. Set appendonly to yes.',
    ]);
  });

  it('says when it may not look', async () => {
    await admin.call('ACL', 'SETUSER', 'curious', 'on', '>pw', '~*', '+@all', '-config');
    expect(await problems('curious:pw@')).toEqual([expect.stringContaining('could not be checked')]);
  });

  it('is refused when there is nobody to ask', async () => {
    const store = RedisKeyValueStore.open({ mode: 'single', host: '127.0.0.1', port: 1 });
    await expect(store.report()).rejects.toMatchObject({ code: 'storage_unavailable' });
    await store.close();
  });
});
