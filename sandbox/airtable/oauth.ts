import { accountOf } from '../core/accounts.ts';
import { authorizeRoutes, splitScopes, type AuthorizeOutcome } from '../core/authorize.ts';
import { redirectUriAllowed, secretMatches } from '../core/clients.ts';
import type { Context } from '../core/context.ts';
import { basicCredentials, json, withParams, type Call, type Reply } from '../core/message.ts';
import { isS256Challenge, verifierMatches } from '../core/pkce.ts';
import { reusedInGrace } from '../core/reuse.ts';
import type { Route } from '../core/route.ts';
import type { ClientRegistration } from '../core/settings.ts';
import type { Grant, Token } from '../core/grant-rows.ts';
import { tokenError } from './errors.ts';

const KNOWN_SCOPES =
  /^(data\.(records|recordComments):(read|write)|schema\.bases:(read|write)|workspacesAndBases:(read|write)|webhook:manage|block:manage|user\.email:read|enterprise\.[\w.]+:(read|write))$/;

/** https://airtable.com/developers/web/api/oauth-reference */
export function oauthRoutes(context: Context): Route[] {
  return [
    ...authorizeRoutes(context, {
      provider: 'airtable',
      title: 'Airtable',
      paths: ['/oauth2/v1/authorize'],
      access: '',
      accountLabel(account) {
        const { person, email } = accountOf(context.settings.seed, 'airtable', account);
        return `${person} (${email})`;
      },
      check: (call) => checkAuthorization(context, call),
      mintCode: () => context.mint.base62(64),
      // Since 13 March 2025 the challenge itself is no longer echoed.
      approveParams: () => ({ code_challenge_method: 'S256' }),
      denyParams: { error: 'access_denied', error_description: 'The user denied the request.' },
    }),
    { method: 'POST', path: '/oauth2/v1/token', kind: 'token', handle: (call) => tokenEndpoint(context, call) },
  ];
}

function checkAuthorization(context: Context, call: Call): AuthorizeOutcome {
  const { query } = call;
  const client = context.clients.find('airtable', query.get('client_id'));
  if (!client) return { kind: 'stop', code: 'invalid_client', problem: 'There is no integration with this client_id.' };
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!redirectUriAllowed(client, redirectUri)) {
    return { kind: 'stop', code: 'invalid_redirect_uri', problem: 'The redirect_uri is none of the registered ones.' };
  }
  const refusal = refusalOf(query);
  const state = query.get('state');
  if (refusal) {
    const [error, description] = refusal;
    return { kind: 'refuse', to: withParams(redirectUri, { error, error_description: description, state }) };
  }
  const scopes = splitScopes(query.get('scope'));
  return {
    kind: 'ask',
    request: {
      clientId: client.clientId,
      redirectUri,
      redirectUriSent: true,
      state,
      scopes: scopes.map((name) => ({ name, field: 'scope', optional: false })),
      challenge: query.get('code_challenge'),
    },
  };
}

/** The error and its description that go back to the app, when the request has a fault that may. */
function refusalOf(query: URLSearchParams): readonly [string, string] | null {
  const repeated = [...new Set(query.keys())].find((name) => query.getAll(name).length > 1);
  if (repeated !== undefined) return ['invalid_request', `${repeated} was sent more than once.`];
  if (query.get('response_type') !== 'code') return ['unsupported_response_type', 'response_type must be code.'];
  if (!/^[A-Za-z0-9._-]{16,1024}$/.test(query.get('state') ?? '')) {
    return ['invalid_request', 'state must be 16 to 1024 characters of a-z, A-Z, 0-9, ".", "-" and "_".'];
  }
  if (query.get('code_challenge_method') !== 'S256') {
    return ['invalid_request', 'code_challenge_method must be S256.'];
  }
  if (!isS256Challenge(query.get('code_challenge') ?? '')) {
    return ['invalid_request', 'code_challenge must be base64url of a SHA-256, without padding.'];
  }
  const sent = (query.get('scope') ?? '').split(' ').filter(Boolean);
  const unknown = sent.find((scope) => !KNOWN_SCOPES.test(scope));
  if (unknown !== undefined) return ['invalid_scope', 'A scope is unknown.'];
  if (sent.length === 0 || new Set(sent).size !== sent.length) {
    return ['invalid_scope', 'scope must name at least one scope, each once.'];
  }
  return null;
}

