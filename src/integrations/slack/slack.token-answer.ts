import { object, text } from '../../items/provider-values.ts';
import type { JsonObject, TokenAnswer } from '../../oauth/oauth-client.ts';
import { grantedScopes } from './slack.scopes.ts';

/** The errors of oauth.v2.access in the words of RFC 6749 §5.2; Slack never says `invalid_grant` itself. */
const RFC_ERRORS: ReadonlyMap<string, string> = new Map([
  ['invalid_code', 'invalid_grant'],
  ['code_already_used', 'invalid_grant'],
  ['code_expired', 'invalid_grant'],
  ['invalid_refresh_token', 'invalid_grant'],
  ['token_expired', 'invalid_grant'],
  ['token_revoked', 'invalid_grant'],
  ['account_inactive', 'invalid_grant'],
  ['invalid_client_id', 'invalid_client'],
  ['bad_client_secret', 'invalid_client'],
  ['bad_redirect_uri', 'invalid_request'],
  ['pkce_not_allowed', 'invalid_request'],
  ['invalid_grant_type', 'unsupported_grant_type'],
]);

/** Who granted, where. The answer's other members may hold secrets, such as a webhook's address. */
const DESCRIPTIVE = ['team', 'enterprise', 'is_enterprise_install', 'app_id', 'bot_user_id'] as const;

/**
 * Slack answers 200 with `ok: false` for an error, names its tokens' types `bot` and `user`, and puts the user's token
 * inside `authed_user`. A grant for the user alone has that one token only, which then is the grant's first.
 */
export function slackTokenAnswer({ status, body }: TokenAnswer): TokenAnswer {
  if (body['ok'] !== true) {
    const error = text(body['error']) ?? 'server_error';
    return { status: Math.max(status, 400), body: { error: RFC_ERRORS.get(error) ?? error } };
  }
  const authedUser = object(body['authed_user']);
  const userToken = hasToken(authedUser) ? tokenSet(authedUser) : undefined;
  const primary = hasToken(body) ? tokenSet(body) : (userToken ?? {});
  const described = { ...describe(body), authed_user: { id: authedUser['id'] } };
  if (userToken === undefined || !hasToken(body)) return { status, body: { ...described, ...primary } };
  const scope = [primary['scope'], userToken['scope']].filter(Boolean).join(' ');
  return { status, body: { ...described, ...primary, scope }, additional: { user: userToken } };
}

function hasToken(body: JsonObject): boolean {
  return text(body['access_token']) !== undefined;
}

/** The members of RFC 6749 §5.1. */
function tokenSet(body: JsonObject): JsonObject {
  const { access_token, refresh_token, expires_in, token_type, scope } = body;
  return withoutAbsent({
    access_token,
    refresh_token,
    expires_in,
    token_type: token_type === 'bot' || token_type === 'user' ? 'bearer' : token_type,
    scope: scope === undefined ? undefined : grantedScopes(scope, token_type === 'user' ? 'user' : 'bot').join(' '),
  });
}

function describe(body: JsonObject): JsonObject {
  return withoutAbsent(Object.fromEntries(DESCRIPTIVE.map((name) => [name, body[name]])));
}

function withoutAbsent(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined && value !== null));
}
