import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ListedRecord, RecordKey, StoredRecord } from '../key-value-store.ts';

const KEY = 'partition = ? AND collection = ? AND id = ?';
const LIVE = '(expires_at IS NULL OR expires_at > ?)';

/** The rows behind records. Synchronous; writes must run inside a transaction. Times are epoch milliseconds. */
export class RecordTable {
  readonly #get: StatementSync;
  readonly #update: StatementSync;
  readonly #updateVersion: StatementSync;
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #list: StatementSync;
  readonly #sweep: StatementSync;

  constructor(database: DatabaseSync) {
    const set = 'UPDATE records SET value = ?, version = version + 1, expires_at = ?';
    this.#get = database.prepare(`SELECT value, version FROM records WHERE ${KEY} AND ${LIVE}`);
    this.#update = database.prepare(`${set} WHERE ${KEY} AND ${LIVE} RETURNING version`);
    this.#updateVersion = database.prepare(`${set} WHERE ${KEY} AND ${LIVE} AND version = ?`);
    // OR REPLACE takes away what expired there, so that the key gets a new place in the order of first writes.
    this.#insert = database.prepare(
      'INSERT OR REPLACE INTO records (partition, collection, id, value, version, expires_at) VALUES (?, ?, ?, ?, 1, ?)',
    );
    this.#delete = database.prepare(`DELETE FROM records WHERE ${KEY} AND ${LIVE} RETURNING value, version`);
    this.#list = database.prepare(
      `SELECT id, value, version FROM records WHERE partition = ? AND collection = ? AND ${LIVE} ORDER BY seq`,
    );
    this.#sweep = database.prepare(
      'DELETE FROM records WHERE seq IN (SELECT seq FROM records WHERE expires_at <= ? LIMIT ?)',
    );
  }

  get({ partition, collection, id }: RecordKey, now: number): StoredRecord | undefined {
    return storedRecord(this.#get.get(partition, collection, id, now));
  }

  put(key: RecordKey, value: string, expiresAt: number | null, now: number): number {
    const { partition, collection, id } = key;
    const updated = this.#update.get(value, expiresAt, partition, collection, id, now);
    if (updated !== undefined) return Number(updated['version']);
    this.#insert.run(partition, collection, id, value, expiresAt);
    return 1;
  }

  putIfAbsent(key: RecordKey, value: string, expiresAt: number | null, now: number): boolean {
    const { partition, collection, id } = key;
    if (this.#get.get(partition, collection, id, now) !== undefined) return false;
    this.#insert.run(partition, collection, id, value, expiresAt);
    return true;
  }

  compareAndSet(key: RecordKey, version: number, value: string, expiresAt: number | null, now: number): boolean {
    const { partition, collection, id } = key;
    return this.#updateVersion.run(value, expiresAt, partition, collection, id, now, version).changes === 1;
  }

  take({ partition, collection, id }: RecordKey, now: number): StoredRecord | undefined {
    return storedRecord(this.#delete.get(partition, collection, id, now));
  }

  list(collection: string, partition: string, now: number): ListedRecord[] {
    return this.#list.all(partition, collection, now).map((row) => ({
      id: String(row['id']),
      value: String(row['value']),
      version: Number(row['version']),
    }));
  }

  /** Removes up to `limit` expired rows and returns how many it found. */
  sweep(now: number, limit: number): number {
    return Number(this.#sweep.run(now, limit).changes);
  }
}

function storedRecord(row: Record<string, unknown> | undefined): StoredRecord | undefined {
  return row === undefined ? undefined : { value: String(row['value']), version: Number(row['version']) };
}
