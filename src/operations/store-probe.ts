import { KeyValueStore } from '../storage/key-value-store.ts';
import type { StoreWatch } from '../storage/store-watch.ts';

/** Probes come from nobody in particular, as often as he likes: one write serves all of a moment. */
const GOOD_FOR_MS = 200;
const KEY = { collection: 'probe', partition: 'readiness', id: 'written' } as const;
const TTL_SECONDS = 60;

/** Has the store keep something. One that is full or read-only still answers, but refuses nearly all that we ask of it. */
export class StoreProbe {
  readonly #store: Pick<KeyValueStore, 'put'>;
  readonly #watch: Pick<StoreWatch, 'problems'>;
  #underWay: Promise<number> | undefined;
  #keptAt = -Infinity;

  constructor(store: Pick<KeyValueStore, 'put'>, watch: Pick<StoreWatch, 'problems'>) {
    this.#store = store;
    this.#watch = watch;
  }

  /** Whether it can be trusted to keep it, as of a few seconds ago. */
  get isSafe(): boolean {
    return this.#watch.problems.length === 0;
  }

  /** @throws PatchbayError `storage_unavailable`. That holds for nobody who asks later. */
  async write(): Promise<void> {
    if (performance.now() - this.#keptAt < GOOD_FOR_MS) return;
    const askedAt = performance.now();
    this.#underWay ??= this.#store
      .put(KEY, '', { ttlSeconds: TTL_SECONDS })
      .finally(() => (this.#underWay = undefined));
    await this.#underWay;
    this.#keptAt = askedAt;
  }
}
