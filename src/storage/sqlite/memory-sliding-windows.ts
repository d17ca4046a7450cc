import type { SlidingWindowHit } from '../key-value-store.ts';

/** At 100 hits a key this is some 80 MB in the worst case, and more keys than one process serves in a minute. */
const MAX_KEYS = 100_000;
/** More than the one key a hit can add, so that the map shrinks to the keys in use. */
const KEYS_LOOKED_AT = 2;

interface Window {
  /** Epoch milliseconds of the counted hits, oldest first. */
  readonly hits: number[];
  /** When the youngest hit leaves the window. */
  emptyAt: number;
}

/**
 * Sliding windows of one process, in its memory: a log of hits a key. The keys hit longest ago are forgotten when there
 * are too many, and all of them when the process ends.
 */
export class MemorySlidingWindows {
  /** In the order of their last hit. */
  readonly #windows = new Map<string, Window>();
  readonly #maxKeys: number;

  constructor(maxKeys = MAX_KEYS) {
    this.#maxKeys = maxKeys;
  }

  get size(): number {
    return this.#windows.size;
  }

  hit(key: string, limit: number, windowMs: number, now: number): SlidingWindowHit {
    const window = this.#windows.get(key) ?? { hits: [], emptyAt: now };
    const { hits } = window;
    const firstInWindow = hits.findIndex((hitAt) => hitAt > now - windowMs);
    hits.splice(0, firstInWindow === -1 ? hits.length : firstInWindow);
    const allowed = hits.length < limit;
    if (allowed) {
      hits.push(now);
      window.emptyAt = now + windowMs;
    }
    this.#windows.delete(key);
    this.#windows.set(key, window);
    this.#forget(now);
    const oldest = hits[0] ?? now;
    return { allowed, remaining: Math.max(0, limit - hits.length), resetMs: oldest + windowMs - now };
  }

  #forget(now: number): void {
    let looked = 0;
    for (const [key, window] of this.#windows) {
      const isFull = this.#windows.size > this.#maxKeys;
      if (!isFull && (window.emptyAt > now || looked === KEYS_LOOKED_AT)) return;
      this.#windows.delete(key);
      looked += 1;
    }
  }
}
