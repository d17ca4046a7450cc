import { Injectable } from '@nestjs/common';
import type { Account } from '../../connections/connection.ts';
import type { ItemSource } from '../../items/item-source.ts';
import type { TokenResponse } from '../../oauth/oauth-client.ts';
import { path } from '../../outbound/provider-path.ts';
import { IntegrationService } from '../integration.service.ts';
import { providerAccount } from '../provider-account.ts';
import type { ProviderApi } from '../provider-api.ts';
import { airtableDescriptor } from './airtable.descriptor.ts';
import { AirtableItemSource } from './airtable.item-source.ts';

@Injectable()
export class AirtableService extends IntegrationService {
  readonly descriptor = airtableDescriptor;

  /** "Get user ID & scopes" needs no scope; the e-mail address comes only with `user.email:read`. */
  protected async identify(_tokens: TokenResponse, api: ProviderApi): Promise<Account> {
    const user = await api.get({ path: path`/meta/whoami` });
    return providerAccount(this.descriptor, user['id'], user['email']);
  }

  protected source(api: ProviderApi): ItemSource {
    return new AirtableItemSource(api);
  }
}
