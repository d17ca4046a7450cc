import { Observable } from '../state/observable.ts';
import type { ItemCollection } from './item-collection.ts';
import { ItemForest, type Branch } from './item-forest.ts';
import { ItemOrder, type SortColumn } from './item-order.ts';
import { inSlices, type SlicesEnvironment, type Work } from './slices.ts';

export interface Sorting {
  column: SortColumn;
  descending: boolean;
}

/** How a person wants to look at the items. */
export interface Look {
  shape: 'table' | 'tree';
  text: string;
  /** Empty: all. */
  types: readonly string[];
  /** Null: as they came. */
  sorting: Sorting | null;
}

/** The rows that come of a look at a collection. */
export interface ItemRows {
  shape: Look['shape'];
  /** Of the items of the rows, in their order. */
  indexes: Uint32Array;
  /** In a tree, the same rows as branches. */
  branches: readonly Branch[];
  /** How many items match; in a tree some of them may be in closed branches. */
  matching: Uint32Array;
  forest: ItemForest | null;
}

const STEPS_A_SLICE = 2_048;
const NOTHING = new Uint32Array();

/**
 * What is seen of a collection through a filter, in an order, as a table or a tree. It follows the collection as it grows and
 * the look as it changes; all of it in slices, so that a hundred thousand items keep nobody from typing.
 */
export class ItemView {
  readonly look = new Observable<Look>({ shape: 'table', text: '', types: [], sorting: null });
  readonly rows = new Observable<ItemRows>({
    ...{ shape: 'table', indexes: NOTHING, branches: [], matching: NOTHING, forest: null },
  });
  readonly #collection: ItemCollection;
  readonly #environment: SlicesEnvironment;
  readonly #orders = new Map<SortColumn, ItemOrder>();
  /** Branches opened by hand; and those closed by hand while a filter opens what leads to its finds. */
  readonly #opened = new Set<number>();
  readonly #closed = new Set<number>();
  #wanted = 0;
  #isAtWork = false;

  constructor(collection: ItemCollection, environment: SlicesEnvironment) {
    this.#collection = collection;
    this.#environment = environment;
  }

  get collection(): ItemCollection {
    return this.#collection;
  }

  change(changes: Partial<Look>): void {
    const look = { ...this.look.get(), ...changes };
    if (changes.text !== undefined || changes.types !== undefined) this.#closed.clear();
    this.look.set(look);
    this.refresh();
  }

  /** Ascending, descending, as they came. */
  sortBy(column: SortColumn): void {
    const { sorting } = this.look.get();
    if (sorting?.column !== column) this.change({ sorting: { column, descending: false } });
    else this.change({ sorting: sorting.descending ? null : { column, descending: true } });
  }

  setOpen(index: number, open: boolean): void {
    const [into, outOf] = open ? [this.#opened, this.#closed] : [this.#closed, this.#opened];
    into.add(index);
    outOf.delete(index);
    this.refresh();
  }

  /** Looks anew: something has come, or something else is wanted. What is under way for an earlier look is given up. */
  refresh(): void {
    this.#wanted += 1;
    if (!this.#isAtWork) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isAtWork = true;
    for (let at = 0; at !== this.#wanted;) {
      at = this.#wanted;
      const look = this.look.get();
      const isWanted = (): boolean => look === this.look.get();
      const rows = await inSlices(this.#rows(look), isWanted, this.#environment);
      if (rows) this.rows.set(rows);
      // While items stream in, each look is followed by another; in between the page is drawn.
      await this.#environment.breathe();
    }
    this.#isAtWork = false;
  }

  *#rows(look: Look): Work<ItemRows> {
    const order = yield* this.#order(look, this.#collection.count);
    const isFound = finder(this.#collection, look);
    const matching = isFound === null ? order : yield* filtered(order, isFound);
    const { shape } = look;
    if (shape === 'table') return { shape, indexes: matching, branches: [], matching, forest: null };
    const forest = yield* ItemForest.of(this.#collection, order, isFound);
    const isOpen = (index: number): boolean => (isFound === null ? this.#opened.has(index) : !this.#closed.has(index));
    const branches = yield* forest.branches(isOpen);
    const indexes = Uint32Array.from(branches, ({ index }) => index);
    return { shape, indexes, branches, matching, forest };
  }

  *#order({ sorting }: Look, count: number): Work<Uint32Array> {
    if (sorting === null) return Uint32Array.from({ length: count }, (_, index) => index);
    const known = this.#orders.get(sorting.column);
    const order = known?.isCurrent === true ? known : new ItemOrder(this.#collection, sorting.column);
    this.#orders.set(sorting.column, order);
    return yield* order.indexes(count, sorting.descending);
  }
}

/** @returns null when everything is to be seen */
function finder(collection: ItemCollection, { text, types }: Look): ((index: number) => boolean) | null {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && types.length === 0) return null;
  const wanted = new Set(types);
  return (index) => {
    if (wanted.size > 0 && !wanted.has(collection.at(index).type)) return false;
    const searched = collection.textAt(index);
    return words.every((word) => searched.includes(word));
  };
}

function* filtered(order: Uint32Array, isFound: (index: number) => boolean): Work<Uint32Array> {
  const found = new Uint32Array(order.length);
  let count = 0;
  for (const [step, index] of order.entries()) {
    if (step % STEPS_A_SLICE === 0) yield;
    if (isFound(index)) found[count++] = index;
  }
  return found.slice(0, count);
}
