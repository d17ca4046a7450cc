import { randomUUID } from 'node:crypto';
import { scaled, type Context } from '../core/context.ts';
import type { Token } from '../core/grant-rows.ts';
import { bearerToken, json, type Call, type Reply } from '../core/message.ts';
import { HubspotData } from './data.ts';
import { hubspotError } from './errors.ts';

const WINDOW_MS = 10_000;
const PER_WINDOW = 110;

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
): Reply {
  const token = context.grants.findToken('hubspot', bearerToken(call) ?? '');
  if (token?.kind === 'access' && token.status === 'expired') {
    return hubspotError(401, 'EXPIRED_AUTHENTICATION', 'The OAuth token used to make this call expired.');
  }
  if (token?.kind !== 'access' || token.status !== 'live') {
    return hubspotError(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found or invalid.');
  }
  const { limited, headers } = takeFromLimit(context, token);
  if (limited) return limited;
  if (scopes.length > 0 && !scopes.some((scope) => token.scopes.includes(scope))) return missingScopes(scopes);
  const { seed, items } = context.settings;
  const reply = handle({ call, token, data: new HubspotData(seed, token.grant.account, items) });
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

function missingScopes(scopes: readonly string[]): Reply {
  const message = "This app hasn't been granted all required scopes to make this call.";
  return hubspotError(403, 'MISSING_SCOPES', message, {
    errors: [
      { message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: scopes } },
    ],
    links: { scopes: 'https://developers.hubspot.com/scopes' },
  });
}

/** 110 requests in any 10 s per app and account, told in headers on every answer. */
function takeFromLimit(
  context: Context,
  token: Token,
): { limited: Reply | null; headers: Readonly<Record<string, string>> } {
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
  context.stats.count('hubspot', 'rate_limit_breaches');
  const body = {
    status: 'error',
    message: 'You have reached your ten_secondly_rolling limit.',
    errorType: 'RATE_LIMIT',
    correlationId: randomUUID(),
    policyName: 'TEN_SECONDLY_ROLLING',
    requestId: randomUUID(),
  };
  return { limited: json(429, body, headers), headers };
}
