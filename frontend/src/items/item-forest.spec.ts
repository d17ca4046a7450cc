import { describe, expect, it } from '@jest/globals';
import type { IntegrationItem } from '../api/types.ts';
import { atOnce, collectionOf, item } from './item-factory.ts';
import { ItemForest } from './item-forest.ts';

const child = (id: string, parent: string): IntegrationItem => item(id, { parent_id: parent });
const BASES = [child('r1', 't1'), item('b1'), child('t1', 'b1'), child('r2', 't1'), item('b2'), child('lost', 'gone')];

const drawn = (
  items: IntegrationItem[],
  isOpen: (id: string) => boolean,
  isWanted: ((id: string) => boolean) | null = null,
): string[] => {
  const collection = collectionOf(items);
  const idOf = (index: number): string => collection.at(index).id;
  const order = Uint32Array.from(items, (_, index) => index);
  const wanted = isWanted && ((index: number) => isWanted(idOf(index)));
  const forest = atOnce(ItemForest.of(collection, order, wanted));
  const branches = atOnce(forest.branches((index) => isOpen(idOf(index))));
  return branches.map(({ index, level, position, siblings, isOpen: open }) => {
    const mark = open === null ? '·' : open ? '-' : '+';
    return `${level}${mark}${idOf(index)} ${position}/${siblings}`;
  });
};

describe('the tree of items', () => {
  it('has whom nobody else holds at its root, the lost too', () => {
    expect(drawn(BASES, () => false)).toEqual(['1+b1 1/3', '1·b2 2/3', '1·lost 3/3']);
  });

  it('shows what is below an open branch, whoever came first', () => {
    const all = ['1-b1 1/3', '2-t1 1/1', '3·r1 1/2', '3·r2 2/2', '1·b2 2/3', '1·lost 3/3'];
    expect(drawn(BASES, () => true)).toEqual(all);
    expect(drawn(BASES, (id) => id === 'b1')).toEqual(['1-b1 1/3', '2+t1 1/1', '1·b2 2/3', '1·lost 3/3']);
  });

  it('shows who is looked for and who is above them, and nobody else', () => {
    expect(
      drawn(
        BASES,
        () => true,
        (id) => id === 'r2',
      ),
    ).toEqual(['1-b1 1/1', '2-t1 1/1', '3·r2 1/1']);
  });

  it('loses nobody whom a provider says to be in a circle', () => {
    const circle = [child('a', 'b'), child('b', 'c'), child('c', 'a'), child('self', 'self'), child('d', 'a')];
    const ids = drawn(circle, () => true).map((row) => /\w+(?= )/.exec(row.slice(2))?.[0]);
    expect(ids.sort()).toEqual(['a', 'b', 'c', 'd', 'self']);
  });

  it('knows who is above whom', () => {
    const collection = collectionOf(BASES);
    const forest = atOnce(
      ItemForest.of(
        collection,
        Uint32Array.from(BASES, (_, index) => index),
        null,
      ),
    );
    expect([forest.parentOf(0), forest.parentOf(1), forest.parentOf(5)]).toEqual([2, undefined, undefined]);
  });
});
