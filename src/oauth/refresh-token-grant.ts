import { processRefreshTokenResponse, refreshTokenGrantRequest } from 'oauth4webapi';
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

/**
 * Renews an access token (RFC 6749 §6). Asked once: whether to ask again is for whoever knows what may have come of it.
 * @param timeoutMs for the whole call, the connection included
 * @throws TokenEndpointError when the server refuses; `dead-grant` means it always will, `conflict` that it has just done so for somebody else
 * @throws PatchbayError `provider_*` when it gave no usable answer
 */
export async function refreshGrant(
  outbound: OutboundClient,
  client: OAuthClient,
  refreshToken: Secret,
  timeoutMs: number,
): Promise<TokenResponse> {
  const server = authorizationServer(client);
  const registration = { client_id: client.clientId };
  const found: AdditionalTokens = { additional: {} };
  try {
    const response = await refreshTokenGrantRequest(
      server,
      registration,
      clientAuthentication(client),
      refreshToken.reveal(),
      transportOptions(client, outbound, { found, timeoutMs }),
    );
    return await tokenResponse(
      client,
      await processRefreshTokenResponse(server, registration, response, PROCESS_OPTIONS),
      found,
    );
  } catch (error) {
    throw tokenEndpointError(client.integration, error);
  }
}
