import { PatchbayError } from '../errors/patchbay-error.ts';
import type { IntegrationItem } from './integration-item.ts';
import type { ItemSource } from './item-source.ts';
import { pageOf } from './listing-page.ts';
import { ListingWalk, type WalkedPage } from './listing-walk.ts';
import { asTypeFailure } from './load-page.ts';
import { withFailure, withType, type LoadPosition, type LoadQuery } from './load-position.ts';
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
    const types = query.itemTypes.map((itemType, index) => ({ itemType, index, ...from.types[index] }));
    this.#types = types.map(({ itemType, index, open = [], since }) => {
      const told = (waitMs: number): void => onWait(itemType, waitMs);
      const source = sourceOf(itemType, told);
      const page = { itemType, limit: PROVIDER_PAGE, since, signal: query.signal };
      const walk = new ListingWalk(open, (listing) =>
        patiently(() => pageOf(source, page, listing), query.signal, told),
      );
      return { itemType, index, since, walk };
    });
  }

  /** Where the load stands after the pages that were taken: what isn't in it may be loaded from there. */
  get position(): LoadPosition {
    return this.#position;
  }

  /**
   * @throws PatchbayError when nothing at all was to be had; what ails one type, or ends a stream that had begun, is among the
   * failures of the position instead
   */
  async *pages(): AsyncGenerator<StreamedPage, void, undefined> {
    let isBegun = false;
    let walking = this.#types.filter(({ walk }) => walk.open.length > 0).length;
    for (const type of this.#types) if (type.walk.open.length > 0) this.#pull(type);
    let told: unknown;
    while (walking > 0 && this.#ended === undefined) {
      const pulled = await this.#ready.next();
      const page = 'error' in pulled ? this.#failed(pulled.type, pulled.error) : pulled.page;
      if ('error' in pulled) told ??= pulled.error;
      if (page === undefined) {
        walking -= 1;
        continue;
      }
      isBegun = true;
      yield* this.#handedOver(pulled.type, page);
    }
    if (!isBegun && told !== undefined) throw told;
  }

  async *#handedOver(type: TypeWalk, page: WalkedPage): AsyncGenerator<StreamedPage, void, undefined> {
    const { index, itemType, since, walk } = type;
    // The page after this one is on its way while this one is read.
    walk.askAhead(this.#width);
    const skip = page.before[0]?.skip ?? 0;
    const items = page.items.slice(skip).filter((item) => isWanted(item, since));
    if (page.refused !== undefined) this.#note(itemType, page.refused);
    const readSince = performance.now();
    const isLast = page.after.length === 0;
    yield { itemType, items, isLast, ...(page.total === undefined ? {} : { total: page.total }) };
    this.#position = withType(this.#position, index, page.after);
    const isSlow = performance.now() - readSince > SLOW_READER_MS;
    this.#width = isSlow ? 1 : Math.min(MAX_WIDTH, this.#width * 2);
    this.#pull(type);
  }

  #pull(type: TypeWalk): void {
    type.walk.next(this.#width).then(
      (page) => this.#ready.add({ type, page }),
      (error: unknown) => this.#ready.add({ type, error }),
    );
  }

  #failed({ itemType }: TypeWalk, error: unknown): undefined {
    // The process ends, which is no failure of this type alone.
    const { reason } = this.#query.signal as { readonly reason: unknown };
    const failed = this.#query.signal.aborted && reason instanceof PatchbayError ? reason : asPatchbayError(error);
    if (isEnd(error) || failed === reason) {
      this.#ended = failed;
      for (const { itemType: left, index } of this.#types)
        if ((this.#position.types[index]?.open.length ?? 0) > 0) this.#note(left, failed);
    } else this.#note(itemType, failed);
    return undefined;
  }

  #note(item_type: string, { code, message }: PatchbayError): void {
    this.#position = withFailure(this.#position, { item_type, error: code, message });
  }
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
