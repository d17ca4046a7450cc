import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { LONG, SHORT, type StoreSuite } from './store-suite.ts';

const EVERY_LATIN_CHARACTER = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');

/** What is written is read, until it ends. */
export function describeRecords(suite: StoreSuite): void {
  describe('records', () => {
    it('finds nothing where nothing was written', async () => {
      expect(await suite.store.get(suite.key)).toBeUndefined();
      expect(await suite.store.take(suite.key)).toBeUndefined();
      expect(await suite.store.delete(suite.key)).toBe(false);
    });

    it('counts the writes of a suite.key, starting at 1', async () => {
      expect(await suite.store.put(suite.key, 'a')).toBe(1);
      expect(await suite.store.put(suite.key, 'b')).toBe(2);
      expect(await suite.store.get(suite.key)).toEqual({ value: 'b', version: 2 });
    });

    it.each([
      ['an empty value', ''],
      ['every byte, zero and line ends among them', EVERY_LATIN_CHARACTER],
      ['all of Unicode', 'ñ 漢字 🗝️ \u{10FFFF} \u2028'],
      ['something that looks like its own encoding', '7:8:9:'],
      ['a megabyte', 'ä'.repeat(524_288)],
    ])('gives back %s unchanged', async (_, value) => {
      await suite.store.put(suite.key, value);
      expect((await suite.store.get(suite.key))?.value === value).toBe(true);
      expect((await suite.store.list('connection', suite.partition))[0]?.value === value).toBe(true);
      expect((await suite.store.take(suite.key))?.value === value).toBe(true);
    });

    it('keeps apart what differs in one part of the key only', async () => {
      const others = [
        { ...suite.key, id: 'two' },
        { ...suite.key, collection: 'pending' },
        { ...suite.key, partition: randomUUID() },
      ];
      await suite.store.put(suite.key, 'mine');
      for (const other of others) expect(await suite.store.get(other)).toBeUndefined();
    });

    it('lets a caller read what it wrote without waiting for the answer', async () => {
      const [, first, , second] = await Promise.all([
        suite.store.put(suite.key, 'a'),
        suite.store.get(suite.key),
        suite.store.put(suite.key, 'b'),
        suite.store.get(suite.key),
      ]);
      expect([first?.value, second?.value]).toEqual(['a', 'b']);
    });

    it('forgets a deleted record and counts anew', async () => {
      await suite.store.put(suite.key, 'a');
      await suite.store.put(suite.key, 'b');
      expect(await suite.store.delete(suite.key)).toBe(true);
      expect(await suite.store.get(suite.key)).toBeUndefined();
      expect(await suite.store.put(suite.key, 'c')).toBe(1);
    });

    it.each(['', 'a b', 'a:b', '{a}', 'a/b', 'ä', 'x'.repeat(129), '__proto__\n'])(
      'refuses the key part %j',
      async (part) => {
        for (const bad of [
          { ...suite.key, id: part },
          { ...suite.key, partition: part },
          { ...suite.key, collection: part },
        ]) {
          await expect(suite.store.get(bad)).rejects.toThrow(TypeError);
          await expect(suite.store.put(bad, 'x')).rejects.toThrow(TypeError);
          await expect(suite.store.putIfAbsent(bad, 'x')).rejects.toThrow(TypeError);
          await expect(suite.store.compareAndSet(bad, 1, 'x')).rejects.toThrow(TypeError);
          await expect(suite.store.take(bad)).rejects.toThrow(TypeError);
          await expect(suite.store.delete(bad)).rejects.toThrow(TypeError);
        }
        await expect(suite.store.list(part, suite.partition)).rejects.toThrow(TypeError);
        await expect(suite.store.list('connection', part)).rejects.toThrow(TypeError);
      },
    );

    it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a life of %d seconds', async (ttlSeconds) => {
      await expect(suite.store.put(suite.key, 'x', { ttlSeconds })).rejects.toThrow(TypeError);
      expect(await suite.store.get(suite.key)).toBeUndefined();
    });
  });

  describe('expiry', () => {
    it('ends a record after its life', async () => {
      await suite.store.put(suite.key, 'x', SHORT);
      expect(await suite.store.get(suite.key)).toEqual({ value: 'x', version: 1 });
      await suite.expire(suite.key);
      expect(await suite.store.take(suite.key)).toBeUndefined();
      expect(await suite.store.delete(suite.key)).toBe(false);
    });

    it('lets the last write alone decide how long a record lives', async () => {
      const [kept, prolonged, swapped] = [
        suite.recordAt('kept'),
        suite.recordAt('prolonged'),
        suite.recordAt('swapped'),
      ];
      for (const short of [suite.key, kept, prolonged, swapped]) await suite.store.put(short, 'x', SHORT);
      await suite.store.put(kept, 'y');
      await suite.store.put(prolonged, 'y', LONG);
      await suite.store.compareAndSet(swapped, 1, 'y');
      await suite.expire(suite.key);
      for (const record of [kept, prolonged, swapped]) expect((await suite.store.get(record))?.value).toBe('y');
      await suite.store.put(kept, 'z', SHORT);
      await suite.expire(kept);
    });

    it('treats an expired record as absent in every kind of write', async () => {
      const [put, absent, swapped] = [suite.recordAt('put'), suite.recordAt('absent'), suite.recordAt('swapped')];
      for (const short of [put, absent, swapped]) {
        await suite.store.put(short, 'x', LONG);
        await suite.store.put(short, 'x', SHORT);
      }
      for (const short of [put, absent, swapped]) await suite.expire(short);
      expect(await suite.store.compareAndSet(swapped, 2, 'y')).toBe(false);
      expect(await suite.store.put(put, 'y')).toBe(1);
      expect(await suite.store.putIfAbsent(absent, 'y')).toBe(true);
      expect(await suite.store.get(absent)).toEqual({ value: 'y', version: 1 });
    });
  });
}
