import { describe, expect, it } from '@jest/globals';
import { moveIn } from './grid-keys.ts';
import { atOnce, collectionOf, item } from './item-factory.ts';
import { ItemForest } from './item-forest.ts';

const TABLE = { indexes: Uint32Array.from({ length: 100 }, (_, at) => at), branches: [], forest: null };

describe('keys in a table', () => {
  it.each([
    ['ArrowDown', 3, 4],
    ['ArrowDown', 99, 99],
    ['ArrowDown', -1, 0],
    ['ArrowUp', 0, 0],
    ['PageDown', 3, 13],
    ['PageDown', 95, 99],
    ['PageUp', 5, 0],
    ['Home', 50, 0],
    ['End', 50, 99],
  ])('%s goes from row %i to %i', (key, from, to) => {
    expect(moveIn(TABLE, from, key, 10)).toEqual({ to });
  });

  it('show the details of the active row, and leave all others to the browser', () => {
    expect(moveIn(TABLE, 5, 'Enter', 10)).toEqual({ details: true });
    expect(['Tab', 'a', 'ArrowRight', 'ArrowLeft'].map((key) => moveIn(TABLE, 5, key, 10))).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(moveIn({ ...TABLE, indexes: new Uint32Array() }, -1, 'ArrowDown', 10)).toBeNull();
  });
});

describe('keys in a tree', () => {
  const collection = collectionOf([item('a'), item('b', { parent_id: 'a' }), item('c')]);
  const tree = (isOpen: boolean) => {
    const forest = atOnce(ItemForest.of(collection, Uint32Array.of(0, 1, 2), null));
    const branches = atOnce(forest.branches(() => isOpen));
    return { forest, branches, indexes: Uint32Array.from(branches, ({ index }) => index) };
  };

  it('open a branch, then go into it', () => {
    expect(moveIn(tree(false), 0, 'ArrowRight', 10)).toEqual({ open: true });
    expect(moveIn(tree(true), 0, 'ArrowRight', 10)).toEqual({ to: 1 });
  });

  it('go out of a branch, then close it', () => {
    expect(moveIn(tree(true), 1, 'ArrowLeft', 10)).toEqual({ to: 0 });
    expect(moveIn(tree(true), 0, 'ArrowLeft', 10)).toEqual({ open: false });
  });

  it('do nothing where there is nothing to open or to leave', () => {
    expect([moveIn(tree(true), 2, 'ArrowRight', 10), moveIn(tree(false), 1, 'ArrowLeft', 10)]).toEqual([{}, {}]);
  });
});
