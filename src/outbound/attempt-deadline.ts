import { timeoutError } from './outbound-error.ts';
import type { OutboundRequest } from './outbound-call.ts';

/**
 * Ends an attempt when its time is up or its caller hangs up, whichever is first. One controller and one timer, both let go
 * with the attempt: `AbortSignal.any` and `AbortSignal.timeout` would live on until the time is up.
 */
export class AttemptDeadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #caller: AbortSignal | undefined;
  readonly #hangUp: () => void;
  #sentAt: number | undefined;

  /** @param fairTimeMs a provider that is given less may be well, and still not answer in time */
  constructor({ integration, signal }: OutboundRequest, timeoutMs: number, fairTimeMs: number) {
    this.#caller = signal;
    this.#hangUp = () => this.#controller.abort(signal?.reason);
    this.#timer = setTimeout(() => this.#controller.abort(this.#tooLate(integration, fairTimeMs)), timeoutMs);
    signal?.addEventListener('abort', this.#hangUp);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** From now on nothing can be taken back. */
  sent(): void {
    this.#sentAt = performance.now();
  }

  over(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#hangUp);
  }

  #tooLate(integration: string, fairTimeMs: number) {
    if (this.#sentAt === undefined) return timeoutError(integration, 'not-sent', { hadItsChance: false });
    // Timers may be a millisecond early.
    const hadItsChance = performance.now() - this.#sentAt >= fairTimeMs - 1;
    return timeoutError(integration, 'sent', { hadItsChance });
  }
}
