import { secretMatches } from '../core/clients.ts';
import type { Context } from '../core/context.ts';
import type { Grant, Token } from '../core/grant-rows.ts';
import { json, type Call, type Reply } from '../core/message.ts';
import { verifierMatches } from '../core/pkce.ts';
import type { Route } from '../core/route.ts';
import type { ClientRegistration } from '../core/settings.ts';
import { hubspotAccount } from './account.ts';
import { tokenError } from './errors.ts';

/** The generations of the token endpoint; they share one store. */
const CURRENT_VERSIONS = ['v3', '2026-03', '2026-09'] as const;

export function tokenRoutes(context: Context): Route[] {
  const route = (path: string, handle: (call: Call, client: ClientRegistration) => Reply): Route => ({
    method: 'POST',
    path,
    kind: 'token',
    handle: (call) => aged(context, authenticated(context, call, handle)),
  });
  return [
    route('/oauth/v1/token', (call, client) => tokenEndpoint(context, call, client, 'v1')),
    ...CURRENT_VERSIONS.flatMap((version) => [
      route(`/oauth/${version}/token`, (call, client) => tokenEndpoint(context, call, client, 'current')),
      route(`/oauth/${version}/token/introspect`, (call, client) => introspect(context, call, client)),
      route(`/oauth/${version}/token/revoke`, (call, client) => revoke(context, call, client)),
    ]),
  ];
}

/** Id and secret in the body, never in a header or the query. */
function authenticated(context: Context, call: Call, handle: (call: Call, client: ClientRegistration) => Reply): Reply {
  if (call.contentType !== 'application/x-www-form-urlencoded') {
    return tokenError('BAD_REQUEST', 'invalid_request', 'the body must be application/x-www-form-urlencoded');
  }
  const client = context.clients.find('hubspot', call.form.get('client_id'));
  if (!client) return tokenError('BAD_CLIENT_ID', 'invalid_client', 'missing or unknown client id');
  if (!secretMatches(client, call.form.get('client_secret') ?? '')) {
    return tokenError('BAD_CLIENT_SECRET', 'invalid_client', 'missing or invalid client secret');
  }
  return handle(call, client);
}

/** An error as it was before January 2026, when that is what is played. */
function aged(context: Context, reply: Reply): Reply {
  if (reply.status < 400 || !context.settings.hubspot.oldTokenErrors) return reply;
  const { status, message, correlationId } = JSON.parse(reply.body) as Record<string, unknown>;
  return json(reply.status, { status, message, correlationId });
}

type Generation = 'v1' | 'current';

function tokenEndpoint(context: Context, call: Call, client: ClientRegistration, generation: Generation): Reply {
  switch (call.form.get('grant_type')) {
    case 'authorization_code':
      return exchange(context, call, client, generation);
    case 'refresh_token':
      return refresh(context, call, client, generation);
    default:
      return tokenError('BAD_GRANT_TYPE', 'unsupported_grant_type', 'missing or unknown grant type');
  }
}

function exchange(context: Context, call: Call, client: ClientRegistration, generation: Generation): Reply {
  const badCode = tokenError('BAD_AUTH_CODE', 'invalid_grant', 'missing or unknown auth code');
  const sent = call.form.get('code') ?? '';
  const code = context.grants.peekCode('hubspot', sent);
  if (code?.clientId !== client.clientId) return badCode;
  if (code.redirectUri !== call.form.get('redirect_uri')) {
    return tokenError('BAD_REDIRECT_URI', 'invalid_grant', 'missing or invalid redirect uri');
  }
  const verifier = call.form.get('code_verifier');
  if (code.challenge !== null && !verifierMatches(code.challenge, verifier ?? '')) {
    return tokenError('BAD_CODE_VERIFIER', 'invalid_grant', 'missing or invalid code verifier');
  }
  if (!context.grants.takeCode('hubspot', sent)) return badCode;
  context.stats.count('hubspot', 'exchanges');
  const { lacks } = hubspotAccount(context.settings.seed, code.account);
  // Scopes the account's tier lacks are dropped without a word.
  const scopes = [...new Set(['oauth', ...code.scopes])].filter((scope) => !lacks.includes(scope));
  const grant = context.grants.installGrant({ ...code, scopes });
  const refreshToken = `na1-${context.mint.uuid()}`;
  const common = { grantId: grant.id, actor: 'user', scopes, pair: refreshToken } as const;
  context.grants.addToken({
    ...common,
    token: refreshToken,
    kind: 'refresh',
    lifeSeconds: context.settings.hubspot.refreshLifeSeconds,
  });
  return issue(context, grant, scopes, refreshToken, generation);
}

