import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { WalkedPage, WalkedRecord } from '../key-value-store.ts';

/** Rows of any kind that one page passes by at most: few enough for one turn of the event loop. */
const ROWS_PER_PAGE = 1000;

/** Goes through the rows in the order of `seq`, which a record keeps as long as it stands. The cursor is the last `seq`. */
export class RecordWalk {
  readonly #stretch: StatementSync;
  readonly #records: StatementSync;

  constructor(database: DatabaseSync) {
    this.#stretch = database.prepare(
      'SELECT max(seq) AS last, count(*) AS rows FROM (SELECT seq FROM records WHERE seq > ? ORDER BY seq LIMIT ?)',
    );
    this.#records = database.prepare(
      `SELECT seq, partition, id, value, version, expires_at FROM records
       WHERE seq > ? AND seq <= ? AND collection = ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY seq LIMIT ?`,
    );
  }

  page(collection: string, limit: number, from: string | undefined, now: number): WalkedPage {
    const after = from === undefined ? 0 : parseCursor(from);
    const stretch = this.#stretch.get(after, ROWS_PER_PAGE);
    const last = Number(stretch?.['last']);
    const rows = this.#records.all(after, last, collection, now, limit);
    const records = rows.map((row) => walkedRecord(collection, row, now));
    if (records.length === limit) return { records, next: String(rows.at(-1)?.['seq']) };
    return stretch?.['rows'] === ROWS_PER_PAGE ? { records, next: String(last) } : { records };
  }
}

function walkedRecord(collection: string, row: Record<string, unknown>, now: number): WalkedRecord {
  const expiresAt = row['expires_at'];
  return {
    key: { collection, partition: String(row['partition']), id: String(row['id']) },
    value: String(row['value']),
    version: Number(row['version']),
    ...(typeof expiresAt === 'number' ? { ttlSeconds: (expiresAt - now) / 1000 } : {}),
  };
}

function parseCursor(from: string): number {
  const seq = Number(from);
  if (!/^\d+$/.test(from) || !Number.isSafeInteger(seq)) throw new TypeError('This is no cursor of a walk.');
  return seq;
}
