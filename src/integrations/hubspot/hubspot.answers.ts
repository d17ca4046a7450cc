import { PatchbayError } from '../../errors/patchbay-error.ts';
import { PositionExpired, type ProviderPageRequest } from '../../items/item-source.ts';
import { object, text } from '../../items/provider-values.ts';
import type { JsonObject } from '../../oauth/oauth-client.ts';

/** What "List" and "Owners" give at most. */
export const MAX_PAGE_SIZE = 100;

/** Where the next page begins. */
export function nextAfter(answer: JsonObject): string | undefined {
  return text(object(object(answer['paging'])['next'])['after']);
}

/** How many results a search has, over all its pages. */
export function totalOf(answer: JsonObject): number | undefined {
  const { total } = answer;
  return typeof total === 'number' && Number.isSafeInteger(total) && total >= 0 ? total : undefined;
}

/** The load's signal, as a call takes it. */
export function signalOf({ signal }: ProviderPageRequest): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

/**
 * Reads a page from a place HubSpot named. Nothing says that it forgets such places, or what it would answer then.
 * @throws PositionExpired when it takes the request for a bad one: the place is all that wasn't in the first
 */
export async function unlessForgotten<Answer>(after: string | undefined, call: Promise<Answer>): Promise<Answer> {
  try {
    return await call;
  } catch (error) {
    if (after !== undefined && error instanceof PatchbayError && error.details.provider_status === 400)
      throw new PositionExpired('HubSpot no longer knows this place in its listing.', { cause: error });
    throw error;
  }
}
