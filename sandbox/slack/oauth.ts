import { authorizeRoutes, splitScopes, type AuthorizeOutcome } from '../core/authorize.ts';
import { redirectUriAllowed } from '../core/clients.ts';
import type { ScopeChoice } from '../core/consent-page.ts';
import type { Context } from '../core/context.ts';
import type { Call } from '../core/message.ts';
import type { Route } from '../core/route.ts';
import { slackTeam } from './data.ts';
import { access } from './token.ts';
import { uninstall } from './revoke.ts';

/** Bot scopes by comma; a space is tolerated. */
const SEPARATOR = /[, ]+/;
const KNOWN_SCOPE = /^([a-z_.]+:[a-z_]+(\.[a-z]+)?|incoming-webhook|commands|admin)$/;
/** What the app's manifest calls optional: the person may untick it. */
const OPTIONAL_SCOPES = ['users:read.email', 'team:read'];

/** https://docs.slack.dev/authentication/installing-with-oauth */
export function oauthRoutes(context: Context): Route[] {
  return [
    ...authorizeRoutes(context, {
      provider: 'slack',
      title: 'Slack',
      paths: ['/oauth/v2/authorize'],
      access: '',
      accountLabel(account) {
        const team = slackTeam(context.settings.seed, account);
        return `${team.company} (${team.slug}.slack.com)`;
      },
      check: (call) => checkAuthorization(context, call),
      mintCode: () => `${context.mint.digits(12)}.${context.mint.digits(13)}.${context.mint.hex(64)}`,
      approveParams: () => ({}),
      denyParams: { error: 'access_denied' },
    }),
    ...(['GET', 'POST'] as const).flatMap((method): Route[] => [
      { method, path: '/api/oauth.v2.access', kind: 'token', handle: (call) => access(context, call) },
      { method, path: '/api/apps.uninstall', kind: 'token', handle: (call) => uninstall(context, call) },
    ]),
  ];
}

/** Whatever is wrong is shown on Slack's own page; only a cancellation goes back to the app. */
function checkAuthorization(context: Context, call: Call): AuthorizeOutcome {
  const { query } = call;
  const stop = (code: string, problem: string): AuthorizeOutcome => ({ kind: 'stop', code, problem });
  const client = context.clients.find('slack', query.get('client_id'));
  if (!client) return stop('invalid_client_id', 'There is no app with this client_id.');
  const sent = query.get('redirect_uri');
  const redirectUri = sent ?? client.redirectUris?.[0] ?? '';
  if (!redirectUriAllowed(client, redirectUri)) {
    return stop('bad_redirect_uri', 'The redirect_uri did not match any configured URIs.');
  }
  const scopes = [...choices(query, 'scope'), ...choices(query, 'user_scope')];
  if (scopes.length === 0) return stop('no_scopes', 'Neither scope nor user_scope was sent.');
  if (scopes.some(({ name }) => !KNOWN_SCOPE.test(name))) return stop('invalid_scope', 'A scope is unknown.');
  return {
    kind: 'ask',
    request: {
      clientId: client.clientId,
      redirectUri,
      redirectUriSent: sent !== null,
      state: query.get('state'),
      scopes,
      challenge: null,
    },
  };
}

function choices(query: URLSearchParams, field: ScopeChoice['field']): ScopeChoice[] {
  return splitScopes(query.get(field), SEPARATOR).map((name) => ({
    name,
    field,
    optional: OPTIONAL_SCOPES.includes(name),
  }));
}
