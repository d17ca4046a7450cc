import type { IntegrationItem } from '../api/types.ts';
import { ItemCollection } from './item-collection.ts';
import type { Work } from './slices.ts';

/** For specs. */
export function item(id: string, overrides: Partial<IntegrationItem> = {}): IntegrationItem {
  return {
    ...{ id, type: 'page', name: id, directory: false, parent_id: null, parent_path_or_name: null },
    ...{ creation_time: null, last_modified_time: null, url: null, children: null, mime_type: null },
    ...{ delta: null, drive_id: null, visibility: true, integration: 'notion', connection_id: 'c1' },
    ...overrides,
  };
}

export function collectionOf(items: readonly IntegrationItem[]): ItemCollection {
  const collection = new ItemCollection();
  for (const each of items) collection.add(each);
  return collection;
}

/** All of a work at once. */
export function atOnce<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
