import { describe, expect, it } from '@jest/globals';
import { LONG, type StoreSuite } from './store-suite.ts';

/** Of many who want the same thing one gets it. */
export function describeContention(suite: StoreSuite): void {
  describe('exactly one of many', () => {
    const contenders = Array.from({ length: 100 }, (_, number) => number);

    it('takes a record once', async () => {
      await suite.store.put(suite.key, 'state', LONG);
      const taken = await Promise.all(contenders.map(() => suite.store.take(suite.key)));
      expect(taken.filter((record) => record !== undefined)).toEqual([{ value: 'state', version: 1 }]);
    });

    it('puts once where nothing stands', async () => {
      const wrote = await Promise.all(contenders.map((n) => suite.store.putIfAbsent(suite.key, String(n), LONG)));
      const winners = contenders.filter((n) => wrote[n] === true);
      expect(winners).toHaveLength(1);
      expect(await suite.store.get(suite.key)).toEqual({ value: String(winners[0]), version: 1 });
      expect(await suite.store.putIfAbsent(suite.key, 'late')).toBe(false);
    });

    it('swaps a version once', async () => {
      await suite.store.put(suite.key, 'start');
      const wrote = await Promise.all(contenders.map((n) => suite.store.compareAndSet(suite.key, 1, String(n))));
      const winners = contenders.filter((n) => wrote[n] === true);
      expect(winners).toHaveLength(1);
      expect(await suite.store.get(suite.key)).toEqual({ value: String(winners[0]), version: 2 });
    });

    it('swaps nothing where nothing stands or the version is another', async () => {
      for (const version of [0, 1]) expect(await suite.store.compareAndSet(suite.key, version, 'x')).toBe(false);
      expect(await suite.store.get(suite.key)).toBeUndefined();
      await suite.store.put(suite.key, 'a');
      for (const version of [-1, 0, 2, 1.5])
        expect(await suite.store.compareAndSet(suite.key, version, 'x')).toBe(false);
      expect(await suite.store.get(suite.key)).toEqual({ value: 'a', version: 1 });
    });
  });
}
