import { FairQueue } from './fair-queue.ts';
import type { PaceLane } from './pace.ts';
import type { LaneAnswer, SharedLanes } from './shared-lanes.ts';
import type { Waiter } from './waiter.ts';

/** Replicas that wait for the same moment don't ask at the same moment. */
const JITTER_MS = 10;
/** The most a replica leaves to the others between two of its calls. */
const MAX_GAP_MS = 250;

export interface LaneQueueEvents {
  /** What the waiter's lane is within is held; it has left the queue. */
  readonly held: (waiter: Waiter, waitMs: number) => void;
  readonly empty: () => void;
}

/**
 * Those of this process who want to call through one lane. One question to the store is under way at a time, for whoever
 * is next by turns; when the lane is full, all wait until it says it is free.
 */
export class LaneQueue {
  readonly #lanes: SharedLanes;
  readonly #events: LaneQueueEvents;
  readonly #queue = new FairQueue<Waiter>();
  #isRunning = false;
  /** Whether the lane was full since the queue was last empty. */
  #isTight = false;
  #freeAt = 0;
  #wake: (() => void) | undefined;

  constructor(lanes: SharedLanes, events: LaneQueueEvents) {
    this.#lanes = lanes;
    this.#events = events;
  }

  get size(): number {
    return this.#queue.size;
  }

  sizeOf(connection: string): number {
    return this.#queue.sizeOf(connection);
  }

  add(waiter: Waiter): void {
    this.#queue.add(waiter);
    waiter.waitsIn(() => this.#leave(waiter));
    // Who comes while the others sleep was not there when they were told.
    const waitMs = this.#freeAt - performance.now();
    if (waitMs > 0) waiter.tell(waitMs);
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let head = this.#queue.peek(); head !== undefined; head = this.#queue.peek()) {
      await this.#serve(head.lane);
    }
    this.#isRunning = false;
    this.#events.empty();
  }

  async #serve(lane: PaceLane): Promise<void> {
    const answer = await this.#lanes.ask(lane);
    if (answer.kind === 'held') this.#holdBack(lane, answer.waitMs);
    else if (answer.kind === 'full') await this.#waitFor(answer);
    else await this.#grant(lane);
  }

  async #grant(lane: PaceLane): Promise<void> {
    // Who was next may have left meanwhile. What the new next one's lane is within wasn't asked about: then not this time.
    if (this.#queue.peek()?.lane.gate === lane.gate) this.#queue.next()?.admit();
    // A replica that took all that gets free would starve the others.
    if (this.#isTight) await this.#sleep(Math.min(MAX_GAP_MS, lane.windowMs / lane.limit / 2));
  }

  async #waitFor({ waitMs }: LaneAnswer & { kind: 'full' }): Promise<void> {
    this.#isTight = true;
    this.#freeAt = performance.now() + waitMs;
    for (const waiter of this.#queue.all()) waiter.tell(waitMs);
    await this.#sleep(waitMs + Math.random() * JITTER_MS);
  }

  #holdBack(lane: PaceLane, waitMs: number): void {
    for (const waiter of this.#queue.all()) {
      if (waiter.lane.gate !== lane.gate) continue;
      this.#queue.remove(waiter);
      this.#events.held(waiter, waitMs);
    }
  }

  #leave(waiter: Waiter): void {
    this.#queue.remove(waiter);
    if (this.#queue.size === 0) this.#wake?.();
  }

  /** Until the time is up, or nobody waits any more. */
  #sleep(ms: number): Promise<void> {
    if (this.#queue.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(wake, Math.ceil(ms));
      this.#wake = wake;
    });
  }
}
