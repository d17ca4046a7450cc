import { isJsonObject } from '../errors/json-object.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { KeyValueStore, RecordKey } from '../storage/key-value-store.ts';
import type { KeptChain, KeptChange } from './kept-chains.ts';

const FORMAT = 1;
const MAX_WRITES = 5;

/**
 * Which pages are kept of one connection: fingerprints, sizes and times alone, so that it can be read, and what it names be
 * deleted, without a key.
 */
export class KeptIndex {
  readonly #store: KeyValueStore;
  readonly #key: RecordKey;
  readonly #ttlSeconds: number;

  constructor(store: KeyValueStore, partition: string, ttlSeconds: number) {
    this.#store = store;
    this.#key = { collection: 'kept-index', partition, id: 'pages' };
    this.#ttlSeconds = ttlSeconds;
  }

  async read(): Promise<readonly KeptChain[]> {
    return parse((await this.#store.get(this.#key))?.value);
  }

  /**
   * Writes what `change` makes of it, also when others write at the same time.
   * @returns what `change` returned: undefined leaves it as it is
   * @throws PatchbayError `storage_unavailable`
   */
  async change(change: (chains: readonly KeptChain[]) => KeptChange | undefined): Promise<KeptChange | undefined> {
    for (let attempt = 0; attempt < MAX_WRITES; attempt += 1) {
      const stored = await this.#store.get(this.#key);
      const changed = change(parse(stored?.value));
      if (changed === undefined) return undefined;
      const value = JSON.stringify({ format: FORMAT, chains: changed.chains });
      const life = { ttlSeconds: this.#ttlSeconds };
      const wrote =
        stored === undefined
          ? await this.#store.putIfAbsent(this.#key, value, life)
          : await this.#store.compareAndSet(this.#key, stored.version, value, life);
      if (wrote) return changed;
    }
    throw new PatchbayError('storage_unavailable', 'Too much is kept of this connection at the same time.');
  }

  async delete(): Promise<void> {
    await this.#store.delete(this.#key);
  }
}

/** One that can't be read is begun anew: what it named ends by itself. */
function parse(value: string | undefined): readonly KeptChain[] {
  if (value === undefined) return [];
  try {
    const index: unknown = JSON.parse(value);
    if (!isJsonObject(index) || index['format'] !== FORMAT || !Array.isArray(index['chains'])) return [];
    return index['chains'] as readonly KeptChain[];
  } catch {
    return [];
  }
}
