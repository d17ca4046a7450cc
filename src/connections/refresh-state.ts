import type { ErrorCode } from '../errors/error-code.ts';
import { LONGEST_ASKED_WAIT_MS } from '../outbound/retry-after.ts';

/**
 * Why a connection ended:
 * `grant_revoked` the provider said that the grant is dead (RFC 6749 §5.2 `invalid_grant`, or its own word for it);
 * `refresh_answer_lost` it said so after the answer to an earlier refresh had been lost, and the new token with it;
 * `no_refresh_token` the access token has ended, and nothing can renew it;
 * `client_changed` it was given to another OAuth client than the one that is configured now (told, never stored: the
 * other may come back).
 */
export const END_REASONS = ['grant_revoked', 'refresh_answer_lost', 'no_refresh_token', 'client_changed'] as const;
export type EndReason = (typeof END_REASONS)[number];

/** The last refresh that failed, without ending the grant. Times are epoch milliseconds. */
export interface RefreshFailure {
  readonly error: ErrorCode;
  readonly at: number;
  /** Failures since the last success. */
  readonly count: number;
  /** Nobody asks the token endpoint before. */
  readonly retryAt: number;
}

/**
 * The journal: written before a refresh token is presented, gone when it is known what came of it. As long as it stands,
 * the provider may have taken back the refresh token we hold.
 */
export interface RefreshAttempt {
  /** Which token of the grant. */
  readonly token: string;
  /** Of the lease it was made under. */
  readonly fencingNumber: number;
  /** When it was noted, by the store's clock, in epoch milliseconds: long after the lease was taken, if others were waited for. */
  readonly begunAt: number;
  /** How often this refresh token was presented without a known outcome, this time included. */
  readonly presentations: number;
  /** Whether the call is over, without an answer that tells. Otherwise it may be under way, or its process dead. */
  readonly over: boolean;
}

export interface RefreshState {
  readonly lastAt: number | null;
  /** When it is renewed ahead of need; null when nothing can, or need, be renewed. */
  readonly nextAt: number | null;
  readonly failure: RefreshFailure | null;
  readonly attempt: RefreshAttempt | null;
}

export const NEVER_REFRESHED: RefreshState = { lastAt: null, nextAt: null, failure: null, attempt: null };

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
const FIRST_BACKGROUND_WAIT_MS = 30_000;
const LONGEST_BACKGROUND_WAIT_MS = 3_600_000;

/**
 * The state after a failure. A first failure may be tried again at once by whoever needs the token; from the second on
 * waits double up to a minute, and up to an hour for the background, which can wait. Waits are drawn from their upper half.
 * @param askedWaitMs what the provider asked for; an hour of it counts
 */
export function afterFailure(
  state: RefreshState,
  error: ErrorCode,
  now: number,
  askedWaitMs = 0,
  draw: () => number = Math.random,
): RefreshState {
  const count = (state.failure?.count ?? 0) + 1;
  const askedMs = Math.min(askedWaitMs, LONGEST_ASKED_WAIT_MS);
  const doubled = (first: number, exponent: number, longest: number): number =>
    Math.round(Math.min(longest, first * 2 ** Math.min(exponent, 30)) * (0.5 + draw() / 2));
  const waitMs = count === 1 ? 0 : doubled(FIRST_WAIT_MS, count - 2, LONGEST_WAIT_MS);
  const backgroundWaitMs = doubled(FIRST_BACKGROUND_WAIT_MS, count - 1, LONGEST_BACKGROUND_WAIT_MS);
  return {
    ...state,
    failure: { error, at: now, count, retryAt: now + Math.max(waitMs, askedMs) },
    nextAt: now + Math.max(backgroundWaitMs, askedMs),
  };
}
