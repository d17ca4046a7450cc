/** Who waits: connections take turns, and the loads of a connection take turns at its turn. */
export interface Flow {
  readonly connection: string;
  readonly load: string;
}

/** A queue whose next is not who came first, but whose connection, and whose load of it, had its last turn longest ago. */
export class FairQueue<T extends Flow> {
  /** Both maps in the order of turns. */
  readonly #connections = new Map<string, Map<string, T[]>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many of one connection wait. */
  sizeOf(connection: string): number {
    let size = 0;
    for (const waiting of this.#connections.get(connection)?.values() ?? []) size += waiting.length;
    return size;
  }

  add(one: T): void {
    const loads = this.#connections.get(one.connection) ?? new Map<string, T[]>();
    const waiting = loads.get(one.load) ?? [];
    waiting.push(one);
    loads.set(one.load, waiting);
    this.#connections.set(one.connection, loads);
    this.#size += 1;
  }

  peek(): T | undefined {
    return first(first(this.#connections)?.[1])?.[1][0];
  }

  /** Takes who is next; the connection and the load go to the end of their rounds. */
  next(): T | undefined {
    const one = this.peek();
    if (one === undefined) return undefined;
    const loads = this.#connections.get(one.connection);
    const waiting = loads?.get(one.load);
    this.remove(one);
    if (waiting !== undefined && waiting.length > 0) toEnd(loads, one.load, waiting);
    if (loads !== undefined && loads.size > 0) toEnd(this.#connections, one.connection, loads);
    return one;
  }

  /** Of somebody who no longer waits, nothing happens. */
  remove(one: T): void {
    const loads = this.#connections.get(one.connection);
    const waiting = loads?.get(one.load) ?? [];
    const at = waiting.indexOf(one);
    if (at === -1) return;
    waiting.splice(at, 1);
    this.#size -= 1;
    if (waiting.length === 0) loads?.delete(one.load);
    if (loads?.size === 0) this.#connections.delete(one.connection);
  }

  /** In no order that means anything. */
  all(): T[] {
    return [...this.#connections.values()].flatMap((loads) => [...loads.values()].flat());
  }
}

function first<K, V>(map: ReadonlyMap<K, V> | undefined): [K, V] | undefined {
  return map?.entries().next().value;
}

function toEnd<K, V>(map: Map<K, V> | undefined, key: K, value: V): void {
  map?.delete(key);
  map?.set(key, value);
}
