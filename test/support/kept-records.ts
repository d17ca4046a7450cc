import { KeyValueStore } from '../../src/storage/key-value-store.ts';
import type { RunningPatchbay } from './patchbay.ts';

/** How many records the last good loads take, of everybody. */
export async function keptRecords({ application }: RunningPatchbay): Promise<number> {
  const store = application.get(KeyValueStore, { strict: false });
  // A walk may find a record twice.
  const places = new Set<string>();
  for (const collection of ['kept-page', 'kept-index']) {
    let from: string | undefined;
    do {
      const { records, next } = await store.walk(collection, 1000, from);
      for (const { key } of records) places.add(`${collection} ${key.partition} ${key.id}`);
      from = next;
    } while (from !== undefined);
  }
  return places.size;
}
