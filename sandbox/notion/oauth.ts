import { authorizeRoutes, type AuthorizeOutcome } from '../core/authorize.ts';
import { redirectUriAllowed, secretMatches } from '../core/clients.ts';
import type { Context } from '../core/context.ts';
import type { Grant } from '../core/grant-rows.ts';
import { basicCredentials, textMember, withParams, type Call, type Reply } from '../core/message.ts';
import { reusedInGrace } from '../core/reuse.ts';
import type { Route } from '../core/route.ts';
import type { ClientRegistration } from '../core/settings.ts';
import { botId, notionAccount, ownerOf } from './account.ts';
import { notionError, oauthError, success } from './errors.ts';

type Handler = (context: Context, call: Call, client: ClientRegistration) => Reply;

/** https://developers.notion.com/guides/get-started/authorization */
export function oauthRoutes(context: Context): Route[] {
  const post = (path: string, handle: Handler): Route => ({
    method: 'POST',
    path,
    kind: 'token',
    handle: (call) => authenticated(context, call, handle),
  });
  return [
    ...authorizeRoutes(context, {
      provider: 'notion',
      title: 'Notion',
      paths: ['/v1/oauth/authorize'],
      access: 'Read the pages and databases you share with it, and your name and e-mail address.',
      accountLabel(account) {
        const { company, person } = notionAccount(context.settings.seed, account);
        return `${company} (as ${person})`;
      },
      check: (call) => checkAuthorization(context, call),
      mintCode: () => context.mint.uuid(),
      approveParams: () => ({}),
      denyParams: { error: 'access_denied' },
    }),
    post('/v1/oauth/token', token),
    post('/v1/oauth/introspect', introspect),
    post('/v1/oauth/revoke', revoke),
  ];
}

/** There is no scope parameter, and parameters nobody knows (PKCE's among them) are ignored. */
function checkAuthorization(context: Context, call: Call): AuthorizeOutcome {
  const { query } = call;
  const client = context.clients.find('notion', query.get('client_id'));
  if (!client) return { kind: 'stop', code: 'invalid_client', problem: 'There is no connection with this client_id.' };
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!redirectUriAllowed(client, redirectUri)) {
    return { kind: 'stop', code: 'invalid_redirect_uri', problem: 'Missing or invalid redirect_uri.' };
  }
  const state = query.get('state');
  const wrong =
    query.get('response_type') !== 'code' ? 'response_type' : query.get('owner') !== 'user' ? 'owner' : null;
  if (wrong !== null) {
    return {
      kind: 'refuse',
      to: withParams(redirectUri, {
        error: 'invalid_request',
        error_description: `${wrong} is missing or wrong.`,
        state,
      }),
    };
  }
  return {
    kind: 'ask',
    request: { clientId: client.clientId, redirectUri, redirectUriSent: true, state, scopes: [], challenge: null },
  };
}

/** Basic credentials and a JSON body, unlike everyone else. */
function authenticated(context: Context, call: Call, handle: Handler): Reply {
  const credentials = basicCredentials(call);
  const client = context.clients.find('notion', credentials?.id ?? null);
  if (!credentials || !client || !secretMatches(client, credentials.secret)) {
    return oauthError(401, 'unauthorized', 'invalid_client', 'The client credentials are missing or invalid.');
  }
  if (call.json === null) {
    return oauthError(400, 'invalid_json', 'invalid_request', 'Error parsing JSON body.');
  }
  return handle(context, call, client);
}

function token(context: Context, call: Call, client: ClientRegistration): Reply {
  switch (call.json?.['grant_type']) {
    case 'authorization_code':
      return exchange(context, call, client);
    case 'refresh_token':
      return refresh(context, call, client);
    default:
      return oauthError(400, 'validation_error', 'unsupported_grant_type', 'grant_type is missing or unknown.');
  }
}

function exchange(context: Context, call: Call, client: ClientRegistration): Reply {
  const code = context.grants.takeCode('notion', textMember(call, 'code') ?? '');
  if (code?.clientId !== client.clientId) {
    return oauthError(400, 'invalid_grant', 'invalid_grant', 'Invalid code.');
  }
  if (textMember(call, 'redirect_uri') !== code.redirectUri) {
    return oauthError(400, 'invalid_grant', 'invalid_grant', 'Invalid redirect_uri.');
  }
  context.stats.count('notion', 'exchanges');
  return issuePair(context, context.grants.installGrant(code));
}

/** Rotates: the pair the token belongs to ends at once. */
function refresh(context: Context, call: Call, client: ClientRegistration): Reply {
  const invalid = oauthError(400, 'invalid_grant', 'invalid_grant', 'Invalid refresh token.');
  const known = context.grants.findToken('notion', textMember(call, 'refresh_token') ?? '');
  if (known?.kind !== 'refresh' || known.grant.clientId !== client.clientId) return invalid;
  if (known.status === 'rotated') reusedInGrace(context, 'notion', known, 0);
  if (known.status !== 'live') return invalid;
  context.grants.rotatePair(known.pair);
  context.stats.count('notion', 'refreshes');
  return issuePair(context, known.grant);
}

function issuePair(context: Context, grant: Grant): Reply {
  const { mint, grants, settings } = context;
  const pair = mint.hex(16);
  const access = `ntn_${mint.base62(46)}`;
  const refreshToken = `nrt_${mint.base62(46)}`;
  const common = { grantId: grant.id, actor: 'bot', scopes: [], pair } as const;
  const { accessLifeSeconds, refreshLifeSeconds } = settings.notion;
  grants.addToken({ ...common, token: access, kind: 'access', lifeSeconds: accessLifeSeconds });
  grants.addToken({ ...common, token: refreshToken, kind: 'refresh', lifeSeconds: refreshLifeSeconds });
  const account = notionAccount(settings.seed, grant.account);
  return success({
    access_token: access,
    token_type: 'bearer',
    refresh_token: refreshToken,
    bot_id: botId(settings.seed, grant.clientId, grant.account),
    workspace_id: account.workspaceId,
    workspace_name: account.company,
    workspace_icon: account.icon,
    owner: ownerOf(account),
    duplicated_template_id: null,
  });
}

function introspect(context: Context, call: Call, client: ClientRegistration): Reply {
  const sent = textMember(call, 'token');
  if (sent === null) return notionError(400, 'validation_error', 'token is missing.');
  const known = context.grants.findToken('notion', sent);
  const active = known?.status === 'live' && known.grant.clientId === client.clientId;
  return success(active ? { active, iat: Math.floor(known.grant.createdAt / 1000) } : { active });
}

/** Ends the pair of the token; other authorizations of the same bot live on. */
function revoke(context: Context, call: Call, client: ClientRegistration): Reply {
  const sent = textMember(call, 'token');
  if (sent === null) return notionError(400, 'validation_error', 'token is missing.');
  const known = context.grants.findToken('notion', sent);
  if (known?.status === 'live' && known.grant.clientId === client.clientId) {
    context.grants.revokePair(known.pair);
    context.stats.count('notion', 'revocations');
  }
  return success({});
}
