import { PatchbayError } from '../errors/patchbay-error.ts';
import type { BackupRecord } from './backup-record.ts';

/**
 * What became of a record: it was `restored`; what the store has is as new or newer, and was `kept`; or its connection has
 * `lapsed`, unused for so long by now that it would be ended at once.
 */
export type Outcome = 'restored' | 'kept' | 'lapsed';

export interface Restorer {
  /**
   * @param dryRun says what would become of it, and writes nothing
   * @throws PatchbayError `internal_error` when it can't be read or opened, `storage_unavailable`
   */
  restore(record: BackupRecord, dryRun: boolean): Promise<Outcome>;
}

/** How often a record is looked at anew when somebody else writes it at the same time. */
export const WRITE_ATTEMPTS = 10;

export function tooMuchWritten(): PatchbayError {
  return new PatchbayError(
    'storage_unavailable',
    'A record could not be restored: too much is written to it. Try again.',
  );
}
