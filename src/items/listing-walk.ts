import { PatchbayError } from '../errors/patchbay-error.ts';
import { PositionExpired, type ProviderPage } from './item-source.ts';
import type { IntegrationItem } from './integration-item.ts';
import { openAfter, restarted, type OpenListing } from './load-position.ts';

/** A provider that forgets where we were each time would have us begin anew for ever. */
const MAX_RESTARTS = 2;
/** So many refusals without an answer between them are no longer about single listings: a scope is missing. */
const MAX_REFUSALS = 5;

export interface WalkedPage {
  readonly items: readonly IntegrationItem[];
  /** What was left to load before this page, and what is after it. */
  readonly before: readonly OpenListing[];
  readonly after: readonly OpenListing[];
  readonly total?: number;
  /** Why a listing below others was passed over: it was refused, and is no reason to give up the rest. */
  readonly refused?: PatchbayError;
}

type Fetched = { readonly page: ProviderPage } | { readonly error: unknown };

/**
 * Loads the listings of one item type, page by page in their order, and asks for those that come next while the first is
 * awaited. What it holds is what was asked for ahead, and nothing once that is taken.
 */
export class ListingWalk {
  readonly #fetch: (listing: OpenListing) => Promise<ProviderPage>;
  readonly #asked = new Map<OpenListing, Promise<Fetched>>();
  #open: readonly OpenListing[];
  #refusals = 0;

  constructor(open: readonly OpenListing[], fetch: (listing: OpenListing) => Promise<ProviderPage>) {
    this.#open = open;
    this.#fetch = fetch;
  }

  /** What is left to load after the pages that were taken. */
  get open(): readonly OpenListing[] {
    return this.#open;
  }

  /** Asks for the next pages of up to so many listings, the first ones. */
  askAhead(width: number): void {
    for (const listing of this.#open.slice(0, width)) {
      if (this.#asked.has(listing)) continue;
      const fetched = this.#fetch(listing).then(
        (page): Fetched => ({ page }),
        (error: unknown): Fetched => ({ error }),
      );
      this.#asked.set(listing, fetched);
    }
  }

  /**
   * The next page. @param width as `askAhead`
   * @returns undefined when all is loaded
   * @throws what kept the page from loading; the next call asks for it again
   */
  async next(width: number): Promise<WalkedPage | undefined> {
    const before = this.#open;
    const [head] = before;
    if (head === undefined) return undefined;
    this.askAhead(Math.max(1, width));
    const fetched = await this.#asked.get(head);
    this.#asked.delete(head);
    if (fetched === undefined) throw new TypeError('A page was taken that nobody asked for.');
    if ('error' in fetched) return this.#failed(head, fetched.error);
    if (head.key !== undefined) this.#refusals = 0;
    const { items, total } = fetched.page;
    this.#open = openAfter(before, fetched.page);
    return { items, before, after: this.#open, ...(total === undefined ? {} : { total }) };
  }

  #failed(head: OpenListing, error: unknown): WalkedPage {
    const before = this.#open;
    if (error instanceof PositionExpired) {
      if ((head.restarts ?? 0) >= MAX_RESTARTS) throw forgetful();
      this.#open = [restarted(head), ...before.slice(1)];
      return { items: [], before, after: this.#open };
    }
    if (head.key === undefined || !isRefusal(error) || this.#refusals + 1 >= MAX_REFUSALS) throw error;
    this.#refusals += 1;
    this.#open = before.slice(1);
    return { items: [], before, after: this.#open, refused: error };
  }
}

/** An answer that would be the same the next time, and speaks of this listing alone. */
function isRefusal(error: unknown): error is PatchbayError {
  if (!(error instanceof PatchbayError) || error.code !== 'provider_error') return false;
  const status = error.details.provider_status ?? 0;
  return status < 500 && status !== 401;
}

function forgetful(): PatchbayError {
  return new PatchbayError('provider_protocol_error', 'The provider keeps forgetting how far we were.');
}
