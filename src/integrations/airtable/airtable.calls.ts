import type { ProviderPageRequest } from '../../items/item-source.ts';

export type Json = Readonly<Record<string, unknown>>;
export type Cancel = ProviderPageRequest['signal'];

/**
 * "List records": an iterator is forgotten after a while, and its offset answered with
 * `LIST_RECORDS_ITERATOR_NOT_AVAILABLE`; how the other lists say it isn't documented.
 */
export const FORGOTTEN_OFFSET = 422;

export function cancelledBy(signal: Cancel): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
