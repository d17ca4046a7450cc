import { PatchbayError } from '../errors/patchbay-error.ts';
import type { IntegrationItem } from './integration-item.ts';
import type { ItemSource } from './item-source.ts';
import { pageOf } from './listing-page.ts';
import { ListingWalk, type WalkedPage } from './listing-walk.ts';
import { asTypeFailure } from './load-page.ts';
import {
  withFailure,
  withRefused,
  withType,
  type LoadFailure,
  type LoadPosition,
  type LoadQuery,
} from './load-position.ts';
import { sinceIn, undelivered, type OpenListing } from './open-listing.ts';
import { toldRather } from './outage.ts';
import { patiently } from './patient-page.ts';
import { ReadyLine } from './ready-line.ts';
import { isWanted } from './wanted.ts';

/** Listings of one type that are asked for at the same time, while the reader keeps up. */
const MAX_WIDTH = 10;
/** As many items a page as any provider gives. */
const PROVIDER_PAGE = 1_000;
/** Who takes longer to come for the next page has enough of them. */
const SLOW_READER_MS = 100;

export interface StreamQuery extends LoadQuery {
  /** Aborted: nobody waits any more, or the process ends. Asks of the provider end with it. */
  readonly signal: AbortSignal;
}

/** What a type's calls are made with, and whom its waits are told. */
export type SourceOf = (itemType: string, onWait: (waitMs: number) => void) => ItemSource;

export interface StreamedPage {
  readonly itemType: string;
  readonly items: readonly IntegrationItem[];
  readonly total?: number;
  /** Whether it was the type's last. */
  readonly isLast: boolean;
}

interface TypeWalk {
  readonly index: number;
  readonly itemType: string;
  readonly since: string | undefined;
  readonly walk: ListingWalk;
}

type Pulled = { readonly type: TypeWalk } & ({ readonly page: WalkedPage | undefined } | { readonly error: unknown });

/**
 * Loads all item types side by side, each in the provider's order, as fast as they are read and the provider allows: while a
 * page is read the next one is on its way, and no more than that for a reader who is slow.
 */
export class ItemStream {
  readonly #query: StreamQuery;
  readonly #types: readonly TypeWalk[];
  readonly #ready = new ReadyLine<Pulled>();
  readonly #over = new AbortController();
  /** Of whole types: not the position's, which goes on where they were left. */
  readonly #failures: LoadFailure[] = [];
  #position: LoadPosition;
  #width = MAX_WIDTH;
  /** Of no item type: it ends the stream. */
  #ended: PatchbayError | undefined;

  constructor(
    sourceOf: SourceOf,
    query: StreamQuery,
    from: LoadPosition,
    onWait: (itemType: string, waitMs: number) => void,
  ) {
    this.#query = query;
    this.#position = from;
    const signal = AbortSignal.any([query.signal, this.#over.signal]);
    const types = query.itemTypes.map((itemType, index) => ({ itemType, index, ...from.types[index] }));
    this.#types = types.map(({ itemType, index, open = [], since }) => {
      const told = (waitMs: number): void => onWait(itemType, waitMs);
      const source = sourceOf(itemType, told);
      const page = { itemType, limit: PROVIDER_PAGE, since, wantsTotal: true, signal };
      const walk = new ListingWalk(open, (one) => patiently(() => pageOf(source, page, one), signal, told));
      return { itemType, index, since, walk };
    });
  }

  /**
   * Where the load stands after the pages that were handed out, the one that is being read included: whatever is told of it
   * goes behind that page. What isn't in it may be loaded from there.
   */
  get position(): LoadPosition {
    return this.#position;
  }

  /** What wasn't had, on the way to this position or of what is open. */
  get failures(): readonly LoadFailure[] {
    return this.#failures.reduce(withFailure, this.#position).failures;
  }

  /**
   * @throws PatchbayError when nothing at all was to be had; what ails one type, or ends a stream that had begun, is among its
   * failures instead
   */
  async *pages(): AsyncGenerator<StreamedPage, void, undefined> {
    let isBegun = false;
    let told: PatchbayError | undefined;
    const walking = new Set(this.#types.filter(({ walk }) => walk.open.length > 0));
    for (const type of walking) this.#pull(type);
    try {
      while (walking.size > 0 && this.#ended === undefined) {
        const pulled = await this.#ready.next();
        const { type } = pulled;
        if ('error' in pulled) told = toldRather(told, this.#failed(type, pulled.error));
        if ('error' in pulled || pulled.page === undefined) {
          walking.delete(type);
          continue;
        }
        isBegun = true;
        const handedAt = performance.now();
        yield this.#handedOver(type, pulled.page);
        this.#taken(type, performance.now() - handedAt);
      }
    } finally {
      // Nobody waits any more for what is still on its way.
      this.#over.abort();
    }
    const failed = this.#ended ?? told;
    if (!isBegun && failed !== undefined) throw failed;
  }

  #handedOver(type: TypeWalk, page: WalkedPage): StreamedPage {
    const { itemType, since, walk } = type;
    const [head = {}] = page.before;
    this.#advance(type, head, page);
    // The page after this one is on its way while this one is read.
    walk.askAhead(this.#width);
    const wantedSince = sinceIn(head, since);
    const items = undelivered(page.items, head).filter((item) => isWanted(item, wantedSince));
    const isLast = page.after.length === 0;
    return { itemType, items, isLast, ...(page.total === undefined ? {} : { total: page.total }) };
  }

  #advance(type: TypeWalk, listing: OpenListing, { after, refused }: WalkedPage): void {
    const { index } = type;
    this.#position = withType(this.#position, index, after);
    if (refused !== undefined)
      this.#position = withRefused(this.#position, index, { listing, failure: failureOf(type, refused) });
  }

  #taken(type: TypeWalk, readMs: number): void {
    this.#width = readMs > SLOW_READER_MS ? 1 : Math.min(MAX_WIDTH, this.#width * 2);
    this.#pull(type);
  }

  #pull(type: TypeWalk): void {
    type.walk.next(this.#width).then(
      (page) => this.#ready.add({ type, page }),
      (error: unknown) => this.#ready.add({ type, error }),
    );
  }

  #failed(type: TypeWalk, error: unknown): PatchbayError {
    // The process ends, which is no failure of this type alone.
    const { reason } = this.#query.signal as { readonly reason: unknown };
    const failed = this.#query.signal.aborted && reason instanceof PatchbayError ? reason : asPatchbayError(error);
    if (isEnd(error) || failed === reason) {
      this.#ended = failed;
      const left = this.#types.filter(({ index }) => (this.#position.types[index]?.open.length ?? 0) > 0);
      this.#failures.push(...left.map((one) => failureOf(one, failed)));
    } else this.#failures.push(failureOf(type, failed));
    return failed;
  }
}

function failureOf({ itemType: item_type }: TypeWalk, { code, message }: PatchbayError): LoadFailure {
  return { item_type, error: code, message };
}

/** Whether it speaks of the connection or of us, not of one item type. */
function isEnd(error: unknown): boolean {
  try {
    asTypeFailure(error);
    return false;
  } catch {
    return true;
  }
}

/** @throws the error itself when it is a defect, or the end of who asked */
function asPatchbayError(error: unknown): PatchbayError {
  if (error instanceof PatchbayError) return error;
  throw error;
}
