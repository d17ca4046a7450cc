import { PatchbayError } from '../errors/patchbay-error.ts';
import { isOutage } from './outage.ts';

/**
 * For how long an outage is waited out: the restart of a provider takes less, and whoever reads is told within two minutes
 * that it is none.
 */
const OUTAGE_MS = 90_000;
const FIRST_WAIT_MS = 1_000;
/** Between two tries, if nobody says how long it takes; and whatever anybody says. */
const LONGEST_WAIT_MS = 15_000;
const LONGEST_ASKED_WAIT_MS = 60_000;
/** In all, for one page: whoever is asked to wait for longer is told so instead. */
const PATIENCE_MS = 20 * 60_000;

/** Told before every wait, and with 0 when it is over. In milliseconds. */
export type OnWait = (waitMs: number) => void;

/**
 * Asks for a page until it is there: nobody wants a load that has run for an hour to end because a provider wants a minute's
 * rest. Waits as long as it asks for, and a little for an outage.
 * @throws PatchbayError what can't be waited out; the signal's reason when it is aborted
 */
export async function patiently<Page>(ask: () => Promise<Page>, signal: AbortSignal, onWait: OnWait): Promise<Page> {
  const patience = new Patience();
  for (;;) {
    signal.throwIfAborted();
    const askedAt = performance.now();
    try {
      return await ask();
    } catch (error) {
      const waitMs = signal.aborted ? undefined : patience.waitAfter(error, askedAt);
      if (waitMs === undefined) throw error;
      onWait(waitMs);
      await pause(waitMs, signal);
      signal.throwIfAborted();
      onWait(0);
    }
  }
}

/** What one page has been waited for so far. */
class Patience {
  readonly #giveUpAt = performance.now() + PATIENCE_MS;
  #failures = 0;
  /** Since when the provider has been down, but for what its limits made us wait meanwhile. */
  #downSince: number | undefined;

  /** @returns undefined for what no wait would mend, or none that we'd take */
  waitAfter(error: unknown, askedAt: number): number | undefined {
    const waitMs = waitFor(error, this.#failures);
    if (waitMs === undefined) return undefined;
    const goesOnAt = performance.now() + waitMs;
    if (!asksToWait(error)) {
      this.#failures += 1;
      this.#downSince ??= askedAt;
    } else if (this.#downSince !== undefined) this.#downSince += goesOnAt - askedAt;
    const tooLateAt = Math.min(this.#giveUpAt, (this.#downSince ?? Infinity) + OUTAGE_MS);
    return goesOnAt > tooLateAt ? undefined : waitMs;
  }
}

/** Over early when nobody waits any more. */
function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, waitMs);
    signal.addEventListener('abort', end);
  });
}

/** @returns undefined for what no wait would mend */
function waitFor(error: unknown, failures: number): number | undefined {
  if (!(error instanceof PatchbayError)) return undefined;
  const askedMs = error.details.retry_after === undefined ? undefined : error.details.retry_after * 1000;
  if (asksToWait(error)) return askedMs ?? FIRST_WAIT_MS;
  if (!isOutage(error)) return undefined;
  if (askedMs !== undefined) return Math.min(LONGEST_ASKED_WAIT_MS, askedMs);
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
}

function asksToWait(error: unknown): boolean {
  if (!(error instanceof PatchbayError)) return false;
  return error.code === 'provider_rate_limited' || error.code === 'service_unavailable';
}
