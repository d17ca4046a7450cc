import type { KeyValueStore } from '../../src/storage/key-value-store.ts';
import type { StorePlace } from './crash-job.ts';

/** The service waits for its store for moments only. Here many processes share it, and the processor. */
const CROWDED_TIMEOUT_MS = 10_000;

/** Loads the adapter that is asked for alone: a child process starts the sooner. */
export async function openStoreAt(place: StorePlace): Promise<KeyValueStore> {
  if (place.kind === 'sqlite') {
    const { openDatabase } = await import('../../src/storage/sqlite/sqlite-database.ts');
    const { SqliteKeyValueStore } = await import('../../src/storage/sqlite/sqlite-key-value-store.ts');
    const database = openDatabase(place.path);
    database.exec(`PRAGMA busy_timeout = ${CROWDED_TIMEOUT_MS}`);
    return new SqliteKeyValueStore(database);
  }
  const { RedisKeyValueStore } = await import('../../src/storage/redis/redis-key-value-store.ts');
  return RedisKeyValueStore.open({ mode: 'url', url: place.url }, CROWDED_TIMEOUT_MS);
}
