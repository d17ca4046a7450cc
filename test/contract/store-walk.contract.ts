import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordKey, WalkedRecord } from '../../src/storage/key-value-store.ts';
import { LONG, LONG_MS, SHORT, SHORT_MS, type StoreSuite } from './store-suite.ts';

/** Pages that a walk over the few records of a test never needs: it doesn't end. */
const TOO_MANY_PAGES = 10_000;

/** Maintenance finds every record there is. */
export function describeWalks(suite: StoreSuite): void {
  describe('a walk', () => {
    let collection: string;
    beforeEach(() => {
      collection = `walked-${suite.partition}`;
    });

    function recordAt(id: string, partition = suite.partition): RecordKey {
      return { collection, partition, id };
    }

    /** `between` runs after each page that isn't the last. */
    async function walk(limit: number, between?: (page: readonly WalkedRecord[]) => unknown) {
      const records: WalkedRecord[] = [];
      let from: string | undefined;
      for (let pages = 0; pages < TOO_MANY_PAGES; pages += 1) {
        const page = await suite.store.walk(collection, limit, from);
        records.push(...page.records);
        from = page.next;
        if (from === undefined) return records;
        await between?.(page.records);
      }
      throw new Error('The walk does not end.');
    }

    async function walkedIds(limit: number, between?: () => Promise<void>): Promise<string[]> {
      return [...new Set((await walk(limit, between)).map(({ key }) => key.id))].sort();
    }

    it('finds nothing where nothing was written', async () => {
      expect(await walk(10)).toEqual([]);
    });

    it('finds the records of every partition with value and version', async () => {
      const [first, second] = [recordAt('one'), recordAt('one', randomUUID())];
      await suite.store.put(first, 'a');
      await suite.store.put(second, 'b');
      await suite.store.put(second, 'c');
      const found = await walk(1000);
      expect(found).toHaveLength(2);
      expect(found).toContainEqual({ key: first, value: 'a', version: 1 });
      expect(found).toContainEqual({ key: second, value: 'c', version: 2 });
    });

    it('tells how long a record still lives', async () => {
      await suite.store.put(recordAt('ends'), 'x', LONG);
      await suite.store.put(recordAt('stays'), 'x');
      await suite.advance(SHORT_MS);
      const lives = new Map((await walk(10)).map(({ key, ttlSeconds }) => [key.id, ttlSeconds]));
      expect(lives.get('stays')).toBeUndefined();
      expect(lives.get('ends')).toBeGreaterThan(LONG.ttlSeconds - 2 * SHORT.ttlSeconds);
      expect(lives.get('ends')).toBeLessThanOrEqual(LONG.ttlSeconds - SHORT.ttlSeconds);
    });

    it('passes by what expired, was deleted or was taken', async () => {
      for (const id of ['deleted', 'taken', 'stays']) await suite.store.put(recordAt(id), 'x');
      await suite.store.put(recordAt('expired'), 'x', SHORT);
      await suite.store.delete(recordAt('deleted'));
      await suite.store.take(recordAt('taken'));
      await suite.expire(recordAt('expired'));
      expect(await walkedIds(10)).toEqual(['stays']);
    });

    it('passes by everything that is not of the collection', async () => {
      await suite.store.put(recordAt('mine'), 'x');
      await suite.store.put({ ...recordAt('a'), collection: `${collection}-more` }, 'x');
      await suite.store.put({ ...recordAt('b'), collection: `more-${collection}` }, 'x');
      await suite.store.put({ collection: 'other', partition: collection, id: collection }, 'x');
      const name = `a:${collection}:b`;
      await suite.store.acquireLease(name, LONG_MS);
      await suite.store.schedule(name, name, 1);
      await suite.store.hitSlidingWindow(name, 1, LONG_MS);
      expect(await walk(1000)).toEqual([{ key: recordAt('mine'), value: 'x', version: 1 }]);
    });

    it.each(['lease', 'fence', 'due', 'window'])(
      'finds no keys of the store itself as records of "%s"',
      async (kind) => {
        await suite.store.acquireLease(suite.partition, LONG_MS);
        await suite.store.schedule(suite.partition, 'member', 1);
        await suite.store.hitSlidingWindow(suite.partition, 1, LONG_MS);
        expect((await suite.store.walk(kind, 500)).records).toEqual([]);
      },
    );

    it.each([1, 7, 1000])('finds all of many records with %d to a page', async (limit) => {
      const ids = Array.from({ length: 50 }, (_, number) => `id-${number}`);
      await Promise.all(ids.map((id, number) => suite.store.put(recordAt(id, `p${number % 9}`), id)));
      expect(await walkedIds(limit)).toEqual([...ids].sort());
    });

    it('keeps its pages small', async () => {
      const ids = Array.from({ length: 200 }, (_, number) => `id-${number}`);
      await Promise.all(ids.map((id) => suite.store.put(recordAt(id), id)));
      const sizes: number[] = [];
      await walk(10, (page) => sizes.push(page.length));
      expect(sizes.length).toBeGreaterThan(3);
      expect(Math.max(...sizes)).toBeLessThan(50);
    });

    it('finds all that stand throughout, whatever is written and deleted meanwhile', async () => {
      const standing = Array.from({ length: 40 }, (_, number) => `stands-${number}`);
      const leaving = Array.from({ length: 40 }, (_, number) => `leaves-${number}`);
      for (const id of [...standing, ...leaving]) await suite.store.put(recordAt(id), 'x');
      let step = 0;
      const found = await walkedIds(5, async () => {
        step += 1;
        await suite.store.delete(recordAt(`leaves-${step % leaving.length}`));
        await suite.store.put(recordAt(`comes-${step}`), 'x');
        await suite.store.put(recordAt(`stands-${step % standing.length}`), 'again');
      });
      expect(step).toBeGreaterThan(5);
      expect(found.filter((id) => id.startsWith('stands'))).toEqual([...standing].sort());
    });

    it.each(['', 'x', '1.x', '-1', '{}'])('refuses the cursor %j', async (from) => {
      await expect(suite.store.walk(collection, 10, from)).rejects.toThrow(TypeError);
    });

    it('refuses a collection that is none and a limit below 1', async () => {
      await expect(suite.store.walk('a*', 10)).rejects.toThrow(TypeError);
      await expect(suite.store.walk(collection, 0)).rejects.toThrow(TypeError);
    });
  });
}
