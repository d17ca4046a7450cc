import { describe, expect, it } from '@jest/globals';
import { ItemCollection } from './item-collection.ts';
import { item } from './item-factory.ts';

describe('a collection of items', () => {
  it('has what comes twice once, in the place where it came first', () => {
    const collection = new ItemCollection();
    expect([item('a'), item('b'), item('a')].map((each) => collection.add(each))).toEqual([true, true, false]);
    expect([collection.count, collection.at(0).id, collection.at(1).id]).toEqual([2, 'a', 'b']);
  });

  it('takes the newest of an item, and says that something has changed', () => {
    const collection = new ItemCollection();
    collection.add(item('a', { name: 'Old' }));
    collection.add(item('a', { name: 'Old' }));
    expect(collection.revision).toBe(0);
    collection.add(item('a', { name: 'New', delta: 'deleted' }));
    expect(collection.at(0)).toMatchObject({ name: 'New', delta: 'deleted' });
    expect([collection.revision, collection.textAt(0)]).toEqual([1, 'new\n\na']);
  });

  it('tells items of different types apart, and counts them', () => {
    const collection = new ItemCollection();
    for (const type of ['contact', 'company', 'contact']) collection.add(item('1', { type }));
    collection.add(item('2', { type: 'contact' }));
    expect(collection.types).toEqual(['contact', 'company']);
    expect([collection.countOf('contact'), collection.countOf('company'), collection.countOf('deal')]).toEqual([
      2, 1, 0,
    ]);
    expect([collection.indexOf('2'), collection.indexOf('3')]).toEqual([2, undefined]);
  });

  it('is searched by name, parent and id, whatever their case', () => {
    const collection = new ItemCollection();
    collection.add(item('ID-7', { name: 'Road Map', parent_path_or_name: 'Plans' }));
    expect(collection.textAt(0)).toBe('road map\nplans\nid-7');
  });
});
