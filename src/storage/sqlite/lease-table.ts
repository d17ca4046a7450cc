import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { FENCING_MEMORY_MS } from '../store-arguments.ts';

/**
 * The rows behind leases. A row outlives its lease, as the memory of the last fencing number. Synchronous; must run
 * inside a transaction. Times are epoch milliseconds.
 */
export class LeaseTable {
  readonly #acquire: StatementSync;
  readonly #renew: StatementSync;
  readonly #sweep: StatementSync;

  constructor(database: DatabaseSync) {
    this.#acquire = database.prepare(
      `INSERT INTO leases (name, owner_token, fencing_number, expires_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET
         owner_token = excluded.owner_token,
         fencing_number = max(fencing_number + 1, excluded.fencing_number),
         expires_at = excluded.expires_at
       WHERE expires_at <= ?
       RETURNING fencing_number`,
    );
    this.#renew = database.prepare(
      'UPDATE leases SET expires_at = ? WHERE name = ? AND owner_token = ? AND expires_at > ?',
    );
    this.#sweep = database.prepare(
      'DELETE FROM leases WHERE name IN (SELECT name FROM leases WHERE expires_at <= ? LIMIT ?)',
    );
  }

  /** Returns the fencing number, or undefined while somebody holds the lease. */
  acquire(name: string, ownerToken: string, ttlMs: number, now: number): number | undefined {
    const row = this.#acquire.get(name, ownerToken, now, now + ttlMs, now);
    return row === undefined ? undefined : Number(row['fencing_number']);
  }

  renew(name: string, ownerToken: string, ttlMs: number, now: number): boolean {
    return this.#renew.run(now + ttlMs, name, ownerToken, now).changes === 1;
  }

  release(name: string, ownerToken: string, now: number): boolean {
    return this.#renew.run(now, name, ownerToken, now).changes === 1;
  }

  /** Forgets up to `limit` fencing numbers that are old enough. */
  sweep(now: number, limit: number): void {
    this.#sweep.run(now - FENCING_MEMORY_MS, limit);
  }
}
