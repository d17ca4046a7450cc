import { secretMatches } from '../core/clients.ts';
import type { Context } from '../core/context.ts';
import type { Actor, Grant, Token } from '../core/grant-rows.ts';
import { basicCredentials, json, type Call, type Reply } from '../core/message.ts';
import { reusedInGrace } from '../core/reuse.ts';
import type { ClientRegistration } from '../core/settings.ts';
import { argument } from './arguments.ts';
import { slackTeam, type SlackTeam } from './data.ts';
import { slackError } from './errors.ts';

/** Of one actor; an older one is revoked when a third is given out. */
const MAX_LIVE_ACCESS_TOKENS = 2;

/** https://docs.slack.dev/reference/methods/oauth.v2.access */
export function access(context: Context, call: Call): Reply {
  const client = authenticateClient(context, call);
  if ('status' in client) return client;
  if (argument(call, 'code_verifier') !== null) return slackError('pkce_not_allowed');
  switch (argument(call, 'grant_type') ?? 'authorization_code') {
    case 'authorization_code':
      return exchange(context, call, client);
    case 'refresh_token':
      return refresh(context, call, client);
    default:
      return slackError('invalid_grant_type');
  }
}

/** Basic is preferred, the body is taken too. */
export function authenticateClient(context: Context, call: Call): ClientRegistration | Reply {
  const basic = basicCredentials(call);
  const client = context.clients.find('slack', basic?.id ?? argument(call, 'client_id'));
  if (!client) return slackError('invalid_client_id');
  const secret = basic?.secret ?? argument(call, 'client_secret') ?? '';
  return secretMatches(client, secret) ? client : slackError('bad_client_secret');
}

function exchange(context: Context, call: Call, client: ClientRegistration): Reply {
  const sent = argument(call, 'code') ?? '';
  const code = context.grants.peekCode('slack', sent);
  if (code?.clientId !== client.clientId) return slackError('invalid_code');
  if (code.redirectUri !== argument(call, 'redirect_uri')) return slackError('bad_redirect_uri');
  if (!context.grants.takeCode('slack', sent)) return slackError('invalid_code');
  context.stats.count('slack', 'exchanges');
  // Scopes add up over installations; asking for fewer later takes none away.
  const grant = context.grants.installGrant(code);
  const team = slackTeam(context.settings.seed, grant.account);
  const bot = code.scopes.length === 0 ? {} : { ...issue(context, grant, 'bot', team), bot_user_id: team.botUserId };
  const user = code.userScopes.length === 0 ? {} : issue(context, grant, 'user', team);
  return json(200, { ok: true, ...bot, ...installation(team), authed_user: { id: team.userId, ...user } });
}

function installation(team: SlackTeam) {
  return {
    app_id: team.appId,
    team: { id: team.id, name: team.company },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** Bot and user token are refreshed separately. */
function refresh(context: Context, call: Call, client: ClientRegistration): Reply {
  const token = context.grants.findToken('slack', argument(call, 'refresh_token') ?? '');
  if (token?.kind !== 'refresh' || token.grant.clientId !== client.clientId) return slackError('invalid_refresh_token');
  if (!isHonoured(context, token)) return slackError('invalid_refresh_token');
  context.grants.rotateToken(token.token);
  context.stats.count('slack', 'refreshes');
  const team = slackTeam(context.settings.seed, token.grant.account);
  const issued = issue(context, token.grant, token.actor, team);
  if (token.actor === 'bot') {
    const installed = { ...installation(team), authed_user: { id: team.userId } };
    return json(200, { ok: true, ...issued, bot_user_id: team.botUserId, ...installed });
  }
  const user = { id: team.userId, ...issued };
  return context.settings.slack.userRefresh === 'authed_user'
    ? json(200, { ok: true, ...installation(team), authed_user: user })
    : json(200, { ok: true, ...user, ...installation(team), authed_user: { id: team.userId } });
}

/** A used refresh token lives on for a moment, for the worker whose answer got lost. */
function isHonoured(context: Context, token: Token): boolean {
  const { refreshGraceSeconds } = context.settings.slack;
  if (token.status === 'rotated') return reusedInGrace(context, 'slack', token, refreshGraceSeconds);
  return token.status === 'live';
}

function issue(context: Context, grant: Grant, actor: Actor, team: SlackTeam) {
  const { mint, grants, settings } = context;
  const scopes = actor === 'bot' ? grant.scopes : grant.userScopes;
  const kindOfToken = actor === 'bot' ? 'xoxb' : 'xoxp';
  const pair = mint.hex(16);
  const common = { grantId: grant.id, actor, scopes, pair } as const;
  const described = { token_type: actor, scope: scopes.join(',') };
  if (!settings.slack.tokenRotation) {
    const token = `${kindOfToken}-${team.number}-${mint.digits(12)}-${mint.base62(24)}`;
    grants.addToken({ ...common, token, kind: 'access', lifeSeconds: null });
    return { access_token: token, ...described };
  }
  const { accessLifeSeconds, refreshLifeSeconds } = settings.slack;
  const token = `xoxe.${kindOfToken}-1-${mint.base62(146)}`;
  const refreshToken = `xoxe-1-${mint.base62(140)}`;
  grants.addToken({ ...common, token, kind: 'access', lifeSeconds: accessLifeSeconds });
  grants.addToken({ ...common, token: refreshToken, kind: 'refresh', lifeSeconds: refreshLifeSeconds });
  grants.capAccessTokens(grant.id, actor, MAX_LIVE_ACCESS_TOKENS);
  return { access_token: token, expires_in: accessLifeSeconds, refresh_token: refreshToken, ...described };
}
