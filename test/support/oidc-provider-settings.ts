import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { AllClientMetadata, Configuration } from 'oidc-provider';
import type { OidcStore } from './oidc-store.ts';

export interface OidcClientSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
}

/** Where oidc-provider sends the browser to be asked for login and consent. */
export const INTERACTION_PATH = '/interaction/';

const DAY_SECONDS = 24 * 3600;

/** Airtable's, which tests ask for. */
const SCOPES = ['data.records:read', 'schema.bases:read', 'user.email:read', 'webhook:manage'];

/** The one client: confidential, with its secret in the header, as Airtable wants it. */
export function clientMetadata(client: OidcClientSettings, redirectUris: readonly string[]): AllClientMetadata {
  return {
    client_id: client.clientId,
    client_secret: client.clientSecret,
    redirect_uris: redirectUris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
  };
}

/**
 * A server as RFC 9700 wants it: PKCE always, refresh tokens always given and always rotated.
 * Whatever oidc-provider would warn about leaving at its default is set.
 */
export function providerSettings(store: OidcStore, accessTokenTtlSeconds: () => number): Configuration {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    adapter: store.adapterFor,
    clientAuthMethods: ['client_secret_basic'],
    scopes: SCOPES,
    pkce: { required: () => true },
    issueRefreshToken: () => Promise.resolve(true),
    rotateRefreshToken: true,
    // Tokens end to the second.
    clockTolerance: 0,
    // Else tokens without `offline_access` would end with the browser's session.
    expiresWithSession: () => Promise.resolve(false),
    ttl: {
      AccessToken: accessTokenTtlSeconds,
      AuthorizationCode: 600,
      Grant: 365 * DAY_SECONDS,
      IdToken: 3600,
      Interaction: 600,
      RefreshToken: 60 * DAY_SECONDS,
      Session: 600,
    },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    interactions: { url: (_context, interaction) => INTERACTION_PATH + interaction.uid },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    clientBasedCORS: () => false,
    renderError(context, error) {
      context.type = 'json';
      context.body = JSON.stringify(error);
    },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
  };
}
