import type { ErrorCode } from '../errors/error-code.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { IntegrationItem } from './integration-item.ts';
import type { ItemSource } from './item-source.ts';
import { ListingWalk, type WalkedPage } from './listing-walk.ts';
import { pageOf } from './listing-page.ts';
import { withFailed, withRefused, withType, type LoadPosition, type LoadQuery } from './load-position.ts';
import { sinceIn, undelivered, within } from './open-listing.ts';
import { toldRather } from './outage.ts';
import { isWanted } from './wanted.ts';

/**
 * After this long a page goes out with what it has, be it nothing: a slow provider never looks like a hanging one, and one
 * whose pages are empty doesn't keep us for ever.
 */
const PAGE_TIME_BUDGET_MS = 15_000;
/** Listings asked for at the same time, and how many items one is taken to hold until it is known. */
const MAX_WIDTH = 10;
const EXPECTED_ITEMS = 100;

export interface PageRequest extends LoadQuery {
  /** The most items the page may hold. */
  readonly pageSize: number;
  readonly signal?: AbortSignal;
}

export interface LoadedPage {
  readonly items: readonly IntegrationItem[];
  /** Where the load stands now. */
  readonly end: LoadPosition;
}

/** Errors that speak of the connection or of us, not of one item type: they end the load. */
const ENDS_THE_LOAD: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'reauthorization_required',
  'connection_not_found',
  'storage_unavailable',
  'internal_error',
]);

/** Asked to slow down, by the provider or by our own line to it. */
const ENDS_THE_PAGE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['provider_rate_limited', 'service_unavailable']);

/** What ails a provider for a while, not one item type for good. */
const GOES_BY: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['provider_unavailable', 'provider_timeout']);

/** Whether there is nothing left to load. */
export function isDone({ types }: LoadPosition): boolean {
  return types.every(({ open }) => open.length === 0);
}

/**
 * Fills one page of ours from as many of the provider's as it takes, going through the item types in order. An item type
 * that fails is noted and passed over; a provider that asks to slow down ends the page early, and nothing is lost.
 * @throws PatchbayError when nothing could be loaded and another try may help, or the connection itself can't be used
 */
export async function loadPage(source: ItemSource, request: PageRequest, from: LoadPosition): Promise<LoadedPage> {
  const enough = new AbortController();
  const signals = [enough.signal, ...(request.signal === undefined ? [] : [request.signal])];
  const filling = new PageFilling(source, { ...request, signal: AbortSignal.any(signals) }, from);
  try {
    return await filling.fill();
  } finally {
    // What was asked for ahead and found no room.
    enough.abort();
  }
}

class PageFilling {
  readonly #source: ItemSource;
  readonly #request: PageRequest;
  readonly #stopAt = performance.now() + PAGE_TIME_BUDGET_MS;
  readonly #items: IntegrationItem[] = [];
  #position: LoadPosition;
  #pages = 0;
  #expected = EXPECTED_ITEMS;
  #told: PatchbayError | undefined;

  constructor(source: ItemSource, request: PageRequest, from: LoadPosition) {
    this.#source = source;
    this.#request = request;
    this.#position = from;
  }

  async fill(): Promise<LoadedPage> {
    const { itemTypes } = this.#request;
    for (const [index, itemType] of itemTypes.entries()) {
      try {
        await this.#loadType(index, itemType);
      } catch (error) {
        const failed = asTypeFailure(error);
        if (ENDS_THE_PAGE.has(failed.code)) {
          // An empty page that leads on is worth more than an error: what was read to get there needn't be read again.
          if (this.#pages === 0) throw failed;
          break;
        }
        this.#passOver(index, itemType, failed);
      }
      if (!this.#mayGoOn) break;
    }
    const end = this.#position;
    if (this.#items.length === 0 && isDone(end) && this.#told !== undefined && this.#isWorthAnotherTry(this.#told))
      throw this.#told;
    return { items: this.#items, end };
  }

  async #loadType(index: number, itemType: string): Promise<void> {
    const { open, since } = this.#position.types[index] ?? { open: [] };
    const walk = new ListingWalk(open, (listing) => {
      const limit = (listing.skip ?? 0) + this.#missing;
      return pageOf(this.#source, { itemType, limit, since, signal: this.#request.signal }, listing);
    });
    this.#expected = EXPECTED_ITEMS;
    while (this.#mayGoOn) {
      const page = await walk.next(this.#width);
      if (page === undefined) return;
      this.#pages += 1;
      this.#expect(page);
      this.#take(index, itemType, page, since);
    }
  }

  /** What a page costs that finds no room is a call to the provider for nothing. */
  #expect({ before, items, eachBelow }: WalkedPage): void {
    if (eachBelow !== undefined) this.#expected = eachBelow;
    else if (before[0]?.key !== undefined) this.#expected = Math.max(1, (this.#expected + items.length) / 2);
  }

  /** A page may be late or full only once there is one: each makes some progress. */
  get #mayGoOn(): boolean {
    return this.#missing > 0 && (this.#pages === 0 || performance.now() <= this.#stopAt);
  }

  get #missing(): number {
    return this.#request.pageSize - this.#items.length;
  }

  /** As many listings as may be needed to fill what is missing. */
  get #width(): number {
    return Math.min(MAX_WIDTH, Math.ceil(this.#missing / this.#expected));
  }

  #take(index: number, itemType: string, page: WalkedPage, typeSince: string | undefined): void {
    const [head = {}, ...others] = page.before;
    const { refused: error } = page;
    const left = undelivered(page.items, head);
    const delivered = [...page.items.slice(0, page.items.length - left.length)];
    const since = sinceIn(head, typeSince);
    for (const item of left) {
      if (this.#missing === 0) {
        this.#position = withType(this.#position, index, [within(head, delivered), ...others]);
        return;
      }
      delivered.push(item);
      if (isWanted(item, since)) this.#items.push(item);
    }
    this.#position = withType(this.#position, index, page.after);
    if (error === undefined) return;
    const failure = { item_type: itemType, error: error.code, message: error.message };
    this.#position = withRefused(this.#position, index, { listing: head, failure });
  }

  #passOver(index: number, item_type: string, failed: PatchbayError): void {
    this.#told = toldRather(this.#told, failed);
    this.#position = withFailed(this.#position, index, { item_type, error: failed.code, message: failed.message });
  }

  /**
   * Whether a page without one item is better told as an error: nothing of the load ever worked, or the provider went away
   * on the way and the same cursor goes on where it stands once it is back.
   */
  #isWorthAnotherTry(error: PatchbayError): boolean {
    const goesBy = GOES_BY.has(error.code) || error.details.retry_after !== undefined;
    const failed = new Set(this.#position.failures.map(({ item_type }) => item_type));
    return goesBy || this.#request.itemTypes.every((type) => failed.has(type));
  }
}

/** @throws the error itself when it ends the whole load */
export function asTypeFailure(error: unknown): PatchbayError {
  if (error instanceof PatchbayError && !ENDS_THE_LOAD.has(error.code)) return error;
  throw error;
}
