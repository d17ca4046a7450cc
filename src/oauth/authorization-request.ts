import type { OAuthClient } from './oauth-client.ts';

export interface AuthorizationRequest {
  readonly state: string;
  readonly scopes: readonly string[];
  /** base64url(SHA-256(verifier)), RFC 7636 §4.2. Absent where the server has no PKCE. */
  readonly codeChallenge?: string;
}

/** The URL the resource owner's browser is sent to (RFC 6749 §4.1.1). Pure. */
export function authorizationRequestUrl(client: OAuthClient, request: AuthorizationRequest): URL {
  const url = new URL(client.authorizationEndpoint);
  const parameters = {
    ...client.dialect.authorizationParameters,
    ...client.dialect.scopeParameters(request.scopes),
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    state: request.state,
    ...(request.codeChallenge === undefined
      ? {}
      : { code_challenge: request.codeChallenge, code_challenge_method: 'S256' }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  // Both spellings of a space mean the same in a form (RFC 6749 appendix B), but not every server reads the plus.
  url.search = url.searchParams.toString().replaceAll('+', '%20');
  return url;
}
