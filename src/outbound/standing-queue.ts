const WEIGHT = 0.1;
/** Whoever waits for less than this isn't kept waiting. */
const SHORTEST_MS = 5;
/** Of what a call takes. */
const PART_OF_A_CALL = 0.5;
const SHORTEST_INTERVAL_MS = 500;
/** One that stood lately is believed sooner to stand again (RFC 8289 §4.3). */
const LATELY_INTERVALS = 16;
const SOONER = 8;
const CALLS_IN_AN_INTERVAL = 4;

/**
 * Tells a queue that a burst has made, and that is soon over, from one that stands because more comes than goes: it stands
 * when for a whole interval nobody got a turn in good time (CoDel, RFC 8289 §3.2). Both times follow how long calls take.
 */
export class StandingQueue {
  /** Milliseconds, of any beginning. */
  readonly now: () => number;
  #callMs: number | undefined;
  #lateSince: number | undefined;
  #isStanding = false;
  #stoodAt = -Infinity;
  #lastAt = -Infinity;

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  get isStanding(): boolean {
    return this.#isStanding;
  }

  /** Whoever waited longer than this was late. In milliseconds. */
  get targetMs(): number {
    return Math.max(SHORTEST_MS, (this.#callMs ?? 0) * PART_OF_A_CALL);
  }

  /** A call is over that took so long, its wait not counted. */
  took(callMs: number): void {
    this.#callMs = this.#callMs === undefined ? callMs : this.#callMs + WEIGHT * (callMs - this.#callMs);
  }

  /** Somebody's turn came after so long; 0 for who didn't have to wait. */
  waited(waitedMs: number): void {
    if (waitedMs <= this.targetMs) {
      this.#lateSince = undefined;
      this.#isStanding = false;
      return;
    }
    const now = this.now();
    const intervalMs = Math.max(SHORTEST_INTERVAL_MS, (this.#callMs ?? 0) * CALLS_IN_AN_INTERVAL);
    // Two bursts with nothing between them are no queue that stands.
    if (now - this.#lastAt > intervalMs) this.#lateSince = undefined;
    this.#lastAt = now;
    this.#lateSince ??= now;
    const stoodLately = now - this.#stoodAt < LATELY_INTERVALS * intervalMs;
    if (now - this.#lateSince < (stoodLately ? intervalMs / SOONER : intervalMs)) return;
    this.#isStanding = true;
    this.#stoodAt = now;
  }
}
