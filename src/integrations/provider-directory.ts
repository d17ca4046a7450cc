import { Inject, Injectable } from '@nestjs/common';
import { AppConfig, type ProviderConfig, type Switches } from '../config/app-config.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { Secret } from '../errors/secret.ts';
import type { OAuthClient, TokenSet } from '../oauth/oauth-client.ts';
import { revokeToken } from '../oauth/token-revocation.ts';
import { OutboundClient } from '../outbound/outbound-client.ts';
import { Pacer } from '../outbound/pacing/pacer.ts';
import { ApiPacing, type ApiUse } from './api-pacing.ts';
import type { IntegrationDescriptor } from './integration-descriptor.ts';
import { ProviderApi, type TokenSource } from './provider-api.ts';

/** A provider as this installation reaches it. */
export interface Provider {
  readonly client: OAuthClient;
  readonly apiUrl: string;
  readonly scopes: readonly string[];
  readonly sandbox: boolean;
}

type RevocableToken = Pick<TokenSet, 'accessToken' | 'refreshToken'>;

/** Joins what a descriptor knows of a vendor with what the operator configured. */
@Injectable()
export class ProviderDirectory {
  constructor(
    @Inject(AppConfig) private readonly config: AppConfig,
    @Inject(OutboundClient) private readonly outbound: OutboundClient,
    @Inject(Pacer) private readonly pacer: Pacer,
  ) {}

  /** @returns undefined when no client is configured and there is no sandbox to play the provider */
  find(descriptor: IntegrationDescriptor): Provider | undefined {
    const settings = this.config.providers.get(descriptor.name);
    if (settings === undefined) return undefined;
    const { clientId, clientSecret } = settings;
    if (clientId !== undefined && clientSecret !== undefined) {
      return this.#provider(descriptor, settings, { clientId, clientSecret, base: undefined });
    }
    if (!this.config.demo) return undefined;
    // The sandbox knows one client per provider, by these names.
    const name = `sandbox-${descriptor.name}`;
    const base = `${this.config.sandboxUrl}/${descriptor.name}`;
    return this.#provider(descriptor, settings, { clientId: name, clientSecret: new Secret(`${name}-secret`), base });
  }

  /** @throws PatchbayError `integration_not_configured` */
  get(descriptor: IntegrationDescriptor): Provider {
    const provider = this.find(descriptor);
    if (provider !== undefined) return provider;
    const key = descriptor.name.toUpperCase().replaceAll('-', '_');
    const message = `${descriptor.displayName} is not set up here: ${key}_CLIENT_ID and ${key}_CLIENT_SECRET are missing.`;
    throw new PatchbayError('integration_not_configured', message, { integration: descriptor.name });
  }

  /** The integration's own settings, as the operator has them. */
  switches({ name, switches = {} }: IntegrationDescriptor): Switches {
    return this.config.providers.get(name)?.switches ?? switches;
  }

  /** @param use on whose behalf; absent when the grant is about to end: then nothing is paced */
  api(descriptor: IntegrationDescriptor, tokens: TokenSource, use?: ApiUse): ProviderApi {
    const factor = this.config.providers.get(descriptor.name)?.paceFactor ?? 1;
    const limits = { factor, switches: this.switches(descriptor) };
    const pacing = use === undefined ? undefined : new ApiPacing(this.pacer, descriptor, limits, use);
    return new ProviderApi(descriptor, this.get(descriptor).apiUrl, this.outbound, tokens, pacing);
  }

  /** Revokes the refresh token where there is one: that ends the grant, and its access token with it. */
  revoke(client: OAuthClient, token: RevocableToken): Promise<boolean> {
    const { refreshToken, accessToken } = token;
    return refreshToken === undefined
      ? revokeToken(this.outbound, client, accessToken, 'access_token')
      : revokeToken(this.outbound, client, refreshToken, 'refresh_token');
  }

  #provider(
    descriptor: IntegrationDescriptor,
    settings: ProviderConfig,
    app: { clientId: string; clientSecret: Secret; base: string | undefined },
  ): Provider {
    const { authorization, token, revocation, api } = descriptor.endpoints;
    // A sandbox keeps each provider's paths below a prefix of its own.
    const at = (endpoint: string): string =>
      app.base === undefined ? endpoint : app.base + new URL(endpoint).pathname.replace(/\/$/, '');
    const revocationEndpoint = settings.revocationUrl ?? (revocation === undefined ? undefined : at(revocation));
    return {
      client: {
        integration: descriptor.name,
        clientId: app.clientId,
        clientSecret: app.clientSecret,
        redirectUri: settings.redirectUri,
        authorizationEndpoint: settings.authorizationUrl ?? at(authorization),
        tokenEndpoint: settings.tokenUrl ?? at(token),
        ...(revocationEndpoint === undefined ? {} : { revocationEndpoint }),
        dialect: descriptor.oauth,
      },
      apiUrl: settings.apiUrl ?? at(api),
      scopes: settings.scopes ?? descriptor.defaultScopes,
      sandbox: app.base !== undefined,
    };
  }
}
