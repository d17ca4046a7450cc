import { ApiFailure } from '../api/api-failure.ts';
import type { Authorization } from '../api/types.ts';

/** How an authorization ended, as the service tells it. */
export type AuthorizationEnd =
  | { name: 'connected'; connectionId: string | null }
  | { name: 'denied' }
  | { name: 'failed'; error: string | null }
  | { name: 'expired' };

export interface AuthorizationWatch {
  read: () => Promise<Authorization>;
  /** Resolves after `delayMs`, or sooner when there is reason to look. */
  pause: (delayMs: number) => Promise<void>;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** When the pending authorization stops being accepted, in the same clock. */
  expiresAtMs: number;
  /** How many authorizations are being watched; they share one request budget. */
  watched: () => number;
  /** Told after each look whether the service answered. */
  reachable: (answered: boolean) => void;
}

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 5_000;
const STEADY_LOOKS = 15;

/** Once a second for a quarter of a minute, then slower; the service allows 100 requests a minute in all. */
export function lookDelayMs(look: number, watched: number): number {
  const slowing = Math.max(0, look - STEADY_LOOKS);
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 1.25 ** slowing) * Math.max(1, watched);
}

/**
 * Looks until the authorization is no longer pending or its time has passed, with one last look at the end.
 * @throws {ApiFailure} when the service refuses to say (401, 403 and the like); transient failures are waited out.
 */
export async function watchAuthorization(watch: AuthorizationWatch): Promise<AuthorizationEnd> {
  for (let look = 0; ; look += 1) {
    const remainingMs = watch.expiresAtMs - watch.now();
    if (remainingMs > 0) await watch.pause(Math.min(remainingMs, lookDelayMs(look, watch.watched())));
    const last = watch.now() >= watch.expiresAtMs;
    const { end, retryAfterSeconds } = await lookOnce(watch);
    if (end) return end;
    if (last) return { name: 'expired' };
    if (retryAfterSeconds) await watch.pause(retryAfterSeconds * 1_000);
  }
}

async function lookOnce(watch: AuthorizationWatch): Promise<{ end?: AuthorizationEnd; retryAfterSeconds?: number }> {
  try {
    const authorization = await watch.read();
    watch.reachable(true);
    const end = authorizationEnd(authorization);
    return end ? { end } : {};
  } catch (thrown) {
    if (!(thrown instanceof ApiFailure)) throw thrown;
    // The outcome is kept for as long as the state lives; a state nobody knows any more is one that ran out.
    if (thrown.status === 404 || thrown.status === 410) return { end: { name: 'expired' } };
    if (!thrown.transient) throw thrown;
    watch.reachable(thrown.status === 429);
    return thrown.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: thrown.retryAfterSeconds };
  }
}

function authorizationEnd(authorization: Authorization): AuthorizationEnd | null {
  switch (authorization.status) {
    case 'pending':
      return null;
    case 'connected':
      return { name: 'connected', connectionId: authorization.connection_id ?? null };
    case 'denied':
    case 'expired':
      return { name: authorization.status };
    default:
      return { name: 'failed', error: authorization.error ?? null };
  }
}
