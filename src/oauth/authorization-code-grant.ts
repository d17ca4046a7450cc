import {
  authorizationCodeGrantRequest,
  nopkce,
  processAuthorizationCodeResponse,
  validateAuthResponse,
} from 'oauth4webapi';
import type { Secret } from '../errors/secret.ts';
import type { OutboundClient } from '../outbound/outbound-client.ts';
import type { OAuthClient, TokenResponse } from './oauth-client.ts';
import {
  authorizationServer,
  clientAuthentication,
  transportOptions,
  type AdditionalTokens,
} from './token-endpoint.ts';
import { tokenEndpointError } from './token-endpoint-error.ts';
import { PROCESS_OPTIONS, tokenResponse } from './token-response.ts';

export interface AuthorizationCodeGrant {
  readonly code: Secret;
  readonly state: string;
  readonly issuer?: string;
  /** RFC 7636 §4.1. Absent where the server has no PKCE. */
  readonly codeVerifier?: Secret;
}

/**
 * Exchanges a code for tokens (RFC 6749 §4.1.3, §4.1.4). Never repeated by itself: a code is good for one try.
 * @throws TokenEndpointError when the server refuses
 * @throws PatchbayError `provider_*` when it gave no usable answer
 */
export async function exchangeCode(
  outbound: OutboundClient,
  client: OAuthClient,
  grant: AuthorizationCodeGrant,
): Promise<TokenResponse> {
  const server = authorizationServer(client);
  const registration = { client_id: client.clientId };
  const found: AdditionalTokens = { additional: {} };
  try {
    const query = new URLSearchParams({ code: grant.code.reveal(), state: grant.state });
    if (grant.issuer !== undefined) query.set('iss', grant.issuer);
    const response = await authorizationCodeGrantRequest(
      server,
      registration,
      clientAuthentication(client),
      validateAuthResponse(server, registration, query, grant.state),
      client.redirectUri,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to discourage: these servers refuse PKCE
      grant.codeVerifier?.reveal() ?? nopkce,
      transportOptions(client, outbound, { found }),
    );
    const answer = await processAuthorizationCodeResponse(server, registration, response, PROCESS_OPTIONS);
    return await tokenResponse(client, answer, found);
  } catch (error) {
    throw tokenEndpointError(client.integration, error);
  }
}
