import type { Account } from '../../src/connections/connection.ts';
import { Secret } from '../../src/errors/secret.ts';
import { airtableDescriptor } from '../../src/integrations/airtable/airtable.descriptor.ts';
import type { OAuthClient, TokenResponse } from '../../src/oauth/oauth-client.ts';
import type { OutboundClient } from '../../src/outbound/outbound-client.ts';

const CLIENT_ID = 'sandbox-airtable';

/** The strictest of the four about refresh tokens: each is good for one use. */
export function airtableClient(providerUrl: string): OAuthClient {
  return {
    integration: 'airtable',
    clientId: CLIENT_ID,
    clientSecret: new Secret(`${CLIENT_ID}-secret`),
    redirectUri: 'http://localhost:8000/callback',
    authorizationEndpoint: `${providerUrl}/airtable/oauth2/v1/authorize`,
    tokenEndpoint: `${providerUrl}/airtable/oauth2/v1/token`,
    dialect: airtableDescriptor.oauth,
  };
}

/** Asks the provider's API whose token it is. Fails when the token opens nothing. */
export async function whoami(outbound: OutboundClient, providerUrl: string, accessToken: Secret): Promise<Account> {
  const { status, body } = await outbound.call({
    integration: 'airtable',
    method: 'GET',
    url: new URL(`${providerUrl}/airtable/v0/meta/whoami`),
    headers: { authorization: `Bearer ${accessToken.reveal()}` },
    endpoint: 'api',
  });
  if (status !== 200) throw new Error(`whoami answered ${status}.`);
  const { id } = JSON.parse(body.toString()) as { readonly id: string };
  return { id, name: null };
}

export function identifyAt(outbound: OutboundClient, providerUrl: string) {
  return ({ accessToken }: TokenResponse): Promise<Account> => whoami(outbound, providerUrl, accessToken);
}
