import { authorizeRoutes, splitScopes, type AuthorizeOutcome } from '../core/authorize.ts';
import { redirectUriAllowed } from '../core/clients.ts';
import type { ScopeChoice } from '../core/consent-page.ts';
import type { Context } from '../core/context.ts';
import type { Call } from '../core/message.ts';
import { isS256Challenge } from '../core/pkce.ts';
import type { Route } from '../core/route.ts';
import { hubspotAccount } from './account.ts';
import { legacyTokenRoutes } from './legacy-tokens.ts';
import { tokenRoutes } from './token.ts';

const KNOWN_SCOPE =
  /^(oauth|tickets|e-commerce|forms|files|content|automation|timeline|sales-email-read|settings\.[\w.]+|account-info\.[\w.]+|crm\.[a-z_]+(\.[a-z_]+)*\.(read|write))$/;

/** https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/oauth */
export function oauthRoutes(context: Context): Route[] {
  return [
    ...authorizeRoutes(context, {
      provider: 'hubspot',
      title: 'HubSpot',
      paths: ['/oauth/authorize', '/oauth/{hubId}/authorize'],
      access: '',
      accountLabel(account) {
        const { company, hubId, lacks } = hubspotAccount(context.settings.seed, account);
        return `${company} (${hubId}${lacks.length > 0 ? ', free tier' : ''})`;
      },
      check: (call) => checkAuthorization(context, call),
      mintCode: () => `na1-${context.mint.hex(4)}-${context.mint.uuid()}`,
      approveParams: () => ({}),
      // Not documented; this is what is commonly seen.
      denyParams: { error: 'access_denied', error_description: 'The user denied access to the app.' },
    }),
    ...tokenRoutes(context),
    ...legacyTokenRoutes(context),
  ];
}

/** Nothing that is wrong here is sent back to the app: such flows end on a HubSpot page. */
function checkAuthorization(context: Context, call: Call): AuthorizeOutcome {
  const { query } = call;
  const stop = (code: string, problem: string): AuthorizeOutcome => ({ kind: 'stop', code, problem });
  const client = context.clients.find('hubspot', query.get('client_id'));
  if (!client) return stop('BAD_CLIENT_ID', 'There is no app with this client_id.');
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!redirectUriAllowed(client, redirectUri)) {
    return stop('BAD_REDIRECT_URI', 'The redirect_uri does not match those of the app.');
  }
  const scopes = scopeChoices(query);
  const unknown = scopes.find(({ name }) => !KNOWN_SCOPE.test(name));
  if (unknown !== undefined) return stop('BAD_SCOPES', `The scope "${unknown.name}" can't be granted.`);
  if (!scopes.some(({ optional }) => !optional)) return stop('BAD_SCOPES', 'The scope parameter is missing.');
  const challenge = query.get('code_challenge');
  if (challenge !== null && (query.get('code_challenge_method') !== 'S256' || !isS256Challenge(challenge))) {
    return stop('BAD_CODE_CHALLENGE', 'code_challenge must be an S256 challenge.');
  }
  return {
    kind: 'ask',
    request: {
      clientId: client.clientId,
      redirectUri,
      redirectUriSent: true,
      state: query.get('state'),
      scopes,
      challenge,
    },
  };
}

function scopeChoices(query: URLSearchParams): ScopeChoice[] {
  const required = splitScopes(query.get('scope'));
  const optional = splitScopes(query.get('optional_scope')).filter((name) => !required.includes(name));
  return [
    ...required.map((name) => ({ name, field: 'scope', optional: false }) as const),
    ...optional.map((name) => ({ name, field: 'scope', optional: true }) as const),
  ];
}
