import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SHORT, type StoreSuite } from './store-suite.ts';

/** The records of one owner are found together. */
export function describePartitions(suite: StoreSuite): void {
  describe('a partition', () => {
    it('is listed in the order its records were first written', async () => {
      for (const id of ['c', 'a', 'b']) await suite.store.put(suite.recordAt(id), `value of ${id}`);
      await suite.store.put(suite.recordAt('c'), 'again');
      await suite.store.compareAndSet(suite.recordAt('a'), 1, 'swapped');
      expect(await suite.store.list('connection', suite.partition)).toEqual([
        { id: 'c', value: 'again', version: 2 },
        { id: 'a', value: 'swapped', version: 2 },
        { id: 'b', value: 'value of b', version: 1 },
      ]);
    });

    it('gives a record that was deleted or expired a new place', async () => {
      await suite.store.put(suite.recordAt('deleted'), 'x');
      await suite.store.put(suite.recordAt('expired'), 'x', SHORT);
      await suite.store.put(suite.recordAt('stays'), 'x');
      await suite.store.delete(suite.recordAt('deleted'));
      await suite.expire(suite.recordAt('expired'));
      await suite.store.put(suite.recordAt('deleted'), 'x');
      await suite.store.put(suite.recordAt('expired'), 'x');
      expect(await suite.listedIds()).toEqual(['stays', 'deleted', 'expired']);
    });

    it('lists nothing of another suite.partition or collection', async () => {
      await suite.store.put(suite.key, 'x');
      await suite.store.put({ ...suite.key, partition: randomUUID() }, 'x');
      await suite.store.put({ ...suite.key, collection: 'pending', id: 'two' }, 'x');
      expect(await suite.listedIds()).toEqual(['one']);
      expect(await suite.store.list('connection', randomUUID())).toEqual([]);
    });

    it('lists no deleted, taken or expired record', async () => {
      for (const id of ['deleted', 'taken', 'stays']) await suite.store.put(suite.recordAt(id), 'x');
      await suite.store.put(suite.recordAt('expiring'), 'x', SHORT);
      await suite.store.delete(suite.recordAt('deleted'));
      await suite.store.take(suite.recordAt('taken'));
      await suite.expire(suite.recordAt('expiring'));
      expect(await suite.listedIds()).toEqual(['stays']);
    });

    it('loses nobody when many write at once', async () => {
      const ids = Array.from({ length: 50 }, (_, number) => `id-${number}`);
      await Promise.all(ids.map((id) => suite.store.putIfAbsent(suite.recordAt(id), id)));
      expect((await suite.listedIds()).sort()).toEqual([...ids].sort());
      await Promise.all(ids.map((id) => suite.store.delete(suite.recordAt(id))));
      expect(await suite.listedIds()).toEqual([]);
    });
  });
}
