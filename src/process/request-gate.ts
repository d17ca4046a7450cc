import type { ServerResponse } from 'node:http';
import type { LoopSample } from './loop-watch.ts';

/** So many are always let in: a process that is slow for another reason than its load must not stop working. */
const FEWEST = 4;
/** A loop that has time to spare isn't overloaded, however late one timer was. */
const BUSY = 0.9;
/** A burst is soon over; a load that can't be borne stays. So many of the last samples of 100 ms. */
const LATE_SAMPLES = 5;
const LAST_SAMPLES = 10;
/** With nobody refused for so long, everybody is let in again. */
const CALM_SAMPLES = 20;
const SAMPLE_MS = 100;
/** What our own part of a request may take while there is too much: it takes some five when there is little. */
const OWN_TIME_MS = 10;
const WEIGHT = 0.3;

export interface GateLimits {
  /** Requests in flight, at most. */
  readonly maxInFlight: number;
  /**
   * How late the event loop may be, on average over 100 ms, and how long our own part of a request may take, before fewer are
   * let in. 0: that is not looked at.
   */
  readonly maxDelayMs: number;
}

/** Why a request is not let in. */
export type Refusal = 'overloaded' | 'draining';

/**
 * Decides whether one more request is taken on. What is let in is served in good time; what would only wait, and make the
 * others wait, is better refused at once. Once the event loop has been busy, and it or our own part of a request late, for half
 * a second, only so many are let in as are done with in good time at the rate that there is (Little's law), those not counted that only wait for providers.
 */
export class RequestGate {
  readonly #limits: GateLimits;
  readonly #inFlight = new Set<ServerResponse>();
  readonly #refused = { overloaded: 0, draining: 0 };
  #waiting: () => number = () => 0;
  #isOverloaded = false;
  #lately: readonly boolean[] = [];
  #calm = 0;
  /** Done with in a sample's time, on average, and since the last sample. */
  #rate = 0;
  #done = 0;
  #refusedBefore = 0;
  #isDraining = false;
  #empty: PromiseWithResolvers<undefined> | undefined;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  /** @param waiting how many of those in flight only wait for somebody else now, about */
  except(waiting: () => number): void {
    this.#waiting = waiting;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** How many may be in flight now. */
  get limit(): number {
    const { maxInFlight } = this.#limits;
    if (!this.#isOverloaded) return maxInFlight;
    const bearable = Math.max(FEWEST, Math.floor((this.#rate * OWN_TIME_MS) / SAMPLE_MS));
    return Math.min(maxInFlight, bearable + this.#waiting());
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
    const refusal = this.#isDraining ? 'draining' : this.#inFlight.size >= this.limit ? 'overloaded' : undefined;
    if (refusal !== undefined) {
      this.#refused[refusal] += 1;
      return refusal;
    }
    this.#inFlight.add(response);
    response.once('close', () => this.#leave(response));
    return undefined;
  }

  /** Ten times a second. */
  adapt({ meanDelayMs, utilization }: LoopSample): void {
    const { maxDelayMs } = this.#limits;
    if (maxDelayMs === 0) return;
    this.#rate += WEIGHT * (this.#done - this.#rate);
    this.#done = 0;
    const isLate = Math.max(meanDelayMs, this.#ownTimeMs) > maxDelayMs && utilization >= BUSY;
    this.#lately = [...this.#lately, isLate].slice(-LAST_SAMPLES);
    this.#calm = this.#refused.overloaded === this.#refusedBefore ? this.#calm + 1 : 0;
    this.#refusedBefore = this.#refused.overloaded;
    if (this.#lately.filter(Boolean).length >= LATE_SAMPLES) this.#isOverloaded = true;
    else if (this.#calm >= CALM_SAMPLES) this.#isOverloaded = false;
  }

  /** What our own part of a request takes at this rate (Little's law). */
  get #ownTimeMs(): number {
    const active = Math.max(0, this.#inFlight.size - this.#waiting());
    return active === 0 ? 0 : (active / this.#rate) * SAMPLE_MS;
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
    this.#done += 1;
    if (this.#inFlight.size === 0) this.#empty?.resolve(undefined);
  }
}
