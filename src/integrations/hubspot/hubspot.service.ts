import { Injectable } from '@nestjs/common';
import type { Account } from '../../connections/connection.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { ItemSource } from '../../items/item-source.ts';
import type { JsonObject, TokenResponse } from '../../oauth/oauth-client.ts';
import { path } from '../../outbound/provider-path.ts';
import { IntegrationService } from '../integration.service.ts';
import { providerAccount, providerId } from '../provider-account.ts';
import type { ProviderApi } from '../provider-api.ts';
import { hubspotDescriptor } from './hubspot.descriptor.ts';
import { HubspotItemSource } from './hubspot.item-source.ts';
import { accountName } from './hubspot.mapper.ts';

@Injectable()
export class HubspotService extends IntegrationService {
  readonly descriptor = hubspotDescriptor;

  protected override accountId({ parameters }: TokenResponse): string | undefined {
    return providerId(parameters['hub_id']);
  }

  /** The token answer names the account (since version 3); its details only say what kind it is. */
  protected async identify(tokens: TokenResponse, api: ProviderApi): Promise<Account> {
    const details = await this.#accountDetails(api);
    const id = this.accountId(tokens) ?? providerId(details['portalId']);
    return providerAccount(this.descriptor, id, accountName(id, details));
  }

  async #accountDetails(api: ProviderApi): Promise<JsonObject> {
    try {
      return await api.get({ path: path`/account-info/v3/details` });
    } catch (error) {
      // A name that says less is no reason to refuse a grant.
      if (error instanceof PatchbayError) return {};
      throw error;
    }
  }

  protected source(api: ProviderApi): ItemSource {
    return new HubspotItemSource(api);
  }
}
