import { randomUUID } from 'node:crypto';
import { scaled, type Context } from '../core/context.ts';
import type { Token } from '../core/grant-rows.ts';
import { bearerToken, json, type Call, type Reply } from '../core/message.ts';
import { HubspotData } from './data.ts';
import { hubspotError } from './errors.ts';
import type { ObjectType } from './object-types.ts';

const WINDOW_MS = 10_000;
const PER_WINDOW = 110;
const SEARCHES_A_SECOND = 5;

/** A call whose token is good, with what the account behind it has. */
export interface Granted {
  readonly call: Call;
  readonly token: Token;
  readonly data: HubspotData;
}

/** Checks token, rate limit and scope (any one of `scopes`), in that order, before the handler. */
export function withToken(
  context: Context,
  call: Call,
  scopes: readonly string[],
  handle: (granted: Granted) => Reply,
  lane: (context: Context, token: Token) => Taken = takeFromLimit,
): Reply {
  const token = context.grants.findToken('hubspot', bearerToken(call) ?? '');
  if (token?.kind === 'access' && token.status === 'expired') {
    return hubspotError(401, 'EXPIRED_AUTHENTICATION', 'The OAuth token used to make this call expired.');
  }
  if (token?.kind !== 'access' || token.status !== 'live') {
    return hubspotError(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found or invalid.');
  }
  const { limited, headers } = lane(context, token);
  if (limited) return limited;
  if (scopes.length > 0 && !scopes.some((scope) => token.scopes.includes(scope))) return missingScopes(scopes);
  const reply = handle({ call, token, data: HubspotData.of(context.settings, token.grant.account) });
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

export function mayRead({ token }: Granted, type: ObjectType): boolean {
  return type.scopes.some((scope) => token.scopes.includes(scope));
}

export function missingScopes(scopes: readonly string[]): Reply {
  const message = "This app hasn't been granted all required scopes to make this call.";
  return hubspotError(403, 'MISSING_SCOPES', message, {
    errors: [
      { message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: scopes } },
    ],
    links: { scopes: 'https://developers.hubspot.com/scopes' },
  });
}

interface Taken {
  readonly limited: Reply | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** 110 requests in any 10 s per app and account, told in headers on every answer. */
function takeFromLimit(context: Context, token: Token): Taken {
  if (!context.settings.rateLimits) return { limited: null, headers: {} };
  const max = scaled(context, PER_WINDOW);
  const key = `hubspot/${token.grant.clientId}/${token.grant.account}`;
  const state = context.limiter.take(key, { max, windowMs: WINDOW_MS });
  const headers = {
    'x-hubspot-ratelimit-max': String(max),
    'x-hubspot-ratelimit-remaining': String(state.remaining),
    'x-hubspot-ratelimit-interval-milliseconds': String(WINDOW_MS),
  };
  if (state.allowed) return { limited: null, headers };
  return { limited: limitReply(context, 'ten_secondly_rolling', headers), headers };
}

/** Searches are counted apart, for the account whatever its apps, and no header tells of it. */
export function takeSearch(context: Context, token: Token): Taken {
  if (!context.settings.rateLimits) return { limited: null, headers: {} };
  const limit = { max: scaled(context, SEARCHES_A_SECOND), windowMs: 1_000 };
  const { allowed } = context.limiter.take(`hubspot/search/${token.grant.account}`, limit);
  return { limited: allowed ? null : limitReply(context, 'secondly', {}), headers: {} };
}

function limitReply(context: Context, policy: string, headers: Readonly<Record<string, string>>): Reply {
  context.stats.count('hubspot', 'rate_limit_breaches');
  const body = {
    status: 'error',
    message: `You have reached your ${policy} limit.`,
    errorType: 'RATE_LIMIT',
    correlationId: randomUUID(),
    policyName: policy.toUpperCase(),
    requestId: randomUUID(),
  };
  return json(429, body, headers);
}
