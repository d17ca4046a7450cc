import { tokensOf, type Connection, type Grant, type GrantedToken } from './connection.ts';

const MIN_MARGIN_MS = 5 * 60_000;
const MARGIN_SHARE = 0.1;
const MAX_MARGIN_SHARE = 0.5;
/** How far ahead of its margin, at most, the background renews a token, as a share of the margin. */
const AHEAD_SHARE = 0.5;

/** How long before its end a token is renewed: the larger of 5 minutes and a tenth of its life, never more than half of it. */
function marginMs(token: GrantedToken, expiresAt: number): number {
  const lifeMs = Math.max(0, expiresAt - token.obtainedAt);
  return Math.min(Math.max(MIN_MARGIN_MS, lifeMs * MARGIN_SHARE), lifeMs * MAX_MARGIN_SHARE);
}

/**
 * Whether a token is close enough to its end to be renewed before use. Never within more than half of its life, so that a
 * short-lived token isn't renewed on every use. A token without a known end is never due.
 * @param margins within how many of its margins: more than one to be ahead of need
 */
export function isWithinRefreshMargin(token: GrantedToken, now: number, margins = 1): boolean {
  return token.expiresAt !== undefined && token.expiresAt - now <= marginMs(token, token.expiresAt) * margins;
}

export function isExpired(token: GrantedToken, now: number): boolean {
  return token.expiresAt !== undefined && token.expiresAt <= now;
}

/** Whether it is good for that much longer, as far as one can know. */
export function isGoodFor(token: GrantedToken, ms: number, now: number): boolean {
  return token.expiresAt === undefined || token.expiresAt - now >= ms;
}

/** The names of the tokens that must be renewed before the grant is used. One that nothing can renew is good until its end. */
export function dueTokens(grant: Grant, now: number): readonly string[] {
  return tokensWithin(grant, now, 1);
}

/** The names of the tokens that are renewed ahead together: those within one and a half of their margin. */
export function tokensToRenewAhead(grant: Grant, now: number): readonly string[] {
  return tokensWithin(grant, now, 1 + AHEAD_SHARE);
}

function tokensWithin(grant: Grant, now: number, margins: number): readonly string[] {
  return tokensOf(grant)
    .filter(([, token]) => token.refreshToken !== undefined && isWithinRefreshMargin(token, now, margins))
    .map(([name]) => name);
}

/**
 * When the background renews the grant: a little ahead of the first of its tokens' margins, at a time drawn for each
 * anew, so that what was connected at one time isn't renewed at one time. Null when no token both ends and can be renewed.
 */
export function nextRefreshAt(grant: Grant, draw: () => number = Math.random): number | null {
  const times = tokensOf(grant).flatMap(([, token]) => {
    if (token.expiresAt === undefined || token.refreshToken === undefined) return [];
    const margin = marginMs(token, token.expiresAt);
    const ahead = Math.min(margin * AHEAD_SHARE, (token.expiresAt - token.obtainedAt) * 0.1) * draw();
    return [Math.round(token.expiresAt - margin - ahead)];
  });
  return times.length === 0 ? null : Math.max(0, Math.min(...times));
}

const DAY_MS = 86_400_000;
/** A connection that was used within it is kept ready for use. */
const READY_FOR_MS = 7 * DAY_MS;
/** One that wasn't is renewed just often enough for its refresh token to live: the shortest known life is 30 days. */
const KEEP_ALIVE_EVERY_MS = 14 * DAY_MS;

/** Before when an unused connection isn't renewed, however soon its access token ends. 0 for one in use. */
export function leftAloneUntil(connection: Connection, now: number): number {
  const { lastUsedAt, authorizedAt, refresh } = connection;
  if (now - Math.max(lastUsedAt ?? 0, authorizedAt) < READY_FOR_MS) return 0;
  return (refresh.lastAt ?? authorizedAt) + KEEP_ALIVE_EVERY_MS;
}

/** When the background will renew it, unless somebody needs it before; null: never. */
export function plannedRefreshAt(connection: Connection, now: number): number | null {
  const { nextAt } = connection.refresh;
  return nextAt === null ? null : Math.max(nextAt, leftAloneUntil(connection, now));
}
