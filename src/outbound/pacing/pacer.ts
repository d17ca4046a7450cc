import { Logger } from '@nestjs/common';
import { grantedSeconds } from '../retry-after.ts';
import { LaneQueue } from './lane-queue.ts';
import type { PaceLane } from './pace.ts';
import { SharedLanes, type PaceStore } from './shared-lanes.ts';
import { limitReached, Waiter, type PaceTurn } from './waiter.ts';

/** More calls than can wait for one lane with any hope; and so that one connection can't take all the places. */
const MAX_WAITING_IN_LANE = 1_024;
const MAX_WAITING_OF_CONNECTION = 256;

/** What came of the calls to one integration's provider since the start. */
export interface PaceTally {
  readonly admitted: number;
  /** Those that had to wait, admitted in the end or not. */
  readonly waited: number;
  /** Those whose turn could not come in time. */
  readonly refused: number;
  /** How often the provider asked to be left alone, limit or no limit. */
  readonly held: number;
}

/**
 * Keeps all replicas together to the providers' limits, so that their 429 is seldom seen, and away from an account after
 * one until its time has come. Who wants the same at the same time takes turns.
 */
export class Pacer {
  readonly #log = new Logger('Pacing');
  readonly #lanes: SharedLanes;
  readonly #queues = new Map<string, LaneQueue>();
  readonly #waiting = new Set<Waiter>();
  readonly #tallies = new Map<string, { -readonly [Count in keyof PaceTally]: number }>();

  constructor(store: PaceStore) {
    this.#lanes = new SharedLanes(store);
  }

  /** How many calls wait for their turn. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** How many of them wait for this integration's provider. */
  waitingAt(integration: string): number {
    let count = 0;
    for (const { lane } of this.#waiting) if (lane.integration === integration) count += 1;
    return count;
  }

  /** By integration. */
  get tallies(): ReadonlyMap<string, PaceTally> {
    return this.#tallies;
  }

  /** Whether this process paces by itself, because the store is away. */
  get isAlone(): boolean {
    return this.#lanes.isAlone;
  }

  /**
   * Resolves when the call may go out; it is then counted.
   * @throws OutboundError `provider_rate_limited` when its turn can't come before the deadline, or too many wait already;
   *   the signal's own reason when the caller cancelled
   */
  async admit(turn: PaceTurn): Promise<void> {
    turn.signal?.throwIfAborted();
    const { lane } = turn;
    const queue = this.#queues.get(lane.key);
    if (queue !== undefined && isCrowded(queue, turn)) {
      this.#count(lane, 'refused');
      throw limitReached(lane, (queue.size / lane.limit) * lane.windowMs);
    }
    const waiter = new Waiter(turn);
    this.#waiting.add(waiter);
    this.#enter(waiter);
    try {
      await waiter.admitted;
      this.#count(lane, 'admitted');
    } catch (error) {
      if (waiter.wasRefused) this.#count(lane, 'refused');
      throw error;
    } finally {
      this.#waiting.delete(waiter);
      if (waiter.hadToWait) this.#count(lane, 'waited');
    }
  }

  /** Lets no call through the lane, nor through any other of the account it is within, on any replica, for the seconds asked: an hour at most. */
  async hold(lane: PaceLane, asked: number): Promise<void> {
    const seconds = grantedSeconds(asked);
    const holdMs = Math.ceil(seconds * 1000);
    if (holdMs <= 0) return;
    const { integration, resource } = lane;
    this.#count(lane, 'held');
    this.#log.warn({ msg: 'a provider asks to be left alone', integration, resource, seconds });
    await this.#lanes.hold(lane, holdMs);
  }

  /** Whoever waits for a turn at the integration's provider fails now. */
  sendAway(integration: string, reason: () => Error): void {
    for (const waiter of this.#waiting) if (waiter.lane.integration === integration) waiter.fail(reason());
  }

  /** Refuses all who wait, with what they were told last. */
  close(): void {
    for (const waiter of this.#waiting) waiter.refuse();
  }

  #count({ integration }: PaceLane, what: keyof PaceTally): void {
    const tally = this.#tallies.get(integration) ?? { admitted: 0, waited: 0, refused: 0, held: 0 };
    tally[what] += 1;
    this.#tallies.set(integration, tally);
  }

  #enter(waiter: Waiter): void {
    const { key } = waiter.lane;
    const known = this.#queues.get(key);
    if (known !== undefined) {
      known.add(waiter);
      return;
    }
    const queue = new LaneQueue(this.#lanes, {
      held: (held, waitMs) => this.#holdBack(held, waitMs),
      empty: () => this.#queues.delete(key),
    });
    this.#queues.set(key, queue);
    queue.add(waiter);
  }

  #holdBack(waiter: Waiter, waitMs: number): void {
    const timer = setTimeout(() => this.#enter(waiter), Math.ceil(waitMs));
    waiter.waitsIn(() => clearTimeout(timer));
    waiter.tell(waitMs);
  }
}

function isCrowded(queue: LaneQueue, { connection }: PaceTurn): boolean {
  return queue.size >= MAX_WAITING_IN_LANE || queue.sizeOf(connection) >= MAX_WAITING_OF_CONNECTION;
}
