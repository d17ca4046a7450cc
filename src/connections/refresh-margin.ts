import type { GrantedToken } from './connection.ts';

const MIN_MARGIN_MS = 5 * 60_000;
const MARGIN_SHARE = 0.1;
const MAX_MARGIN_SHARE = 0.5;

/**
 * Whether a token is close enough to its end to be renewed before use: within the larger of 5 minutes and a tenth of its
 * life, but never within more than half of it, so that a short-lived token isn't renewed on every use.
 * A token without a known end is never due.
 */
export function isWithinRefreshMargin(token: GrantedToken, now: number): boolean {
  if (token.expiresAt === undefined) return false;
  const lifeMs = Math.max(0, token.expiresAt - token.obtainedAt);
  const marginMs = Math.min(Math.max(MIN_MARGIN_MS, lifeMs * MARGIN_SHARE), lifeMs * MAX_MARGIN_SHARE);
  return token.expiresAt - now <= marginMs;
}

export function isExpired(token: GrantedToken, now: number): boolean {
  return token.expiresAt !== undefined && token.expiresAt <= now;
}