function tokenEndpoint(context: Context, call: Call): Reply {
  if (call.contentType !== 'application/x-www-form-urlencoded') {
    return tokenError(400, 'invalid_request', 'The body must be application/x-www-form-urlencoded.');
  }
  const client = authenticate(context, call);
  if ('status' in client) return client;
  switch (call.form.get('grant_type')) {
    case 'authorization_code':
      return exchange(context, call, client);
    case 'refresh_token':
      return refresh(context, call, client);
    case null:
      return tokenError(400, 'invalid_request', 'grant_type is missing.');
    default:
      return tokenError(400, 'unsupported_grant_type', 'grant_type must be authorization_code or refresh_token.');
  }
}

/** With a secret: Basic and nothing else. Without one: client_id in the body and no Authorization header at all. */
function authenticate(context: Context, call: Call): ClientRegistration | Reply {
  const refused = tokenError(401, 'invalid_client', 'Client authentication failed.');
  if (call.headers.authorization === undefined) {
    const client = context.clients.find('airtable', call.form.get('client_id'));
    return client?.clientSecret === null ? client : refused;
  }
  const credentials = basicCredentials(call);
  const client = context.clients.find('airtable', credentials?.id ?? null);
  return client && credentials && secretMatches(client, credentials.secret) ? client : refused;
}

function exchange(context: Context, call: Call, client: ClientRegistration): Reply {
  const verifier = call.form.get('code_verifier') ?? '';
  // Taken before anything is checked: an exchange that fails burns the code too.
  const code = context.grants.takeCode('airtable', call.form.get('code') ?? '');
  if (code?.clientId !== client.clientId) {
    return tokenError(400, 'invalid_grant', 'The code is unknown, used or expired.');
  }
  if (code.redirectUri !== call.form.get('redirect_uri')) {
    return tokenError(400, 'invalid_grant', 'redirect_uri differs from that of the authorization.');
  }
  if (!/^[A-Za-z0-9._-]{43,128}$/.test(verifier)) {
    return tokenError(
      400,
      'invalid_request',
      'code_verifier must be 43 to 128 characters of a-z, A-Z, 0-9, ".", "-", "_".',
    );
  }
  if (!verifierMatches(code.challenge ?? '', verifier)) {
    return tokenError(400, 'invalid_grant', 'code_verifier does not belong to the code_challenge.');
  }
  context.stats.count('airtable', 'exchanges');
  return issuePair(context, context.grants.addGrant(code), code.scopes);
}

function refresh(context: Context, call: Call, client: ClientRegistration): Reply {
  const token = context.grants.findToken('airtable', call.form.get('refresh_token') ?? '');
  if (token?.kind !== 'refresh' || token.grant.clientId !== client.clientId) {
    return tokenError(400, 'invalid_grant', 'The refresh token is unknown.');
  }
  if (token.status === 'rotated') return reused(context, token);
  if (token.status !== 'live') return tokenError(400, 'invalid_grant', 'The refresh token has expired or was revoked.');
  const wanted = splitScopes(call.form.get('scope'));
  if (wanted.some((scope) => !token.grant.scopes.includes(scope))) {
    return tokenError(400, 'invalid_scope', 'scope must be a subset of the scopes granted.');
  }
  context.grants.rotatePair(token.pair);
  context.stats.count('airtable', 'refreshes');
  return issuePair(context, token.grant, wanted.length > 0 ? wanted : token.scopes);
}

/** A used refresh token: 409 for a while, since two workers may have raced; a dead grant to the caller after that. */
function reused(context: Context, token: Token): Reply {
  if (reusedInGrace(context, 'airtable', token, context.settings.airtable.conflictWindowSeconds)) {
    return tokenError(409, 'invalid_request', 'The token was refreshed very recently.');
  }
  return tokenError(400, 'invalid_grant', 'The refresh token has already been used.');
}

function issuePair(context: Context, grant: Grant, scopes: readonly string[]): Reply {
  const { mint, grants } = context;
  const { accessLifeSeconds, refreshLifeSeconds } = context.settings.airtable;
  const pair = mint.hex(16);
  const access = `oaa${mint.base62(14)}.v1.${mint.base62(180)}`;
  const refreshToken = `oar${mint.base62(14)}.v1.${mint.base62(180)}`;
  const common = { grantId: grant.id, actor: 'user', scopes, pair } as const;
  grants.addToken({ ...common, token: access, kind: 'access', lifeSeconds: accessLifeSeconds });
  grants.addToken({ ...common, token: refreshToken, kind: 'refresh', lifeSeconds: refreshLifeSeconds });
  return json(200, {
    access_token: access,
    refresh_token: refreshToken,
    token_type: 'Bearer',
    scope: scopes.join(' '),
    expires_in: accessLifeSeconds,
    ...(refreshLifeSeconds === null ? {} : { refresh_expires_in: refreshLifeSeconds }),
  });
}
