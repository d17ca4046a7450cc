import { PatchbayError } from '../errors/patchbay-error.ts';
import { isOutage } from './outage.ts';

/** How often an outage is waited out before one page of the provider's is given up. */
const MAX_OUTAGES = 5;
const FIRST_OUTAGE_MS = 1_000;
const LONGEST_OUTAGE_MS = 60_000;
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
  const giveUpAt = performance.now() + PATIENCE_MS;
  let outages = 0;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      const waitMs = waitFor(error, outages);
      if (signal.aborted || waitMs === undefined || performance.now() + waitMs > giveUpAt) throw error;
      if (!asksToWait(error)) outages += 1;
      onWait(waitMs);
      await pause(waitMs, signal);
      signal.throwIfAborted();
      onWait(0);
    }
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
function waitFor(error: unknown, outages: number): number | undefined {
  if (!(error instanceof PatchbayError)) return undefined;
  const askedMs = error.details.retry_after === undefined ? undefined : error.details.retry_after * 1000;
  if (asksToWait(error)) return askedMs ?? FIRST_OUTAGE_MS;
  if (!isOutage(error) || outages >= MAX_OUTAGES) return undefined;
  return Math.min(LONGEST_OUTAGE_MS, askedMs ?? FIRST_OUTAGE_MS * 2 ** outages);
}

function asksToWait(error: unknown): boolean {
  if (!(error instanceof PatchbayError)) return false;
  return error.code === 'provider_rate_limited' || error.code === 'service_unavailable';
}
