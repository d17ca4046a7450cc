import type { IntegrationItem } from '../api/types.ts';
import type { ItemCollection } from './item-collection.ts';
import type { Work } from './slices.ts';

export const SORT_COLUMNS = ['name', 'type', 'parent', 'created', 'modified', 'visibility'] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

type Value = string | boolean | null;

// One for all: making it costs more than a thousand comparisons.
const collator = new Intl.Collator(undefined, { numeric: true });

/** By which each column is sorted. Texts as people read them, times and flags as they are. */
const COLUMNS: Record<SortColumn, { value: (item: IntegrationItem) => Value; isText: boolean }> = {
  name: { value: (item) => item.name, isText: true },
  type: { value: (item) => item.type, isText: true },
  parent: { value: (item) => item.parent_path_or_name, isText: true },
  created: { value: (item) => item.creation_time, isText: false },
  modified: { value: (item) => item.last_modified_time, isText: false },
  // Visible before hidden.
  visibility: { value: (item) => !item.visibility, isText: false },
};

const RUN_LENGTH = 256;
const STEPS_A_SLICE = 512;

/**
 * The order of a collection by one column, kept while it grows: what is new is sorted by itself and merged in. Items alike
 * stay as they came; those without a value come last, whichever way it is read.
 */
export class ItemOrder {
  readonly #collection: ItemCollection;
  readonly #column: SortColumn;
  readonly #revision: number;
  #runs: Uint32Array[] = [];
  #covered = 0;
  #blanks = 0;

  constructor(collection: ItemCollection, column: SortColumn) {
    this.#collection = collection;
    this.#column = column;
    this.#revision = collection.revision;
  }

  /** Whether it still holds for what is in the collection. */
  get isCurrent(): boolean {
    return this.#revision === this.#collection.revision;
  }

  /** @returns the indexes of the first `count` items in their order; never fewer than it was asked for before */
  *indexes(count: number, descending: boolean): Work<Uint32Array> {
    while (this.#covered < count) {
      this.#addRun(Math.min(count, this.#covered + RUN_LENGTH));
      yield;
      while (this.#lastRunsAreAlike()) yield* this.#mergeLast();
    }
    while (this.#runs.length > 1) yield* this.#mergeLast();
    const ascending = this.#runs[0] ?? new Uint32Array();
    return descending ? backwards(ascending, this.#blanks) : ascending;
  }

  #addRun(end: number): void {
    const run = Uint32Array.from({ length: end - this.#covered }, (_, offset) => this.#covered + offset);
    for (const index of run) if (this.#isBlank(index)) this.#blanks += 1;
    this.#runs.push(run.sort((one, other) => this.#compare(one, other)));
    this.#covered = end;
  }

  #lastRunsAreAlike(): boolean {
    const [longer, last] = this.#runs.slice(-2);
    return longer !== undefined && last !== undefined && longer.length <= last.length;
  }

  *#mergeLast(): Work {
    const [first, second] = this.#runs.slice(-2);
    if (first === undefined || second === undefined) return;
    const merged = new Uint32Array(first.length + second.length);
    let [left, right] = [0, 0];
    for (let to = 0; to < merged.length; to += 1) {
      const [one, other] = [first[left], second[right]];
      const takesOne = other === undefined || (one !== undefined && this.#compare(one, other) <= 0);
      merged[to] = (takesOne ? one : other) ?? 0;
      if (takesOne) left += 1;
      else right += 1;
      if (to % STEPS_A_SLICE === 0) yield;
    }
    this.#runs.splice(-2, 2, merged);
  }

  #compare(one: number, other: number): number {
    const { value, isText } = COLUMNS[this.#column];
    const [a, b] = [value(this.#collection.at(one)), value(this.#collection.at(other))];
    return compareValues(a, b, isText) || one - other;
  }

  #isBlank(index: number): boolean {
    return isBlank(COLUMNS[this.#column].value(this.#collection.at(index)));
  }
}

function compareValues(one: Value, other: Value, isText: boolean): number {
  if (one === other) return 0;
  if (isBlank(one) || isBlank(other)) return Number(isBlank(one)) - Number(isBlank(other));
  if (isText) return collator.compare(String(one), String(other));
  return (one ?? '') < (other ?? '') ? -1 : 1;
}

function isBlank(value: Value): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}

function backwards(ascending: Uint32Array, blanks: number): Uint32Array {
  const filled = ascending.length - blanks;
  const turned = ascending.slice();
  turned.subarray(0, filled).reverse();
  return turned;
}
