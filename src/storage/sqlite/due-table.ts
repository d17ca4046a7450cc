import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { DueMember } from '../key-value-store.ts';

/** The rows behind due-time indexes. Synchronous; writes must run inside a transaction. */
export class DueTable {
  readonly #schedule: StatementSync;
  readonly #unschedule: StatementSync;
  readonly #list: StatementSync;

  constructor(database: DatabaseSync) {
    this.#schedule = database.prepare(
      `INSERT INTO due_members (index_name, member, due_at) VALUES (?, ?, ?)
       ON CONFLICT (index_name, member) DO UPDATE SET due_at = excluded.due_at`,
    );
    this.#unschedule = database.prepare('DELETE FROM due_members WHERE index_name = ? AND member = ?');
    this.#list = database.prepare(
      'SELECT member, due_at FROM due_members WHERE index_name = ? AND due_at <= ? ORDER BY due_at, member LIMIT ?',
    );
  }

  schedule(index: string, member: string, dueAtMs: number): void {
    this.#schedule.run(index, member, dueAtMs);
  }

  unschedule(index: string, member: string): boolean {
    return this.#unschedule.run(index, member).changes === 1;
  }

  list(index: string, nowMs: number, limit: number): DueMember[] {
    return this.#list
      .all(index, nowMs, limit)
      .map((row) => ({ member: String(row['member']), dueAtMs: Number(row['due_at']) }));
  }

  claim(index: string, nowMs: number, limit: number, untilMs: number): DueMember[] {
    const claimed = this.list(index, nowMs, limit);
    for (const { member } of claimed) this.schedule(index, member, untilMs);
    return claimed;
  }
}
