import { describe, expect, it } from '@jest/globals';
import { LatestEntries } from './latest-entries.ts';

describe('The latest entries', () => {
  it('are so many, and the one set longest ago makes room', () => {
    const entries = new LatestEntries<string | undefined, number>(2);
    entries.set(undefined, 1);
    entries.set('b', 2);
    entries.set(undefined, 3);
    entries.set('c', 4);
    expect([undefined, 'b', 'c'].map((key) => entries.get(key))).toEqual([3, undefined, 4]);
    entries.set('d', 5);
    expect([undefined, 'c', 'd'].map((key) => entries.get(key))).toEqual([undefined, 4, 5]);
  });

  it('leave their room when they are deleted', () => {
    const entries = new LatestEntries<string, number>(2);
    for (const key of ['a', 'b']) entries.set(key, 1);
    entries.delete('b');
    entries.set('c', 1);
    expect(['a', 'b', 'c'].map((key) => entries.get(key))).toEqual([1, undefined, 1]);
  });
});
