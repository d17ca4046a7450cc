import { describe, expect, it } from '@jest/globals';
import type { ItemCollection } from './item-collection.ts';
import { collectionOf, item } from './item-factory.ts';
import { ItemView } from './item-view.ts';

function stage(collection: ItemCollection) {
  let nowMs = 0;
  // Every look at the clock finds it much later: the work is laid aside at each of its steps.
  const view = new ItemView(collection, { breathe: () => Promise.resolve(), nowMs: () => (nowMs += 100) });
  const settled = async (): Promise<string[]> => {
    for (let turns = 0; turns < 2_000; turns += 1) await Promise.resolve();
    return [...view.rows.get().indexes].map((index) => collection.at(index).id);
  };
  return { view, settled };
}

const ITEMS = [
  item('b', { name: 'Beta', type: 'table', parent_id: 'a' }),
  item('a', { name: 'alpha', type: 'base' }),
  item('g', { name: 'Gamma ray', type: 'base' }),
];

describe('a view of items', () => {
  it('shows them as they came, and more as they come', async () => {
    const collection = collectionOf(ITEMS);
    const { view, settled } = stage(collection);
    view.refresh();
    expect(await settled()).toEqual(['b', 'a', 'g']);
    collection.add(item('d'));
    view.refresh();
    expect(await settled()).toEqual(['b', 'a', 'g', 'd']);
  });

  it('finds those that have all words of the text and one of the types', async () => {
    const { view, settled } = stage(collectionOf(ITEMS));
    view.change({ text: 'RAY  gam' });
    expect(await settled()).toEqual(['g']);
    view.change({ text: '', types: ['table'] });
    expect(await settled()).toEqual(['b']);
    view.change({ text: 'gamma' });
    expect(await settled()).toEqual([]);
  });

  it('sorts up, down and not at all', async () => {
    const { view, settled } = stage(collectionOf(ITEMS));
    view.sortBy('name');
    expect(await settled()).toEqual(['a', 'b', 'g']);
    view.sortBy('name');
    expect(await settled()).toEqual(['g', 'b', 'a']);
    view.sortBy('name');
    expect(await settled()).toEqual(['b', 'a', 'g']);
  });

  it('sorts anew when an item has changed', async () => {
    const collection = collectionOf(ITEMS);
    const { view, settled } = stage(collection);
    view.sortBy('name');
    await settled();
    collection.add({ ...ITEMS[1]!, name: 'Zeta' });
    view.refresh();
    expect(await settled()).toEqual(['b', 'g', 'a']);
  });

  it('opens and closes branches, and opens those that lead to a find', async () => {
    const { view, settled } = stage(collectionOf(ITEMS));
    view.change({ shape: 'tree' });
    expect(await settled()).toEqual(['a', 'g']);
    view.setOpen(1, true);
    expect(await settled()).toEqual(['a', 'b', 'g']);
    view.setOpen(1, false);
    expect(await settled()).toEqual(['a', 'g']);
    view.change({ text: 'beta' });
    expect(await settled()).toEqual(['a', 'b']);
    expect(view.rows.get().matching).toHaveLength(1);
    view.setOpen(1, false);
    expect(await settled()).toEqual(['a']);
  });

  it('gives up a look that is no longer wanted', async () => {
    const many = collectionOf(Array.from({ length: 5_000 }, (_, at) => item(String(at))));
    const { view, settled } = stage(many);
    view.sortBy('name');
    view.change({ text: '4999', sorting: null });
    expect(await settled()).toEqual(['4999']);
  });
});
