import { Logger } from '@nestjs/common';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { KeyValueStore, SlidingWindowHit } from '../../storage/key-value-store.ts';
import { MemorySlidingWindows } from '../../storage/sqlite/memory-sliding-windows.ts';
import { ARRIVAL_SPREAD_MS, type PaceLane } from './pace.ts';

export type PaceStore = Pick<KeyValueStore, 'hitSlidingWindow' | 'holdWindow' | 'windowHeldMs'>;

/** Whether one more call may go out now. */
export type LaneAnswer =
  | { readonly kind: 'free' }
  /** The lane lets no more through for `waitMs`. */
  | { readonly kind: 'full'; readonly waitMs: number }
  /** What the lane is within is held for `waitMs`. */
  | { readonly kind: 'held'; readonly waitMs: number };

const MAX_OWN_LANES = 20_000;
/** How often a store that failed is tried again: by one call, while the others don't wait for it. */
const TRIAL_INTERVAL_MS = 500;

/**
 * Lanes that all replicas share through the store. What this process let through it also counts by itself: while the
 * store is away that alone decides, by the same numbers, and when it comes back having forgotten everything, this process
 * still keeps to them.
 */
export class SharedLanes {
  readonly #log = new Logger('Pacing');
  readonly #store: PaceStore;
  readonly #own = new MemorySlidingWindows(MAX_OWN_LANES);
  /** Undefined while the store answers, else when it is asked next. */
  #nextTrialAt: number | undefined;

  constructor(store: PaceStore) {
    this.#store = store;
  }

  /** Whether this process paces alone, because the store is away. */
  get isAlone(): boolean {
    return this.#nextTrialAt !== undefined;
  }

  /** Counts a call when it may go out. Never rejects. */
  async ask(lane: PaceLane): Promise<LaneAnswer> {
    const askedAt = performance.now();
    const known = this.#ownAnswer(lane, askedAt);
    if (known !== undefined) return known;
    const shared = await this.#askStore(lane);
    const now = performance.now();
    if (shared === undefined) return this.#goes(lane, now);
    if (lane.gate !== undefined && shared.gateMs > 0) {
      this.#own.hold(lane.gate, shared.gateMs, now);
      return { kind: 'held', waitMs: shared.gateMs };
    }
    if (!shared.hit.allowed) return { kind: 'full', waitMs: shared.hit.resetMs };
    // A process that stalled would leave later than it was counted by more than the window has room for.
    if (now - askedAt > ARRIVAL_SPREAD_MS) return { kind: 'full', waitMs: 0 };
    return this.#goes(lane, now);
  }

  /** Stops the lane, and what it is within, for `holdMs`: here at once, everywhere when it resolves. Never rejects. */
  async hold(lane: PaceLane, holdMs: number): Promise<void> {
    const keys = lane.gate === undefined ? [lane.key] : [lane.key, lane.gate];
    const now = performance.now();
    for (const key of keys) this.#own.hold(key, holdMs, now);
    try {
      await Promise.all(keys.map((key) => this.#store.holdWindow(key, holdMs)));
    } catch (error) {
      this.#leaveStore(error);
    }
  }

  /** Our own window goes by when calls really leave. */
  #goes(lane: PaceLane, now: number): LaneAnswer {
    const { allowed, resetMs } = this.#own.hit(lane.key, lane.limit, lane.windowMs, now);
    return allowed ? { kind: 'free' } : { kind: 'full', waitMs: resetMs };
  }

  /** What needs no store to be known; asking it would use up a place there. */
  #ownAnswer(lane: PaceLane, now: number): LaneAnswer | undefined {
    const laneMs = this.#own.freeInMs(lane.key, lane.limit, lane.windowMs, now);
    if (laneMs > 0) return { kind: 'full', waitMs: laneMs };
    const gateMs = lane.gate === undefined ? 0 : this.#own.heldMs(lane.gate, now);
    return gateMs > 0 ? { kind: 'held', waitMs: gateMs } : undefined;
  }

  /** Both questions leave together: one round trip. @returns undefined when the store can't be asked */
  async #askStore(lane: PaceLane): Promise<{ hit: SlidingWindowHit; gateMs: number } | undefined> {
    const isTrial = this.isAlone;
    if (this.#nextTrialAt !== undefined) {
      if (performance.now() < this.#nextTrialAt) return undefined;
      this.#nextTrialAt = performance.now() + TRIAL_INTERVAL_MS;
    }
    try {
      const [hit, gateMs] = await Promise.all([
        this.#store.hitSlidingWindow(lane.key, lane.limit, lane.windowMs),
        lane.gate === undefined ? 0 : this.#store.windowHeldMs(lane.gate),
      ]);
      // A late answer to what was asked before the outage doesn't end it.
      if (isTrial) this.#joinStore();
      return { hit, gateMs };
    } catch (error) {
      this.#leaveStore(error);
      return undefined;
    }
  }

  #leaveStore(error: unknown): void {
    if (!this.isAlone)
      this.#log.warn({ msg: 'calls to providers are paced by this process alone', why: reason(error) });
    this.#nextTrialAt = performance.now() + TRIAL_INTERVAL_MS;
  }

  #joinStore(): void {
    if (this.isAlone) this.#log.log({ msg: 'calls to providers are paced by all replicas together again' });
    this.#nextTrialAt = undefined;
  }
}

function reason(error: unknown): string {
  const cause = error instanceof PatchbayError ? error.cause : error;
  return cause instanceof Error ? cause.message : 'The store failed.';
}
