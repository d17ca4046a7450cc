import type { DatabaseSync } from 'node:sqlite';

const SYNCHRONOUS_FULL = 2;

/** What would lose grants: a store in memory, or a file system on which the write-ahead log couldn't be turned on. */
export function sqliteProblems(database: DatabaseSync): string[] {
  const journalMode = String(database.prepare('PRAGMA journal_mode').get()?.['journal_mode']);
  const synchronous = Number(database.prepare('PRAGMA synchronous').get()?.['synchronous']);
  const problems: string[] = [];
  if (journalMode === 'memory') problems.push('The store lives in memory: every grant is lost when the process ends.');
  else if (journalMode !== 'wal') problems.push(`The store's journal mode is "${journalMode}" instead of "wal".`);
  if (synchronous < SYNCHRONOUS_FULL)
    problems.push('The store does not sync at each commit: a power cut loses grants.');
  return problems;
}
