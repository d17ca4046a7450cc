import { describe, expect, it } from '@jest/globals';
import { atOnce, collectionOf, item } from './item-factory.ts';
import { ItemOrder, type SortColumn } from './item-order.ts';
import type { IntegrationItem } from '../api/types.ts';

const sorted = (items: IntegrationItem[], column: SortColumn, descending = false): string[] => {
  const collection = collectionOf(items);
  const indexes = atOnce(new ItemOrder(collection, column).indexes(items.length, descending));
  return [...indexes].map((index) => collection.at(index).id);
};

describe('the order of items', () => {
  const NAMES = ['Contact 10', 'contact 9', 'Äpfel', null, 'Zebra', ' '].map((name, at) => item(String(at), { name }));

  it('is as people read names and numbers, those without a name last', () => {
    expect(sorted(NAMES, 'name')).toEqual(['2', '1', '0', '4', '3', '5']);
  });

  it('turned round still has those without a name last', () => {
    expect(sorted(NAMES, 'name', true)).toEqual(['4', '0', '1', '2', '3', '5']);
  });

  it('is by time for times, and visible before hidden', () => {
    const times = ['2026-03-01T00:00:00.000Z', null, '2025-03-01T00:00:00.000Z'];
    const items = times.map((time, at) => item(String(at), { last_modified_time: time, visibility: at !== 0 }));
    expect(sorted(items, 'modified')).toEqual(['2', '0', '1']);
    expect(sorted(items, 'visibility')).toEqual(['1', '2', '0']);
  });

  it('leaves items alike as they came', () => {
    const items = Array.from({ length: 2_000 }, (_, at) => item(String(at), { name: `n${at % 3}` }));
    const expected = [...items].sort((one, other) => (one.name ?? '').localeCompare(other.name ?? ''));
    expect(sorted(items, 'name')).toEqual(expected.map(({ id }) => id));
  });

  it('takes in what comes later, and may be laid aside in the middle', () => {
    const names = Array.from({ length: 3_000 }, (_, at) => String((at * 7_919) % 3_001));
    const collection = collectionOf([]);
    const order = new ItemOrder(collection, 'name');
    for (const name of names) {
      collection.add(item(name));
      if (collection.count % 700 !== 0) continue;
      const givenUp = order.indexes(collection.count, false);
      for (let steps = 0; steps < collection.count % 11; steps += 1) givenUp.next();
    }
    const indexes = atOnce(order.indexes(collection.count, false));
    const expected = names.toSorted((one, other) => Number(one) - Number(other));
    expect([...indexes].map((index) => collection.at(index).id)).toEqual(expected);
  });

  it('no longer holds once an item in it has changed', () => {
    const collection = collectionOf([item('a')]);
    const order = new ItemOrder(collection, 'name');
    collection.add(item('b'));
    expect(order.isCurrent).toBe(true);
    collection.add(item('a', { name: 'z' }));
    expect(order.isCurrent).toBe(false);
  });
});
