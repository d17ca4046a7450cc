import type { OutboundRequest, OutboundResponse } from './outbound-call.ts';
import { OutboundError } from './outbound-error.ts';
import { retryAfterSeconds } from './retry-after.ts';

const MAX_ATTEMPTS = 3;
const BASE_DELAY_MS = 100;
const MAX_DELAY_MS = 2_000;

/** Statuses by which a provider says that the same call may succeed a little later. */
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([409, 423, 500, 502, 503, 504, 521, 523, 524, 529]);

export interface AttemptOutcome {
  readonly request: OutboundRequest;
  readonly outcome: OutboundResponse | OutboundError;
  /** 1 for the first. */
  readonly attempt: number;
  /** Milliseconds left of the whole call. */
  readonly remainingMs: number;
}

/** @returns milliseconds to wait before the next attempt; undefined when this outcome is the last word */
export function retryDelayMs(last: AttemptOutcome, random: () => number = Math.random): number | undefined {
  if (!last.request.repeatable || last.attempt >= MAX_ATTEMPTS) return undefined;
  const delayMs = delayFor(last, random);
  return delayMs !== undefined && delayMs < last.remainingMs ? delayMs : undefined;
}

function delayFor({ request, outcome, attempt }: AttemptOutcome, random: () => number): number | undefined {
  const jittered = random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** attempt);
  if (outcome instanceof OutboundError) return outcome.code === 'provider_protocol_error' ? undefined : jittered;
  const askedSeconds = retryAfterSeconds(outcome.headers['retry-after']);
  if (outcome.status === 429) return (askedSeconds ?? request.throttledWaitSeconds ?? 1) * 1000 + jittered;
  if (!TRANSIENT_STATUSES.has(outcome.status)) return undefined;
  return askedSeconds === undefined ? jittered : askedSeconds * 1000 + jittered;
}
