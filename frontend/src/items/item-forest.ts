import type { ItemCollection } from './item-collection.ts';
import type { Work } from './slices.ts';

const STEPS_A_SLICE = 4_096;
const NONE = -1;

/** One row of the tree. */
export interface Branch {
  /** Of the item in its collection. */
  index: number;
  /** From 1. */
  level: number;
  /** Among its siblings, from 1, and how many there are. */
  position: number;
  siblings: number;
  /** Null: there is nothing below it. */
  isOpen: boolean | null;
}

/** Who is whose child, by `parent_id`, among the items that are looked at. Whose parent isn't there stands at the root. */
export class ItemForest {
  readonly #parents: Int32Array;
  readonly #children = new Map<number, number[]>();

  private constructor(parents: Int32Array) {
    this.#parents = parents;
  }

  /**
   * @param order the indexes of all items, as siblings shall stand
   * @param isWanted whom to show; those above them are shown too
   */
  static *of(
    collection: ItemCollection,
    order: Uint32Array,
    isWanted: ((index: number) => boolean) | null,
  ): Work<ItemForest> {
    const parents = yield* parentsOf(collection, order);
    const forest = new ItemForest(parents);
    const shown = isWanted === null ? null : yield* withThoseAbove(order, parents, isWanted);
    for (const [step, index] of order.entries()) {
      if (step % STEPS_A_SLICE === 0) yield;
      if (shown === null || shown[index] === 1) forest.#childrenOf(parents[index] ?? NONE).push(index);
    }
    return forest;
  }

  parentOf(index: number): number | undefined {
    const parent = this.#parents[index] ?? NONE;
    return parent === NONE ? undefined : parent;
  }

  /** The rows that are seen while some branches are open. */
  *branches(isOpen: (index: number) => boolean): Work<Branch[]> {
    const rows: Branch[] = [];
    const stack = [{ items: this.#childrenOf(NONE), next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const index = top.items[top.next];
      if (index === undefined) {
        stack.pop();
        continue;
      }
      top.next += 1;
      const children = this.#children.get(index);
      const opened = children === undefined ? null : isOpen(index);
      const place = { position: top.next, siblings: top.items.length };
      rows.push({ index, level: stack.length, ...place, isOpen: opened });
      if (opened === true && children) stack.push({ items: children, next: 0 });
      if (rows.length % STEPS_A_SLICE === 0) yield;
    }
    return rows;
  }

  #childrenOf(parent: number): number[] {
    const known = this.#children.get(parent);
    if (known) return known;
    const made: number[] = [];
    this.#children.set(parent, made);
    return made;
  }
}

function* parentsOf(collection: ItemCollection, order: Uint32Array): Work<Int32Array> {
  const count = order.length;
  const parents = new Int32Array(count).fill(NONE);
  for (let index = 0; index < count; index += 1) {
    if (index % STEPS_A_SLICE === 0) yield;
    const { parent_id: parentId } = collection.at(index);
    const parent = parentId === null ? undefined : collection.indexOf(parentId);
    // What came while this was looked at comes into the next look.
    if (parent !== undefined && parent < count) parents[index] = parent;
  }
  cutCircles(parents);
  return parents;
}

/** A provider may say that a page lies within itself. Nobody would ever see it then. */
function cutCircles(parents: Int32Array): void {
  const walks = new Int32Array(parents.length);
  for (let start = 0; start < parents.length; start += 1) {
    const walk = start + 1;
    let at = start;
    while (at !== NONE && walks[at] === 0) {
      walks[at] = walk;
      const next = parents[at] ?? NONE;
      if (next !== NONE && walks[next] === walk) parents[at] = NONE;
      at = parents[at] ?? NONE;
    }
  }
}

function* withThoseAbove(
  order: Uint32Array,
  parents: Int32Array,
  isWanted: (index: number) => boolean,
): Work<Uint8Array> {
  const shown = new Uint8Array(order.length);
  for (let index = 0; index < order.length; index += 1) {
    if (index % STEPS_A_SLICE === 0) yield;
    if (shown[index] === 1 || !isWanted(index)) continue;
    for (let at = index; at !== NONE && shown[at] === 0; at = parents[at] ?? NONE) shown[at] = 1;
  }
  return shown;
}
