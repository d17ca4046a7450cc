import { OutboundError } from '../outbound-error.ts';
import type { Flow } from './fair-queue.ts';
import type { PaceLane } from './pace.ts';

/** Told to who wants to know why nothing happens. */
export interface PaceWait {
  readonly integration: string;
  readonly resource: string;
  /** Milliseconds until the provider's limit lets somebody through again; one's turn may come later. */
  readonly waitMs: number;
}

/** One call that wants to go out. */
export interface PaceTurn extends Flow {
  readonly lane: PaceLane;
  /** The latest moment to go out (`performance.now()`). */
  readonly deadline: number;
  /** Ends the wait with its own reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onWait?: ((wait: PaceWait) => void) | undefined;
}

/** A call on its way through the queues, until it is admitted, refused or given up. */
export class Waiter implements Flow {
  readonly connection: string;
  readonly load: string;
  readonly lane: PaceLane;
  readonly admitted: Promise<void>;
  readonly #turn: PaceTurn;
  readonly #timer: NodeJS.Timeout;
  readonly #settled = Promise.withResolvers<undefined>();
  #freeAt = 0;
  #isWaiting = true;
  #wasRefused = false;
  #leave: (() => void) | undefined;

  constructor(turn: PaceTurn) {
    this.connection = turn.connection;
    this.load = turn.load;
    this.lane = turn.lane;
    this.admitted = this.#settled.promise;
    this.#turn = turn;
    this.#timer = setTimeout(() => this.refuse(), turn.deadline - performance.now());
    turn.signal?.addEventListener('abort', this.#giveUp, { once: true });
  }

  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  get wasRefused(): boolean {
    return this.#wasRefused;
  }

  /** Whether the lane was not free when it asked. */
  get hadToWait(): boolean {
    return this.#freeAt > 0;
  }

  /** How to take it out of where it waits now. */
  waitsIn(leave: () => void): void {
    this.#leave = leave;
  }

  admit(): void {
    if (this.#end()) this.#settled.resolve(undefined);
  }

  /** Ends the wait with `provider_rate_limited`, and with the time it was told last. Nothing was sent. */
  refuse(waitMs = this.#freeAt - performance.now()): void {
    this.#wasRefused = this.#isWaiting;
    this.fail(limitReached(this.lane, waitMs));
  }

  fail(error: Error): void {
    if (this.#end()) this.#settled.reject(error);
  }

  /** Tells how long nobody gets through. Refuses at once who can't wait for it. @returns whether it still waits */
  tell(waitMs: number): boolean {
    this.#freeAt = performance.now() + waitMs;
    if (this.#freeAt > this.#turn.deadline) this.refuse(waitMs);
    else if (this.#isWaiting) this.#pass(waitMs);
    return this.#isWaiting;
  }

  /** Whose own part in it is broken fails with that, and alone. */
  #pass(waitMs: number): void {
    const { integration, resource } = this.lane;
    try {
      this.#turn.onWait?.({ integration, resource, waitMs });
    } catch (error) {
      this.fail(error as Error);
    }
  }

  readonly #giveUp = (): void => {
    this.fail(this.#turn.signal?.reason as Error);
  };

  #end(): boolean {
    if (!this.#isWaiting) return false;
    this.#isWaiting = false;
    clearTimeout(this.#timer);
    this.#turn.signal?.removeEventListener('abort', this.#giveUp);
    this.#leave?.();
    return true;
  }
}

export function limitReached({ integration, resource }: PaceLane, waitMs: number): OutboundError {
  const retry_after = Math.max(1, Math.ceil(waitMs / 1000));
  const message = `The limit of calls to ${integration} (${resource}) is reached for another ${retry_after} s.`;
  return new OutboundError('provider_rate_limited', message, 'not-sent', { integration, retry_after });
}
