import { Injectable } from '@nestjs/common';
import type { Account } from '../../connections/connection.ts';
import type { ItemSource } from '../../items/item-source.ts';
import type { TokenResponse } from '../../oauth/oauth-client.ts';
import { IntegrationService } from '../integration.service.ts';
import { providerAccount } from '../provider-account.ts';
import type { ProviderApi } from '../provider-api.ts';
import { notionDescriptor } from './notion.descriptor.ts';
import { NotionItemSource } from './notion.item-source.ts';

@Injectable()
export class NotionService extends IntegrationService {
  readonly descriptor = notionDescriptor;

  /** "Create a token": the bot is this grant's own; tokens change, the bot stays. */
  protected identify(tokens: TokenResponse): Promise<Account> {
    const { bot_id, workspace_name, workspace_id } = tokens.parameters;
    return Promise.resolve(providerAccount(this.descriptor, bot_id, workspace_name, workspace_id));
  }

  protected source(api: ProviderApi): ItemSource {
    return new NotionItemSource(api);
  }
}
