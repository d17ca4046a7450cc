import { EventEmitter } from 'node:events';
import CircuitBreaker from 'opossum';
import type { Endpoint } from './outbound-call.ts';
import { OutboundError, type Ailment } from './outbound-error.ts';
import type { Verdict } from './provider-health.ts';

/** So many failures in a row open a circuit: one that fails three calls in ten has next to no chance of ten. */
export const FAILURES_TO_OPEN = 10;
/** Failures that lie further apart are no outage. */
const MEMORY_MS = 60_000;
export const FIRST_PERIOD_MS = 5_000;
export const LONGEST_PERIOD_MS = 60_000;

export interface CircuitState {
  readonly integration: string;
  readonly endpoint: Endpoint;
  readonly state: 'closed' | 'half-open' | 'open';
  /** In what way the provider failed last; null when it did not since it last answered. */
  readonly reason: Ailment | null;
  /** In a row. */
  readonly failures: number;
  /** When an open circuit lets a call through again; epoch milliseconds, null unless open. */
  readonly nextTrialAt: number | null;
  /** Calls refused since the start. */
  readonly refused: number;
}

/** After which opening of the circuit an attempt began. What comes of one that began before the latest is old news. */
export type Admission = number;

/**
 * Keeps calls away from a provider that is down. opossum counts, opens and lets a trial through; but it hears of attempts
 * only when they are over, and only what they say of the provider's health. Around a call that takes time, its `fire`
 * - closes a half-open breaker on the late success of a call that began before it opened;
 * - takes an error that an `errorFilter` passes for a success, which closes it too;
 * - counts calls under way among the fired, so that of a hundred that hang half have to fail until it opens;
 * - has one AbortController and one timeout for all: one slow call aborts the others, and without, a hung trial is for ever.
 * Here every attempt has its own deadline, and what is late or says nothing is kept from opossum.
 */
export class Circuit {
  readonly integration: string;
  readonly endpoint: Endpoint;
  readonly #breaker: CircuitBreaker<[Verdict], void>;
  /** opossum keeps this object and reads `resetTimeout` whenever it opens: that is how the period grows. */
  readonly #options: { resetTimeout: number };
  /** Moves opossum's window on by a bucket. With one verdict in each it holds the last ten, however long they took. */
  readonly #window = new EventEmitter();
  readonly #random: () => number;
  #openings: Admission = 0;
  #periodMs = FIRST_PERIOD_MS;
  #isTrialUnderWay = false;
  #failures = 0;
  #lastFailureAt = 0;
  #reason: Ailment | null = null;
  #nextTrialAt = 0;
  #refused = 0;

  constructor(
    integration: string,
    endpoint: Endpoint,
    changed: (state: CircuitState) => void = () => undefined,
    random: () => number = Math.random,
  ) {
    this.integration = integration;
    this.endpoint = endpoint;
    this.#random = random;
    const options = { ...breakerOptions(this.#window), resetTimeout: this.#jittered() };
    this.#options = options;
    this.#breaker = new CircuitBreaker(heed, options);
    this.#breaker.on('open', () => this.#opened());
    this.#breaker.on('close', () => this.#closed());
    for (const event of ['open', 'halfOpen', 'close']) this.#breaker.on(event as 'open', () => changed(this.state()));
  }

  get isClosed(): boolean {
    return this.#breaker.closed;
  }

  /**
   * Asks to make an attempt, whose end must be reported. Half-open, one at a time is let through.
   * @throws OutboundError `provider_unavailable`, with the seconds until the next trial
   */
  admit(): Admission {
    this.refuseIfOpen();
    if (!this.#breaker.closed) this.#isTrialUnderWay = true;
    return this.#openings;
  }

  /** @throws OutboundError as `admit`. For who has something else to ask before the attempt. */
  refuseIfOpen(): void {
    if (this.#breaker.opened || (!this.#breaker.closed && this.#isTrialUnderWay)) throw this.refusal();
  }

  report(admission: Admission, verdict: Verdict): void {
    if (admission !== this.#openings) return;
    this.#isTrialUnderWay = false;
    if (verdict === 'unknown') return;
    if (verdict === 'healthy') {
      // Nearly every attempt ends here. opossum needs to hear of a success only after failures.
      if (this.#failures > 0 || !this.#breaker.closed) this.#succeeded();
    } else this.#failed(verdict);
  }

  /** The error for a call that isn't made. */
  refusal(): OutboundError {
    this.#refused += 1;
    const { integration } = this;
    const retry_after = Math.max(1, Math.ceil((this.#nextTrialAt - Date.now()) / 1000));
    const message = `${integration} has been failing and is left alone for the moment. It is tried again in ${retry_after} s.`;
    return new OutboundError('provider_unavailable', message, 'not-sent', { integration, retry_after });
  }

  state(): CircuitState {
    const { closed, opened } = this.#breaker;
    return {
      integration: this.integration,
      endpoint: this.endpoint,
      state: closed ? 'closed' : opened ? 'open' : 'half-open',
      reason: this.#reason,
      failures: this.#failures,
      nextTrialAt: opened ? this.#nextTrialAt : null,
      refused: this.#refused,
    };
  }

  close(): void {
    this.#breaker.shutdown();
  }

  #succeeded(): void {
    this.#failures = 0;
    this.#reason = null;
    this.#tell('healthy');
  }

  #failed(ailment: Ailment): void {
    const now = Date.now();
    if (this.#breaker.closed && now - this.#lastFailureAt > MEMORY_MS) this.#forget();
    this.#lastFailureAt = now;
    this.#failures += 1;
    this.#reason = ailment;
    this.#tell(ailment);
  }

  #tell(verdict: Verdict): void {
    this.#breaker.fire(verdict).catch(ignoreEcho);
    this.#window.emit('rotate');
  }

  #forget(): void {
    this.#failures = 0;
    for (let bucket = 0; bucket < FAILURES_TO_OPEN; bucket += 1) this.#window.emit('rotate');
  }

  #opened(): void {
    this.#openings += 1;
    this.#nextTrialAt = Date.now() + this.#options.resetTimeout;
    this.#periodMs = Math.min(LONGEST_PERIOD_MS, this.#periodMs * 2);
    this.#options.resetTimeout = this.#jittered();
  }

  #closed(): void {
    this.#periodMs = FIRST_PERIOD_MS;
    this.#options.resetTimeout = this.#jittered();
  }

  /** From the upper quarter, so that replicas that saw the same outage don't try at once. */
  #jittered(): number {
    return Math.round(this.#periodMs * (0.75 + this.#random() / 4));
  }
}

/** A fresh object for every breaker: opossum keeps what it is given, and writes to it. */
function breakerOptions(window: EventEmitter) {
  return {
    timeout: false,
    errorThresholdPercentage: 99,
    volumeThreshold: FAILURES_TO_OPEN,
    rollingCountBuckets: FAILURES_TO_OPEN,
    rotateBucketController: window,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
  } as const;
}

/** Failing at once and not by a promise, it is counted before `fire` is back. */
function heed(verdict: Verdict): Promise<void> {
  if (verdict !== 'healthy') throw UNWELL;
  return DONE;
}

const UNWELL = new Error('The provider is not well.');
const DONE = Promise.resolve();

/** opossum hands back the failure it was told of. */
function ignoreEcho(): void {
  // It is on its way to the caller already.
}
