import { PatchbayError } from '../../errors/patchbay-error.ts';
import { PositionExpired, type ProviderPageRequest } from '../../items/item-source.ts';

export type Json = Readonly<Record<string, unknown>>;
export type Cancel = ProviderPageRequest['signal'];

export function cancelledBy(signal: Cancel): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

/**
 * Reads a page at an offset. "List records": an iterator is forgotten after a while, and its offset answered with 422
 * (`LIST_RECORDS_ITERATOR_NOT_AVAILABLE`); how the other lists say it isn't documented. Were the 422 about anything else,
 * the page without an offset would get it, too.
 * @throws PositionExpired
 */
export async function whileRemembered<Answer>(offset: string | undefined, call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    const { provider_status } = error instanceof PatchbayError ? error.details : {};
    if (offset !== undefined && provider_status === 422) throw new PositionExpired(undefined, { cause: error });
    throw error;
  }
}
