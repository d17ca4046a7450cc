/** How far one item type is. Seconds are whole. */
export interface TypeProgress {
  readonly item_type: string;
  readonly loaded: number;
  /** Of the provider's. */
  readonly pages: number;
  /** How many items there are, where the provider tells. */
  readonly total: number | null;
  /** How often the provider's limit, or an outage, has made us wait. */
  readonly waits: number;
  /** When we go on, in seconds; null when we aren't waiting. */
  readonly waiting_in: number | null;
  readonly done: boolean;
}

/** Waits that nobody would notice aren't worth a word. */
const WORTH_TELLING_MS = 500;

/** Counts what a stream has loaded of each of its types. */
export class LoadProgress {
  readonly #types: Map<string, MutableProgress>;
  readonly #now: () => number;

  constructor(itemTypes: readonly string[], now: () => number = () => performance.now()) {
    this.#types = new Map(itemTypes.map((type) => [type, new MutableProgress()]));
    this.#now = now;
  }

  get loaded(): number {
    return [...this.#types.values()].reduce((sum, { loaded }) => sum + loaded, 0);
  }

  page(itemType: string, items: number, total: number | undefined): void {
    const type = this.#types.get(itemType);
    if (type === undefined) return;
    type.loaded += items;
    type.pages += 1;
    type.total = total ?? type.total;
    type.isTold = false;
  }

  /** @param waitMs 0: the wait is over */
  waits(itemType: string, waitMs: number): void {
    const type = this.#types.get(itemType);
    if (type === undefined) return;
    if (waitMs >= WORTH_TELLING_MS) type.waits += 1;
    type.goesOnAt = waitMs >= WORTH_TELLING_MS ? this.#now() + waitMs : undefined;
    type.isTold = false;
  }

  done(itemType: string): void {
    const type = this.#types.get(itemType);
    if (type === undefined) return;
    type.done = true;
    type.isTold = false;
  }

  /** All types that aren't done, and those that came to be since this was asked last. */
  news(): readonly TypeProgress[] {
    const news = [...this.#types].filter(([, type]) => !type.done || !type.isTold);
    for (const [, type] of news) type.isTold = true;
    return news.map(([itemType, type]) => this.#shown(itemType, type));
  }

  #shown(item_type: string, { loaded, pages, total, waits, goesOnAt, done }: MutableProgress): TypeProgress {
    const leftMs = (goesOnAt ?? 0) - this.#now();
    const waiting_in = leftMs > 0 ? Math.ceil(leftMs / 1000) : null;
    return { item_type, loaded, pages, total, waits, waiting_in, done };
  }
}

class MutableProgress {
  loaded = 0;
  pages = 0;
  total: number | null = null;
  waits = 0;
  goesOnAt: number | undefined;
  done = false;
  isTold = false;
}
