import { processAuthorizationCodeResponse, type TokenEndpointResponse } from 'oauth4webapi';
import { Secret } from '../errors/secret.ts';
import type { JsonObject, OAuthClient, TokenResponse, TokenSet } from './oauth-client.ts';
import { authorizationServer, type AdditionalTokens } from './token-endpoint.ts';

const TOKEN_MEMBERS = new Set(['access_token', 'refresh_token', 'id_token', 'token_type', 'expires_in', 'scope']);
// The dictionary must have no prototype, or a token_type of "constructor" would be recognised.
const NO_FURTHER_TYPES = Object.create(null) as Record<string, never>;

/** A validated answer in our words. Further token sets pass the same validation (RFC 6749 §5.1) as the first. */
export async function tokenResponse(
  client: OAuthClient,
  response: TokenEndpointResponse,
  found: AdditionalTokens,
): Promise<TokenResponse> {
  const additional = new Map<string, TokenSet>();
  for (const [name, body] of Object.entries(found.additional)) {
    additional.set(name, tokenSet(await validate(client, body)));
  }
  const parameters = Object.fromEntries(Object.entries(response).filter(([name]) => !TOKEN_MEMBERS.has(name)));
  return { ...tokenSet(response), additional, parameters };
}

/** Ten years. A number without measure would become a time that can't be written. */
const LONGEST_LIFE_SECONDS = 10 * 365 * 86_400;

export const PROCESS_OPTIONS = { recognizedTokenTypes: NO_FURTHER_TYPES } as const;

async function validate(client: OAuthClient, body: JsonObject): Promise<TokenEndpointResponse> {
  const server = authorizationServer(client);
  return processAuthorizationCodeResponse(server, { client_id: client.clientId }, Response.json(body), PROCESS_OPTIONS);
}

function tokenSet(response: TokenEndpointResponse): TokenSet {
  return {
    accessToken: new Secret(response.access_token),
    ...(response.refresh_token === undefined ? {} : { refreshToken: new Secret(response.refresh_token) }),
    ...(response.expires_in === undefined ? {} : { expiresIn: Math.min(response.expires_in, LONGEST_LIFE_SECONDS) }),
    ...(response.scope === undefined ? {} : { scopes: response.scope.split(' ').filter((scope) => scope !== '') }),
  };
}
