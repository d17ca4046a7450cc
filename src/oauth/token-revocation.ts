import { revocationRequest } from 'oauth4webapi';
import type { Secret } from '../errors/secret.ts';
import type { OutboundClient } from '../outbound/outbound-client.ts';
import type { OAuthClient } from './oauth-client.ts';
import { authorizationServer, clientAuthentication, transportOptions } from './token-endpoint.ts';
import { tokenEndpointError } from './token-endpoint-error.ts';

/**
 * Asks the server to revoke a token (RFC 7009 §2).
 * @returns whether it said it did
 * @throws PatchbayError `provider_*` when it gave no usable answer
 */
export async function revokeToken(
  outbound: OutboundClient,
  client: OAuthClient,
  token: Secret,
  hint: 'access_token' | 'refresh_token',
): Promise<boolean> {
  if (client.revocationEndpoint === undefined) return false;
  try {
    const response = await revocationRequest(
      authorizationServer(client),
      { client_id: client.clientId },
      clientAuthentication(client),
      token.reveal(),
      { ...transportOptions(client, outbound), additionalParameters: hintParameters(client, hint) },
    );
    return response.ok;
  } catch (error) {
    throw tokenEndpointError(client.integration, error);
  }
}

/** RFC 7009 §2.1. Left out where the request is JSON: such a server defines its own members and may refuse others. */
function hintParameters(client: OAuthClient, hint: string): URLSearchParams {
  return new URLSearchParams(client.dialect.tokenRequestFormat === 'form' ? { token_type_hint: hint } : {});
}
