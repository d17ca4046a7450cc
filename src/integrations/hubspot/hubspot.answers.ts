import type { ProviderPageRequest } from '../../items/item-source.ts';
import { object, text } from '../../items/provider-values.ts';
import type { JsonObject } from '../../oauth/oauth-client.ts';

/** What "List" and "Owners" give at most. */
export const MAX_PAGE_SIZE = 100;
/** For an `after` that it takes for a bad one. Nothing says that HubSpot forgets them, or what it would answer then. */
export const FORGOTTEN_AFTER = 400;

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
