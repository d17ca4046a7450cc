import type { Context } from '../core/context.ts';
import { json, type Call, type Reply } from '../core/message.ts';
import { argument, flag } from './arguments.ts';
import { slackError } from './errors.ts';
import { sentToken } from './granted.ts';
import { authenticateClient } from './token.ts';

/**
 * https://docs.slack.dev/reference/methods/auth.revoke: with rotation it ends that one token (access or refresh),
 * without it the whole authorization.
 */
export function revoke(context: Context, call: Call): Reply {
  const sent = sentToken(call);
  const token = sent === null ? null : context.grants.findToken('slack', sent);
  if (sent === null) return slackError('not_authed');
  if (!token) return slackError('invalid_auth');
  if (token.status !== 'live') return slackError(token.status === 'expired' ? 'token_expired' : 'token_revoked');
  if (flag(call, 'test')) return json(200, { ok: true, revoked: false });
  if (context.settings.slack.tokenRotation) context.grants.revokeToken(token.token);
  else context.grants.revokeGrant(token.grant.id);
  context.stats.count('slack', 'revocations');
  return json(200, { ok: true, revoked: true });
}

/** https://docs.slack.dev/reference/methods/apps.uninstall: everything the app holds at this workspace ends. */
export function uninstall(context: Context, call: Call): Reply {
  const client = authenticateClient(context, call);
  if ('status' in client) return client;
  const token = context.grants.findToken('slack', sentToken(call) ?? argument(call, 'token') ?? '');
  if (token?.status !== 'live' || token.grant.clientId !== client.clientId) return slackError('invalid_auth');
  context.grants.revokeGrant(token.grant.id);
  context.stats.count('slack', 'revocations');
  return json(200, { ok: true });
}
