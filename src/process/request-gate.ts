import type { ServerResponse } from 'node:http';
import type { LoopSample } from './loop-watch.ts';

/** So many are always let in: a process that is slow for another reason than its load must not stop working. */
const FEWEST = 4;
/** A burst makes the loop late and is soon over; a load that it can't bear stays. So many of the last samples of 100 ms. */
const LATE_SAMPLES = 5;
const LAST_SAMPLES = 10;
/** In time for so long, it bears what there is. */
const CALM_SAMPLES = 20;
/** A loop that has time to spare isn't overloaded, however late one timer was. */
const BUSY = 0.9;
const SHRINK = 0.7;
const GROW = 1.1;

export interface GateLimits {
  /** Requests in flight, at most. */
  readonly maxInFlight: number;
  /** How late the event loop may be, on average over 100 ms, before fewer are let in. 0: that is not looked at. */
  readonly maxDelayMs: number;
}

/** Why a request is not let in. */
export type Refusal = 'overloaded' | 'draining';

/**
 * Decides whether one more request is taken on. What is let in is served in good time; what would only wait, and make the
 * others wait, is better refused at once. The limit follows the event loop: while that is too late at what it does, fewer are
 * let in (a fall by a third every 100 ms), and when it isn't, more (a tenth).
 */
export class RequestGate {
  readonly #limits: GateLimits;
  readonly #inFlight = new Set<ServerResponse>();
  readonly #refused = { overloaded: 0, draining: 0 };
  #limit: number;
  #lately: readonly boolean[] = [];
  #calm = 0;
  #isOverloaded = false;
  #isDraining = false;
  #empty: PromiseWithResolvers<undefined> | undefined;

  constructor(limits: GateLimits) {
    this.#limits = limits;
    this.#limit = limits.maxInFlight;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** How many may be in flight now. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Requests refused since the start. */
  get refused(): Readonly<Record<Refusal, number>> {
    return this.#refused;
  }

  /** Lets a request in until its answer is closed, or says why not. */
  enter(response: ServerResponse): Refusal | undefined {
    const refusal = this.#isDraining ? 'draining' : this.#inFlight.size >= this.#limit ? 'overloaded' : undefined;
    if (refusal !== undefined) {
      this.#refused[refusal] += 1;
      return refusal;
    }
    this.#inFlight.add(response);
    response.once('close', () => this.#leave(response));
    return undefined;
  }

  adapt({ meanDelayMs, utilization }: LoopSample): void {
    const { maxInFlight, maxDelayMs } = this.#limits;
    if (maxDelayMs === 0) return;
    const isLate = meanDelayMs > maxDelayMs && utilization >= BUSY;
    this.#lately = [...this.#lately, isLate].slice(-LAST_SAMPLES);
    this.#calm = isLate ? 0 : this.#calm + 1;
    if (this.#lately.filter(Boolean).length >= LATE_SAMPLES) this.#isOverloaded = true;
    if (this.#calm >= CALM_SAMPLES) this.#isOverloaded = false;
    if (!isLate) this.#limit = Math.min(maxInFlight, this.#limit * GROW);
    // What is in flight is what made it late: a limit far above that would take long to come down to it.
    else if (this.#isOverloaded)
      this.#limit = Math.max(Math.min(FEWEST, maxInFlight), Math.min(this.#limit, this.#inFlight.size) * SHRINK);
  }

  /**
   * Lets nobody in any more, and has connections closed after their answers.
   * @returns once all who are in have their answers, or the time is up
   */
  async drain(timeoutMs: number): Promise<void> {
    this.#isDraining = true;
    for (const response of this.#inFlight) if (!response.headersSent) response.setHeader('Connection', 'close');
    if (this.#inFlight.size === 0) return;
    this.#empty ??= Promise.withResolvers();
    const timer = setTimeout(() => this.#empty?.resolve(undefined), timeoutMs);
    await this.#empty.promise;
    clearTimeout(timer);
  }

  #leave(response: ServerResponse): void {
    this.#inFlight.delete(response);
    if (this.#inFlight.size === 0) this.#empty?.resolve(undefined);
  }
}
