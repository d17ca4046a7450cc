import type { ItemSource, ProviderPage } from './item-source.ts';
import { sinceIn, type OpenListing } from './open-listing.ts';

export interface ListingQuery {
  readonly itemType: string;
  readonly limit: number;
  /** RFC 3339, of the whole type. */
  readonly since: string | undefined;
  readonly wantsTotal?: boolean;
  readonly signal: AbortSignal | undefined;
}

/** The page of a listing where it stands. */
export function pageOf(source: ItemSource, query: ListingQuery, listing: OpenListing): Promise<ProviderPage> {
  const { itemType, limit, wantsTotal, signal } = query;
  const { key, at } = listing;
  const since = sinceIn(listing, query.since);
  return source.page({
    itemType,
    limit,
    ...(key === undefined ? {} : { listing: key }),
    ...(at === undefined ? {} : { position: at }),
    ...(since === undefined ? {} : { modifiedSince: new Date(since) }),
    ...(wantsTotal === undefined ? {} : { wantsTotal }),
    ...(signal === undefined ? {} : { signal }),
  });
}
