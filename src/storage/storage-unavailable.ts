import { PatchbayError } from '../errors/patchbay-error.ts';

/** Seconds a caller is told to wait: reconnecting takes at most two, a locked file far less. */
const RETRY_AFTER_SECONDS = 2;

/**
 * The one failure of a store. Whether the operation took effect is unknown when the answer was lost on the way: a caller
 * that must know reads the record again.
 */
export function storageUnavailable(cause: unknown, message = 'The store is not available.'): PatchbayError {
  return new PatchbayError('storage_unavailable', message, { retry_after: RETRY_AFTER_SECONDS }, { cause });
}

export function isStorageUnavailable(error: unknown): boolean {
  return error instanceof PatchbayError && error.code === 'storage_unavailable';
}
