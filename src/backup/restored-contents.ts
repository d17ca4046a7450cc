import type { CredentialCipher } from '../crypto/credential-cipher.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { KINDS, kindOf, type Kind } from './backup-contents.ts';
import type { BackupReader } from './backup-reader.ts';
import type { BackupRecord } from './backup-record.ts';
import type { Outcome, Restorer } from './restorer.ts';

/** Enough for the store to write many in one transaction, and little enough in memory. */
const AT_ONCE = 256;

export type Restored = Readonly<Record<Outcome | 'failed', number>>;
export type RestoredByKind = Readonly<Record<Kind, Restored>>;

export interface RestoreObserver {
  /** @param done records so far */
  progress(done: number): void;
  failed(kind: Kind, id: string, error: PatchbayError): void;
}

/**
 * Goes through all of a backup before any of it is used.
 * @returns how many records it holds
 * @throws BackupError when it isn't whole and genuine
 */
export async function verifyBackup(
  reader: BackupReader,
  cipher: CredentialCipher,
  progress: (done: number) => void,
): Promise<number> {
  let done = 0;
  for await (const record of reader.records(cipher)) {
    kindOf(record);
    progress((done += 1));
  }
  return done;
}

/** Restores what `verifyBackup` has gone through. @throws PatchbayError `storage_unavailable`: then it may be run again */
export async function restoreContents(
  reader: BackupReader,
  cipher: CredentialCipher,
  { restorers, dryRun }: { readonly restorers: Readonly<Record<Kind, Restorer>>; readonly dryRun: boolean },
  observer: RestoreObserver,
): Promise<RestoredByKind> {
  const counts = { client: noneYet(), connection: noneYet() };
  let done = 0;
  const restore = async (record: BackupRecord): Promise<void> => {
    const kind = kindOf(record);
    try {
      counts[kind][await restorers[kind].restore(record, dryRun)] += 1;
    } catch (error) {
      if (!(error instanceof PatchbayError) || error.code === 'storage_unavailable') throw error;
      counts[kind].failed += 1;
      observer.failed(kind, record.id, error);
    }
    observer.progress((done += 1));
  };
  for await (const some of groupsOf(AT_ONCE, reader.records(cipher))) await Promise.all(some.map(restore));
  return counts;
}

function noneYet(): Record<Outcome | 'failed', number> {
  return { restored: 0, kept: 0, lapsed: 0, failed: 0 };
}

/** Over all kinds. */
export function total(counts: RestoredByKind, outcome: Outcome | 'failed'): number {
  return KINDS.reduce((sum, kind) => sum + counts[kind][outcome], 0);
}

async function* groupsOf<T>(size: number, all: AsyncIterable<T>): AsyncGenerator<readonly T[]> {
  let group: T[] = [];
  for await (const one of all) {
    group.push(one);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