/** The refresh token stays what it was, and so do access tokens given out before. */
function refresh(context: Context, call: Call, client: ClientRegistration, generation: Generation): Reply {
  const token = context.grants.findToken('hubspot', call.form.get('refresh_token') ?? '');
  if (token?.kind !== 'refresh' || token.status !== 'live' || token.grant.clientId !== client.clientId) {
    return tokenError('BAD_REFRESH_TOKEN', 'invalid_grant', 'missing or invalid refresh token');
  }
  context.stats.count('hubspot', 'refreshes');
  return issue(context, token.grant, token.scopes, token.token, generation);
}

function issue(
  context: Context,
  grant: Grant,
  scopes: readonly string[],
  refreshToken: string,
  generation: Generation,
): Reply {
  const { accessLifeSeconds } = context.settings.hubspot;
  const access = `CN${context.mint.base62(220)}`;
  context.grants.addToken({
    grantId: grant.id,
    actor: 'user',
    scopes,
    pair: refreshToken,
    token: access,
    kind: 'access',
    lifeSeconds: accessLifeSeconds,
  });
  const trio = {
    token_type: 'bearer',
    access_token: access,
    refresh_token: refreshToken,
    expires_in: accessLifeSeconds,
  };
  if (generation === 'v1') return json(200, trio);
  const { hubId, userId } = hubspotAccount(context.settings.seed, grant.account);
  return json(200, { token_use: 'access_token', ...trio, hub_id: hubId, user_id: userId, scopes });
}

/** What a live token stands for, as the introspection endpoints of both generations tell it. */
export function describe(context: Context, token: Token): Readonly<Record<string, unknown>> {
  const account = hubspotAccount(context.settings.seed, token.grant.account);
  const lifeMs = token.expiresAt === null ? null : token.expiresAt - context.now();
  return {
    token: token.token,
    client_id: token.grant.clientId,
    app_id: account.appId,
    hub_id: account.hubId,
    user_id: account.userId,
    user: account.email,
    hub_domain: account.hubDomain,
    scopes: token.scopes,
    is_private_distribution: false,
    ...(lifeMs === null ? {} : { expires_in: Math.floor(lifeMs / 1000) }),
  };
}

function introspect(context: Context, call: Call, client: ClientRegistration): Reply {
  const token = context.grants.findToken('hubspot', call.form.get('token') ?? '');
  if (token?.status !== 'live' || token.grant.clientId !== client.clientId) return json(200, { active: false });
  return json(200, {
    active: true,
    token_use: token.kind === 'access' ? 'access_token' : 'refresh_token',
    token_type: 'bearer',
    ...describe(context, token),
  });
}

/** Ends the token alone: the app stays installed and live access tokens run out by themselves. */
function revoke(context: Context, call: Call, client: ClientRegistration): Reply {
  const token = context.grants.findToken('hubspot', call.form.get('token') ?? '');
  if (token?.status === 'live' && token.grant.clientId === client.clientId) revokeOne(context, token);
  return json(200, {});
}

export function revokeOne(context: Context, token: Token): void {
  context.grants.revokeToken(token.token);
  context.stats.count('hubspot', 'revocations');
}
