import type { SlidingWindowHit } from '../key-value-store.ts';

/** At 100 hits a key this is some 80 MB in the worst case, and more keys than one process serves in a minute. */
const MAX_KEYS = 100_000;
/** Holds come from refusals of others, not from our own hits: few. */
const MAX_HOLDS = 10_000;
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
  /** When each hold ends. */
  readonly #holds = new Map<string, number>();
  readonly #maxKeys: number;

  constructor(maxKeys = MAX_KEYS) {
    this.#maxKeys = maxKeys;
  }

  get size(): number {
    return this.#windows.size;
  }

  /** How many holds it remembers, ended ones that it hasn't come across included. */
  get holds(): number {
    return this.#holds.size;
  }

  hit(key: string, limit: number, windowMs: number, now: number): SlidingWindowHit {
    const window = this.#windows.get(key) ?? { hits: [], emptyAt: now };
    const { hits } = window;
    const firstInWindow = hits.findIndex((hitAt) => hitAt > now - windowMs);
    hits.splice(0, firstInWindow === -1 ? hits.length : firstInWindow);
    const heldMs = this.heldMs(key, now);
    const isFull = hits.length >= limit;
    const allowed = !isFull && heldMs === 0;
    if (allowed) {
      hits.push(now);
      window.emptyAt = now + windowMs;
    }
    this.#windows.delete(key);
    this.#windows.set(key, window);
    this.#forget(now);
    const oldest = hits[0] ?? now;
    const freeInMs = isFull || allowed ? oldest + windowMs - now : 0;
    const remaining = heldMs > 0 ? 0 : Math.max(0, limit - hits.length);
    return { allowed, remaining, resetMs: Math.max(heldMs, freeInMs) };
  }

  /** Milliseconds until a hit would be allowed; 0: now. Counts nothing. */
  freeInMs(key: string, limit: number, windowMs: number, now: number): number {
    const hits = this.#windows.get(key)?.hits.filter((hitAt) => hitAt > now - windowMs) ?? [];
    const decisive = hits[hits.length - limit];
    return Math.max(this.heldMs(key, now), decisive === undefined ? 0 : decisive + windowMs - now);
  }

  /** Refuses every hit until `holdMs` from now. A hold that ends later stands. */
  hold(key: string, holdMs: number, now: number): void {
    const endsAt = Math.max(now + holdMs, this.#holds.get(key) ?? 0);
    this.#forgetHolds(now);
    this.#holds.set(key, endsAt);
  }

  /** Milliseconds for which the key is still held; 0 when it isn't. */
  heldMs(key: string, now: number): number {
    return Math.max(0, (this.#holds.get(key) ?? now) - now);
  }

  /** Looks at a few and puts them last: all have been looked at by the time that half as many have come. */
  #forgetHolds(now: number): void {
    let looked = 0;
    for (const [key, endsAt] of this.#holds) {
      if (looked === KEYS_LOOKED_AT) return;
      this.#holds.delete(key);
      const hasRoom = this.#holds.size < MAX_HOLDS - 1;
      if (endsAt > now && hasRoom) this.#holds.set(key, endsAt);
      looked += 1;
    }
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
