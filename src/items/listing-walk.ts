import { PatchbayError } from '../errors/patchbay-error.ts';
import { PositionExpired, type ProviderPage } from './item-source.ts';
import type { IntegrationItem } from './integration-item.ts';
import { openAfter, restarted, type OpenListing } from './open-listing.ts';

/** A provider that forgets where we were each time would have us begin anew for ever. */
const MAX_RESTARTS = 2;
/** So many refusals, and not one listing that answers, are no longer about single ones: a scope is missing. */
const MAX_REFUSALS = 20;

export interface WalkedPage {
  readonly items: readonly IntegrationItem[];
  /** What was left to load before this page, and what is after it. */
  readonly before: readonly OpenListing[];
  readonly after: readonly OpenListing[];
  readonly total?: number;
  /** About how many items each of the listings below holds, where the source can tell. */
  readonly eachBelow?: number;
  /** Why the listing was passed over: it lies below others, and is no reason to give them up. */
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
  #hasAnswered = false;

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
    for (const [index, listing] of this.#open.slice(0, width).entries()) {
      if (this.#asked.has(listing)) continue;
      // The first is waited for. The others may wait: what was asked for further on is held until it is their turn.
      if (index > 0 && this.#asked.size >= width) return;
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
    if (head.key !== undefined) this.#hasAnswered = true;
    const { items, total, eachBelow } = fetched.page;
    try {
      this.#open = openAfter(before, fetched.page);
    } catch (error) {
      return { ...this.#failed(head, error), items };
    }
    return {
      items,
      before,
      after: this.#open,
      ...(total === undefined ? {} : { total }),
      ...(eachBelow === undefined ? {} : { eachBelow }),
    };
  }

  #failed(head: OpenListing, error: unknown): WalkedPage {
    const before = this.#open;
    if (error instanceof PositionExpired) {
      if ((head.restarts ?? 0) >= MAX_RESTARTS) return this.#failed(head, forgetful());
      this.#open = [restarted(head), ...before.slice(1)];
      return { items: [], before, after: this.#open };
    }
    if (head.key === undefined || !isOfOne(error)) throw error;
    this.#refusals += 1;
    if (!this.#hasAnswered && this.#refusals >= MAX_REFUSALS) throw error;
    this.#open = before.slice(1);
    return { items: [], before, after: this.#open, refused: error };
  }
}

/** What would be the same the next time, and speaks of this listing alone: it is refused, or makes no sense. */
function isOfOne(error: unknown): error is PatchbayError {
  if (!(error instanceof PatchbayError)) return false;
  if (error.code === 'provider_protocol_error') return true;
  const status = error.details.provider_status ?? 0;
  return error.code === 'provider_error' && status < 500 && status !== 401;
}

function forgetful(): PatchbayError {
  return new PatchbayError('provider_protocol_error', 'The provider keeps forgetting how far we were.');
}
