import { Logger } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { performance } from 'node:perf_hooks';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { KeyValueStore, SlidingWindowHit } from '../../storage/key-value-store.ts';
import { MemorySlidingWindows } from '../../storage/sqlite/memory-sliding-windows.ts';
import { FullWindows } from './full-windows.ts';
import { inTime, PATIENCE_MS } from './patience.ts';

/** What the process keeps of its own hits: 8 bytes each, whatever the limits are. */
const MAX_OWN_HITS = 2_000_000;
const MAX_OWN_KEYS = 20_000;
/** How often a store that failed is tried again: by one request, while the others don't wait for it. */
const TRIAL_INTERVAL_MS = 500;

type HitRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

export interface SharedWindowsOptions {
  /** The highest limit it will be asked for: bounds its memory. */
  readonly maxLimit: number;
  /** Milliseconds that only grow. Default: `performance.now()`. */
  readonly now?: () => number;
  /** How long the store may take over a hit. Default: 120 ms. */
  readonly hitMs?: number | undefined;
}

/**
 * Sliding windows that all replicas share through the store. What this process let through it also counts by itself: while
 * the store is away that alone decides, and when it comes back having forgotten everything, this process still lets no
 * more through than the limit.
 */
export class SharedWindows implements ThrottlerStorage {
  readonly #log = new Logger('RateLimit');
  readonly #store: Pick<KeyValueStore, 'hitSlidingWindow'>;
  readonly #now: () => number;
  readonly #hitMs: number;
  readonly #own: MemorySlidingWindows;
  readonly #full = new FullWindows();
  /** Undefined while the store answers, else when it is asked next. */
  #nextTrialAt: number | undefined;

  constructor(
    store: Pick<KeyValueStore, 'hitSlidingWindow'>,
    { maxLimit, now, hitMs = PATIENCE_MS }: SharedWindowsOptions,
  ) {
    this.#store = store;
    this.#now = now ?? (() => performance.now());
    this.#hitMs = hitMs;
    this.#own = new MemorySlidingWindows(Math.max(1, Math.min(MAX_OWN_KEYS, Math.floor(MAX_OWN_HITS / maxLimit))));
  }

  /** Whether this process counts alone, because the store is away. */
  get isAlone(): boolean {
    return this.#nextTrialAt !== undefined;
  }

  /**
   * The throttler's contract: `ttl` is milliseconds, the answer's times are whole seconds. Never rejects. There is no
   * blocking beyond the window, so `blockDuration` says nothing.
   */
  async increment(key: string, ttl: number, limit: number): Promise<HitRecord> {
    const { allowed, remaining, resetMs } = await this.#hit(key, limit, ttl);
    const seconds = Math.max(1, Math.ceil(resetMs / 1000));
    return {
      totalHits: allowed ? limit - remaining : limit + 1,
      timeToExpire: seconds,
      isBlocked: !allowed,
      timeToBlockExpire: allowed ? 0 : seconds,
    };
  }

  async #hit(key: string, limit: number, windowMs: number): Promise<SlidingWindowHit> {
    const fullForMs = this.#full.fullFor(key, this.#now());
    if (fullForMs !== undefined) return { allowed: false, remaining: 0, resetMs: fullForMs };
    const shared = await this.#askStore(key, limit, windowMs);
    const now = this.#now();
    const hit = this.#agree(shared, key, limit, windowMs);
    if (hit.remaining === 0) this.#full.remember(key, now + hit.resetMs, now);
    return hit;
  }

  /** The stricter of the two counts. */
  #agree(shared: SlidingWindowHit | undefined, key: string, limit: number, windowMs: number): SlidingWindowHit {
    if (shared === undefined) return this.#own.hit(key, limit, windowMs, this.#now());
    if (!shared.allowed) return shared;
    // The store counted this hit up to so much earlier: its window must never be the wider one when all is well.
    const own = this.#own.hit(key, limit, Math.max(1, windowMs - this.#hitMs), this.#now());
    return own.allowed && shared.remaining <= own.remaining ? shared : own;
  }

  /** @returns undefined when the store can't be asked */
  async #askStore(key: string, limit: number, windowMs: number): Promise<SlidingWindowHit | undefined> {
    const isTrial = this.isAlone;
    if (this.#nextTrialAt !== undefined) {
      if (this.#now() < this.#nextTrialAt) return undefined;
      this.#nextTrialAt = this.#now() + TRIAL_INTERVAL_MS;
    }
    try {
      const hit = await inTime(this.#store.hitSlidingWindow(key, limit, windowMs), this.#hitMs);
      // A late answer to what was asked before the outage doesn't end it.
      if (isTrial) this.#joinStore();
      return hit;
    } catch (error) {
      this.#leaveStore(error);
      return undefined;
    }
  }

  #leaveStore(error: unknown): void {
    if (!this.isAlone) this.#log.warn({ msg: 'rate limits are counted by this process alone', why: reason(error) });
    this.#nextTrialAt = this.#now() + TRIAL_INTERVAL_MS;
  }

  #joinStore(): void {
    if (this.isAlone) this.#log.log({ msg: 'rate limits are shared again' });
    this.#nextTrialAt = undefined;
  }
}

function reason(error: unknown): string {
  const cause = error instanceof PatchbayError ? error.cause : error;
  return cause instanceof Error ? cause.message : 'The store failed.';
}
