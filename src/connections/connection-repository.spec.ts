import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { RecordKey } from '../storage/key-value-store.ts';
import { OWNER, refreshBench } from './fixtures/refresh-bench.ts';
import { partitionOf, type Owner } from './owner.ts';

const BOB = { orgId: 'acme', userId: 'bob' };

describe('The connections in the store', () => {
  let bench: ReturnType<typeof refreshBench>;

  beforeEach(() => {
    bench = refreshBench();
  });
  afterEach(() => bench.close());

  const keyOf = (owner: Owner, id: string): RecordKey => ({
    collection: 'connection',
    partition: partitionOf(owner),
    id,
  });

  it('don’t serve one owner with another’s record, be it moved as a whole', async () => {
    const { connection } = await bench.connect('anns-token');
    const record = await bench.store.get(keyOf(OWNER, connection.connectionId));
    await bench.store.put(keyOf(BOB, connection.connectionId), record?.value ?? '');
    expect(await bench.connections.list(BOB)).toEqual([]);
    await expect(bench.connections.find(BOB, 'acme', connection.connectionId)).rejects.toMatchObject({
      code: 'internal_error',
    });
  });

  it.each([
    ['no JSON', '{"format":1,"conn'],
    ['an empty connection', '{"format":1,"connection":{},"grant":""}'],
  ])('are mended by connecting again, when one is %s', async (_what, damaged) => {
    const { connection } = await bench.connect('token');
    await bench.store.put(keyOf(OWNER, connection.connectionId), damaged);
    expect(await bench.connections.list(OWNER)).toEqual([]);
    const mended = await bench.connect('new-token');
    expect(mended.connection.connectionId).toBe(connection.connectionId);
    expect(mended.grant.primary.accessToken.reveal()).toBe('new-token');
  });

  it('are mended by connecting again, when one was put back by hand after it was deleted', async () => {
    const { connection } = await bench.connect('token');
    const get = bench.store.get.bind(bench.store);
    let isPutBack = true;
    jest.spyOn(bench.store, 'get').mockImplementation(async (key) => {
      const found = await get(key);
      return found !== undefined && isPutBack && key.collection === 'connection' ? { ...found, version: 0 } : found;
    });
    const remove = bench.store.delete.bind(bench.store);
    jest.spyOn(bench.store, 'delete').mockImplementation((key) => {
      isPutBack = false;
      return remove(key);
    });
    const mended = await bench.connect('new-token');
    expect(mended.connection.connectionId).toBe(connection.connectionId);
    expect(mended.grant.primary.accessToken.reveal()).toBe('new-token');
  });

  it.each(['connection-account', 'connection'])(
    'are one per account, also when one is removed between the look at its %s and its renewal',
    async (collection) => {
      const { connection } = await bench.connect('token');
      bench.store.afterNextGet = { collection, then: () => bench.connections.remove(connection) };
      await bench.connect('token');
      await bench.connect('token');
      expect(await bench.connections.list(OWNER)).toHaveLength(1);
    },
  );

  it('are one per account, however connecting and disconnecting meet', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { connection } = await bench.connect('token');
      await Promise.all([
        bench.connect('token').catch(() => undefined),
        bench.connections.remove(connection),
        bench.connect('token').catch(() => undefined),
        bench.connections.remove(connection),
      ]);
      await bench.connect('token');
      expect(await bench.connections.list(OWNER)).toHaveLength(1);
    }
  });

  it('tell of grants that are no longer what they were: given, withdrawn or removed; of no mere use', async () => {
    const told: string[] = [];
    bench.connections.onGrantGone((connectionId) => Promise.resolve(void told.push(connectionId)));
    const open = await bench.connect('token');
    const { connectionId } = open.connection;
    told.length = 0;
    const used = await bench.connections.touch(open, Date.now());
    expect([used === undefined, told]).toEqual([false, []]);
    await expectTold(bench.connect('new-token'));
    const current = await bench.connections.reread(open);
    const ended = { ...current.connection, status: 'reauthorization_required' } as const;
    await expectTold(bench.connections.replace(current, ended, current.grant));
    await expectTold(bench.connections.remove(ended));

    async function expectTold(write: Promise<unknown>): Promise<void> {
      told.length = 0;
      await write;
      expect(told).toEqual([connectionId]);
    }
  });
});
