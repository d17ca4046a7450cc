import { StandingQueue } from './standing-queue.ts';

export interface SlotLimits {
  readonly all: number;
  /** At a time for one of those the slots are for. */
  readonly ofOne: number;
}

/**
 * So many calls at a time, and the others in line, in which those they are for take turns: who has all he may have is passed
 * by. Whoever waits leaves when its own deadline ends, or when all are sent away; while the line stands, whose turn comes too
 * late is sent away instead, so that those who are served don't wait for what can't be done.
 */
export class Slots {
  readonly #ofOne: number;
  readonly #queue: StandingQueue;
  readonly #tooLate: (() => Error) | undefined;
  #free: number;
  readonly #taken = new Map<string, number>();
  readonly #waiting = new Map<string | undefined, Set<Waiter>>();
  /** Since when those who wait may have another: until then they waited for themselves alone. */
  readonly #mayHaveSince = new Map<string | undefined, number>();
  /** Those who wait and may have another, in the order of their turns. */
  readonly #turns = new Set<string | undefined>();

  /** @param tooLate why somebody is sent away while the line stands; absent: nobody is */
  constructor({ all, ofOne }: SlotLimits, tooLate?: () => Error, queue = new StandingQueue()) {
    this.#free = all;
    this.#ofOne = ofOne;
    this.#tooLate = tooLate;
    this.#queue = queue;
  }

  /** Whether more comes than can be done, and has for a while. */
  get isStanding(): boolean {
    return this.#queue.isStanding;
  }

  /**
   * @param of whom it is for; those for nobody in particular have no limit of their own
   * @returns undefined when there is one at once. Rejects with the signal's reason, or that of `sendAway`
   */
  take(signal: AbortSignal, of?: string): Promise<void> | undefined {
    if (this.#free === 0 || !this.#mayHave(of)) return this.#wait(signal, of);
    this.#count(of, 1);
    this.#queue.waited(0);
    return undefined;
  }

  /** @param of as it was taken; @param usedMs how long */
  release(of: string | undefined, usedMs: number): void {
    this.#queue.took(usedMs);
    if (this.#waiting.has(of) && !this.#mayHave(of)) this.#mayHaveSince.set(of, this.#queue.now());
    this.#count(of, -1);
    if (this.#waiting.has(of)) this.#turns.add(of);
    this.#goOn();
  }

  sendAway(reason: () => Error): void {
    for (const waiters of [...this.#waiting.values()]) for (const waiter of waiters) waiter.leave(reason());
  }

  #goOn(): void {
    if (this.#free === 0) return;
    const next = this.#next();
    if (next === undefined) return;
    const { waiter, of } = next;
    this.#count(of, 1);
    waiter.go();
    // To the end of the round.
    this.#turns.delete(of);
    if (this.#waiting.has(of) && this.#mayHave(of)) this.#turns.add(of);
  }

  /** Whose turn it is. Those it comes too late for are sent away. */
  #next(): { readonly waiter: Waiter; readonly of: string | undefined } | undefined {
    while (this.#turns.size > 0) {
      const [of] = this.#turns;
      const [waiter] = this.#waiting.get(of) ?? [];
      if (waiter === undefined) return undefined;
      // A burst of one is no line: it holds up nobody else.
      const since = Math.max(waiter.since, this.#mayHaveSince.get(of) ?? waiter.since);
      this.#queue.waited(this.#queue.now() - since);
      if (!this.#queue.isStanding || this.#tooLate === undefined) return { waiter, of };
      waiter.leave(this.#tooLate());
    }
    return undefined;
  }

  #mayHave(of: string | undefined): boolean {
    return of === undefined || (this.#taken.get(of) ?? 0) < this.#ofOne;
  }

  #count(of: string | undefined, change: 1 | -1): void {
    this.#free -= change;
    if (of === undefined) return;
    const taken = (this.#taken.get(of) ?? 0) + change;
    if (taken === 0) this.#taken.delete(of);
    else this.#taken.set(of, taken);
  }

  #wait(signal: AbortSignal, of: string | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#removeWaiter(waiter, of);
        signal.removeEventListener('abort', hangUp);
      };
      const hangUp = () => waiter.leave(signal.reason as Error);
      const waiter: Waiter = {
        since: this.#queue.now(),
        go: () => {
          end();
          resolve();
        },
        leave: (reason) => {
          end();
          reject(reason);
        },
      };
      this.#addWaiter(waiter, of);
      signal.addEventListener('abort', hangUp);
    });
  }

  #addWaiter(waiter: Waiter, of: string | undefined): void {
    this.#waiting.set(of, (this.#waiting.get(of) ?? new Set<Waiter>()).add(waiter));
    if (this.#mayHave(of)) this.#turns.add(of);
  }

  #removeWaiter(waiter: Waiter, of: string | undefined): void {
    const waiters = this.#waiting.get(of);
    waiters?.delete(waiter);
    if (waiters?.size !== 0) return;
    this.#waiting.delete(of);
    this.#mayHaveSince.delete(of);
    this.#turns.delete(of);
  }
}

interface Waiter {
  readonly since: number;
  go(): void;
  leave(reason: Error): void;
}
