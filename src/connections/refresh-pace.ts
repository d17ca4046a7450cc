import { Logger } from '@nestjs/common';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import type { KeyValueStore } from '../storage/key-value-store.ts';

/** Refreshes ahead of one integration in a second, of all replicas together, where its vendor asks for no less. */
const PER_SECOND = 50;
/** Failures in a row that say nothing yet of the provider, or of our client there. */
const TOLERATED = 5;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 120_000;

/**
 * When the next token of an integration may be renewed ahead of need. So many a second, and while a provider refuses
 * one after the other (it is down, or doesn't accept our client) one now and then, until it takes one again.
 */
export class RefreshPace {
  readonly #log = new Logger(RefreshPace.name);
  readonly #store: KeyValueStore;
  readonly #integration: string;
  readonly #perSecond: number;
  readonly #now: () => number;
  #failuresInRow = 0;
  /** 0 while all is well. */
  #pauseMs = 0;
  #pausedUntil = 0;

  constructor(
    store: KeyValueStore,
    { integration, dialect }: OAuthClient,
    now: () => number = () => performance.now(),
  ) {
    this.#store = store;
    this.#integration = integration;
    this.#perSecond = dialect.refreshesAheadPerSecond ?? PER_SECOND;
    this.#now = now;
  }

  /** @returns 0 for one refresh that may begin now, else the milliseconds to wait */
  async waitMs(): Promise<number> {
    const pausedMs = this.#pausedUntil - this.#now();
    if (pausedMs > 0) return pausedMs;
    const { allowed, resetMs } = await this.#store.hitSlidingWindow(
      `refresh-ahead/${this.#integration}`,
      this.#perSecond,
      1000,
    );
    if (!allowed) return Math.max(1, resetMs);
    // One tries; the others wait for what comes of it.
    if (this.#pauseMs > 0) this.#pause(Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2));
    return 0;
  }

  succeeded(): void {
    if (this.#pauseMs > 0) this.#log.log({ msg: 'tokens are renewed again', integration: this.#integration });
    this.#failuresInRow = 0;
    this.#pauseMs = 0;
    this.#pausedUntil = 0;
  }

  /** @param askedWaitMs what the provider asked for */
  failed(askedWaitMs = 0): void {
    this.#failuresInRow += 1;
    if (this.#pauseMs === 0 && this.#failuresInRow >= TOLERATED) {
      this.#log.warn({
        msg: 'tokens are hardly renewed ahead: one after the other failed',
        integration: this.#integration,
      });
      this.#pause(FIRST_PAUSE_MS);
    }
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#now() + Math.min(askedWaitMs, LONGEST_PAUSE_MS));
  }

  /** Drawn from its upper half: replicas don't come back at the same time. */
  #pause(ms: number): void {
    this.#pauseMs = ms;
    this.#pausedUntil = this.#now() + ms * (0.5 + Math.random() / 2);
  }
}
