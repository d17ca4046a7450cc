/** Who has waited longer once there is too much, is refused: whoever is served then, is served in good time. */
const SHORT_WAIT_MS = 20;
/** A burst is soon over; a load that can't be borne stays for longer than this. */
const STANDS_AFTER_MS = 1_000;
/** While there is too much, every other turn is left to those who are in: a turn is long then, and each of them needs ten. */
const TURNS_EACH = 2;
/** With nobody refused for so long, everybody may wait again. */
const CALM_AFTER_MS = 2_000;

export interface TurnLineLimits {
  /** Who waits longer for a turn is late. */
  readonly maxDelayMs: number;
  /** With more than these in line, it is no burst. */
  readonly mostWaiting: number;
}

/** Somebody who waits for a turn: one of the two is called, once. */
export interface Newcomer {
  admit(): void;
  refuse(): void;
}

interface Waiter extends Newcomer {
  readonly since: number;
}

export interface TurnClock {
  /** Milliseconds, of any beginning. */
  now(): number;
  /** Calls back when what is ready now has been worked on. */
  afterThisTurn(act: () => void): void;
}

const LOOP: TurnClock = { now: () => performance.now(), afterThisTurn: (act) => void setImmediate(act) };

/**
 * Lets one newcomer in at each turn of the event loop, so that those who are in are worked on first: at an idle loop turns
 * follow each other at once, and a busy one takes on no more than it gets done. The others wait here, where waiting costs
 * nothing, the first first. Once the line stands (CoDel, RFC 8289 §3.2, though by its length as well) the last is first, for
 * those before him have waited too long to be served in good time, and who has is refused; and every other turn is nobody's.
 */
export class TurnLine {
  readonly #limits: TurnLineLimits;
  readonly #clock: TurnClock;
  readonly #line: Waiter[] = [];
  /** Turns until the next newcomer may come in; 0: at once. */
  #turnsTaken = 0;
  #lateSince: number | undefined;
  #isOverloaded = false;
  #refusedAt = -Infinity;

  constructor(limits: TurnLineLimits, clock: TurnClock = LOOP) {
    this.#limits = limits;
    this.#clock = clock;
  }

  get length(): number {
    return this.#line.length;
  }

  /** Whether more comes than can be done, and has for a while. */
  get isOverloaded(): boolean {
    if (this.#isOverloaded && this.#clock.now() - this.#refusedAt > CALM_AFTER_MS) this.#isOverloaded = false;
    return this.#isOverloaded;
  }

  /** @returns how to leave the line again, for who hangs up */
  join(newcomer: Newcomer): () => void {
    if (this.#turnsTaken === 0) {
      this.#takeTurn();
      newcomer.admit();
      return () => undefined;
    }
    const waiter: Waiter = {
      since: this.#clock.now(),
      admit: () => newcomer.admit(),
      refuse: () => newcomer.refuse(),
    };
    this.#line.push(waiter);
    if (this.#line.length > this.#limits.mostWaiting) this.#overload();
    return () => {
      const at = this.#line.indexOf(waiter);
      if (at >= 0) this.#line.splice(at, 1);
    };
  }

  #takeTurn(): void {
    this.#turnsTaken = this.#isOverloaded ? TURNS_EACH : 1;
    this.#clock.afterThisTurn(() => this.#nextTurn());
  }

  #nextTurn(): void {
    this.#turnsTaken -= 1;
    if (this.#turnsTaken > 0) {
      this.#clock.afterThisTurn(() => this.#nextTurn());
      return;
    }
    this.#look();
    const next = this.#isOverloaded ? this.#line.pop() : this.#line.shift();
    // The last has waited for one turn at most, however long that was.
    if (this.isOverloaded) this.#refuseLate(this.#clock.now());
    if (next === undefined) return;
    this.#takeTurn();
    next.admit();
  }

  #look(): void {
    const now = this.#clock.now();
    const [first] = this.#line;
    if (first === undefined || now - first.since <= this.#limits.maxDelayMs) this.#lateSince = undefined;
    else this.#lateSince ??= now;
    if (this.#lateSince !== undefined && now - this.#lateSince >= STANDS_AFTER_MS) this.#overload();
  }

  #overload(): void {
    if (!this.#isOverloaded) this.#refusedAt = this.#clock.now();
    this.#isOverloaded = true;
  }

  #refuseLate(now: number): void {
    const late = this.#line.findIndex(({ since }) => now - since <= SHORT_WAIT_MS);
    const refused = this.#line.splice(0, late < 0 ? this.#line.length : late);
    if (refused.length > 0) this.#refusedAt = now;
    for (const waiter of refused) waiter.refuse();
  }
}
