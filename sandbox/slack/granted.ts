import { scaled, type Context } from '../core/context.ts';
import type { Token } from '../core/grant-rows.ts';
import { bearerToken, json, type Call, type Reply } from '../core/message.ts';
import { argument } from './arguments.ts';
import { SlackData } from './data.ts';
import { slackError } from './errors.ts';

const MINUTE_MS = 60_000;

/** Requests a minute per method, workspace and app. https://docs.slack.dev/apis/web-api/rate-limits */
const TIERS = { 2: 20, 3: 50, 4: 100, special: 600 } as const;

/** Since 29 May 2025, `history` is tier 3 for an app of the Marketplace, and one a minute for any other. */
export type Tier = keyof typeof TIERS | 'history';

export interface Method {
  readonly name: string;
  readonly tier: Tier;
  /** Any one of these lets a token call it; none needed when empty. */
  readonly scopes: readonly string[];
  readonly handle: (granted: Granted) => Reply;
}

/** A call whose token is good, with what its workspace has. */
export interface Granted {
  readonly call: Call;
  readonly token: Token;
  readonly data: SlackData;
}

/** From the Authorization header, or the `token` argument. */
export function sentToken(call: Call): string | null {
  return bearerToken(call) ?? argument(call, 'token');
}

export function callMethod(context: Context, call: Call, method: Method): Reply {
  const sent = sentToken(call);
  if (sent === null) return slackError('not_authed');
  const token = context.grants.findToken('slack', sent);
  if (token?.kind !== 'access') return slackError('invalid_auth');
  if (token.status !== 'live') return slackError(token.status === 'expired' ? 'token_expired' : 'token_revoked');
  const reply = overLimit(context, token, method) ?? permitted(context, call, token, method);
  const headers = {
    'x-oauth-scopes': token.scopes.join(','),
    ...(method.scopes.length > 0 ? { 'x-accepted-oauth-scopes': method.scopes.join(',') } : {}),
  };
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function permitted(context: Context, call: Call, token: Token, method: Method): Reply {
  const needed = method.scopes[0];
  if (needed !== undefined && !method.scopes.some((scope) => token.scopes.includes(scope))) {
    return missingScope(token, needed);
  }
  const { seed, items } = context.settings;
  return method.handle({ call, token, data: new SlackData(seed, token.grant.account, items) });
}

export function missingScope(token: Token, needed: string): Reply {
  return slackError('missing_scope', { needed, provided: token.scopes.join(',') });
}

function perMinute({ settings }: Context, tier: Tier): number {
  if (tier !== 'history') return TIERS[tier];
  return settings.slack.marketplace ? TIERS[3] : 1;
}

function overLimit(context: Context, token: Token, method: Method): Reply | null {
  if (!context.settings.rateLimits) return null;
  const key = `slack/${token.grant.clientId}/${token.grant.account}/${method.name}`;
  const limit = { max: scaled(context, perMinute(context, method.tier)), windowMs: MINUTE_MS };
  const state = context.limiter.take(key, limit);
  if (state.allowed) return null;
  context.stats.count('slack', 'rate_limit_breaches');
  return json(429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(state.retryAfterSeconds) });
}
