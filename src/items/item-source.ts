import type { IntegrationItem } from './integration-item.ts';

export interface ProviderPageRequest {
  readonly itemType: string;
  /**
   * Which of the type's listings, as a page named it in `below`: the tables of one base, the replies of one thread.
   * Absent: the one that all others are found by.
   */
  readonly listing?: string;
  /** Where to go on in it, as the source said it itself; absent: from the start. */
  readonly position?: string;
  /** How many items would be useful. A source may give fewer or more, but the same start gives the same order. */
  readonly limit: number;
  readonly modifiedSince?: Date;
  /** Whether somebody watches how far the load is: a total may be worth a call that no page waits for. */
  readonly wantsTotal?: boolean;
  readonly signal?: AbortSignal;
}

export interface ProviderPage {
  readonly items: readonly IntegrationItem[];
  /** Absent: that was the listing's last page. An empty page with a next one is normal. */
  readonly next?: string;
  /**
   * Listings that this page leads to. They are loaded in this order, each to its end, before the page after this one. They
   * go into cursors: short texts, and no more of them a page than a cursor holds.
   */
  readonly below?: readonly string[];
  /** About how many items each of them holds, where that is few: more of them are then asked for at the same time. */
  readonly eachBelow?: number;
  /** How many items the listing has in all, where the provider tells and as soon as it has. */
  readonly total?: number;
}

/** What an integration can list for one connection. Pages of different listings are asked for at the same time. */
export interface ItemSource {
  /**
   * @throws PositionExpired when the provider has forgotten the position: the listing is begun anew
   * @throws PatchbayError `provider_*`
   */
  page(request: ProviderPageRequest): Promise<ProviderPage>;
}

/** A position that the provider no longer knows. */
export class PositionExpired extends Error {
  override readonly name = 'PositionExpired';
}

/** How a load finds what changed since some time, of one item type. */
export interface ItemChanges {
  /**
   * `provider`: its own filter or order does; `patchbay`: everything is read, and compared by its time of change; `nobody`:
   * the provider tells no time of change, so that everything comes again.
   */
  readonly foundBy: 'provider' | 'patchbay' | 'nobody';
  /** Whether what was deleted meanwhile is among the items, with `delta: "deleted"`. */
  readonly showsDeletions: boolean;
  /** How far the provider's index may be behind. The next increment begins that much before this load did. */
  readonly lagSeconds: number;
}
