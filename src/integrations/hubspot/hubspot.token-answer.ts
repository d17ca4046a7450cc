import { text } from '../../items/provider-values.ts';
import type { TokenAnswer } from '../../oauth/oauth-client.ts';

/** HubSpot's own `status` in the words of RFC 6749 §5.2. It says more than `error` where both stand, and stood alone before 2026. */
const RFC_ERRORS: ReadonlyMap<string, string> = new Map([
  ['BAD_AUTH_CODE', 'invalid_grant'],
  ['BAD_REFRESH_TOKEN', 'invalid_grant'],
  ['BAD_CLIENT_ID', 'invalid_client'],
  ['BAD_CLIENT_SECRET', 'invalid_client'],
  ['BAD_REDIRECT_URI', 'invalid_request'],
  ['BAD_GRANT_TYPE', 'unsupported_grant_type'],
]);

/** Scopes come as an array named `scopes`; errors may lack the member RFC 6749 has. */
export function hubspotTokenAnswer(answer: TokenAnswer): TokenAnswer {
  const { status, body } = answer;
  if (status >= 400) {
    const known = RFC_ERRORS.get(text(body['status']) ?? '');
    const error = known ?? text(body['error']) ?? 'server_error';
    // A refresh token that it calls bad is bad, whatever the status it says so with.
    return { status: error === 'invalid_grant' ? Math.min(status, 499) : status, body: { error } };
  }
  const { scopes, ...rest } = body;
  if (!Array.isArray(scopes)) return answer;
  const granted = scopes.filter((scope) => typeof scope === 'string');
  return { status, body: { ...rest, scope: granted.join(' ') } };
}
