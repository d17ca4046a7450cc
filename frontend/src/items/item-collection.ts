import type { IntegrationItem } from '../api/types.ts';

/**
 * The items of one load, each once, in the order in which they came first. It grows in place: copying a large account for
 * every batch would cost the square of it. An item that comes again takes its predecessor's place.
 */
export class ItemCollection {
  readonly #items: IntegrationItem[] = [];
  readonly #texts: string[] = [];
  readonly #indexes = new Map<string, Map<string, number>>();
  readonly #shared = new Map<string, string>();
  #revision = 0;

  get count(): number {
    return this.#items.length;
  }

  /** Another one when an item that was there has changed, so that what was made of them no longer holds. */
  get revision(): number {
    return this.#revision;
  }

  /** Those of which there are items. */
  get types(): string[] {
    return [...this.#indexes.keys()];
  }

  countOf(type: string): number {
    return this.#indexes.get(type)?.size ?? 0;
  }

  /** @param index below `count` */
  at(index: number): IntegrationItem {
    const item = this.#items[index];
    if (item === undefined) throw new RangeError(`There is no item ${index}.`);
    return item;
  }

  /** What a search looks through, in lower case: name, parent and id. */
  textAt(index: number): string {
    return this.#texts[index] ?? '';
  }

  /** Ids are unique within a connection, whatever the type. */
  indexOf(id: string): number | undefined {
    for (const indexes of this.#indexes.values()) {
      const index = indexes.get(id);
      if (index !== undefined) return index;
    }
    return undefined;
  }

  /** @returns whether it is new */
  add(item: IntegrationItem): boolean {
    this.#share(item);
    const indexes = this.#indexesOf(item.type);
    const known = indexes.get(item.id);
    if (known === undefined) {
      indexes.set(item.id, this.#items.length);
      this.#items.push(item);
      this.#texts.push(textOf(item));
      return true;
    }
    if (!isSame(this.at(known), item)) {
      this.#items[known] = item;
      this.#texts[known] = textOf(item);
      this.#revision += 1;
    }
    return false;
  }

  #indexesOf(type: string): Map<string, number> {
    const found = this.#indexes.get(type);
    if (found) return found;
    const made = new Map<string, number>();
    this.#indexes.set(type, made);
    return made;
  }

  /** Every line has strings of its own for what a hundred thousand items have in common. */
  #share(item: IntegrationItem): void {
    item.type = this.#same(item.type);
    item.integration = this.#same(item.integration);
    item.connection_id = this.#same(item.connection_id);
    if (item.parent_id !== null) item.parent_id = this.#same(item.parent_id);
    if (item.parent_path_or_name !== null) item.parent_path_or_name = this.#same(item.parent_path_or_name);
  }

  #same(text: string): string {
    const known = this.#shared.get(text);
    if (known !== undefined) return known;
    this.#shared.set(text, text);
    return text;
  }
}

function textOf({ id, name, parent_path_or_name: parent }: IntegrationItem): string {
  return `${name ?? ''}\n${parent ?? ''}\n${id}`.toLowerCase();
}

function isSame(one: IntegrationItem, other: IntegrationItem): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
