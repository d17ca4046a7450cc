import type { ItemSource, ProviderPage } from './item-source.ts';
import type { OpenListing } from './load-position.ts';

export interface ListingQuery {
  readonly itemType: string;
  readonly limit: number;
  /** RFC 3339. */
  readonly since: string | undefined;
  readonly wantsTotal?: boolean;
  readonly signal: AbortSignal | undefined;
}

/** The page of a listing where it stands. */
export function pageOf(source: ItemSource, query: ListingQuery, { key, at }: OpenListing): Promise<ProviderPage> {
  const { itemType, limit, since, wantsTotal, signal } = query;
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
