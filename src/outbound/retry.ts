import type { OutboundRequest, OutboundResponse, Repeatable } from './outbound-call.ts';
import { OutboundError } from './outbound-error.ts';
import { retryAfterSeconds } from './retry-after.ts';

export const MAX_ATTEMPTS = 3;
const BASE_DELAY_MS = 100;
const MAX_DELAY_MS = 2_000;
/** An attempt that would have less time isn't worth waiting for. */
export const SHORTEST_ATTEMPT_MS = 1_000;

/** Statuses by which a provider says that the same call may succeed a little later. */
const TRANSIENT_STATUSES: ReadonlySet<number> = new Set([
  408, 409, 423, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529,
]);
const TOO_MANY_REQUESTS = 429;

export interface AttemptOutcome {
  readonly request: Pick<OutboundRequest, 'method' | 'repeatable' | 'throttledWaitSeconds'>;
  readonly outcome: Pick<OutboundResponse, 'status' | 'headers'> | OutboundError;
  /** 1 for the first. */
  readonly attempt: number;
  /** Milliseconds left of the whole call. */
  readonly remainingMs: number;
}

/** Why another attempt follows: what it takes from the retry budget differs. */
export type RetryCause = 'transient' | 'throttled';

export interface Retry {
  readonly cause: RetryCause;
  readonly delayMs: number;
}

/**
 * The retry table.
 *
 * | outcome | may be repeated freely | unless sent | never |
 * | --- | --- | --- | --- |
 * | no connection (not sent) | full jitter | full jitter | – |
 * | timeout, connection lost, answer broken off (sent) | full jitter | – | – |
 * | broken or refused answer, bad certificate | – | – | – |
 * | 429 | Retry-After, else the integration's own wait, else 1 s; plus jitter | – | – |
 * | 408 409 423 425 5xx (transient ones) | Retry-After plus jitter, else full jitter | – | – |
 * | any other status | – | – | – |
 *
 * At most three attempts, and none that couldn't be made within the call's own deadline: then what the provider asked for
 * is handed to the caller.
 * @returns undefined when this outcome is the last word
 */
export function planRetry(last: AttemptOutcome, random: () => number = Math.random): Retry | undefined {
  const cause = retryCause(last);
  if (cause === undefined || last.attempt >= MAX_ATTEMPTS) return undefined;
  const jitteredMs = random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (last.attempt - 1));
  const delayMs = (askedSeconds(last, cause) ?? 0) * 1000 + jitteredMs;
  return delayMs + SHORTEST_ATTEMPT_MS <= last.remainingMs ? { cause, delayMs } : undefined;
}

function retryCause({ request, outcome }: AttemptOutcome): RetryCause | undefined {
  const repeatable = repeatability(request);
  if (repeatable === 'never') return undefined;
  if (outcome instanceof OutboundError) {
    if (outcome.code === 'provider_protocol_error' && !outcome.brokeOff) return undefined;
    return repeatable === 'freely' || outcome.phase === 'not-sent' ? 'transient' : undefined;
  }
  if (repeatable !== 'freely') return undefined;
  if (outcome.status === TOO_MANY_REQUESTS) return 'throttled';
  return TRANSIENT_STATUSES.has(outcome.status) ? 'transient' : undefined;
}

function repeatability({ repeatable, method }: AttemptOutcome['request']): Repeatable {
  return repeatable ?? (method === 'POST' ? 'unless-sent' : 'freely');
}

function askedSeconds({ request, outcome }: AttemptOutcome, cause: RetryCause): number | undefined {
  if (outcome instanceof OutboundError) return undefined;
  return (
    retryAfterSeconds(outcome.headers) ?? (cause === 'throttled' ? (request.throttledWaitSeconds ?? 1) : undefined)
  );
}
