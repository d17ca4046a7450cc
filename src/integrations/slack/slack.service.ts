import { Injectable } from '@nestjs/common';
import type { Account, Grant } from '../../connections/connection.ts';
import type { ItemSource } from '../../items/item-source.ts';
import type { OAuthClient, TokenResponse } from '../../oauth/oauth-client.ts';
import { IntegrationService } from '../integration.service.ts';
import { providerAccount } from '../provider-account.ts';
import type { ProviderApi } from '../provider-api.ts';
import { slackDescriptor } from './slack.descriptor.ts';
import { SlackItemSource } from './slack.item-source.ts';
import { historyLimits } from './slack.limits.ts';
import { slackAccount } from './slack.mapper.ts';
import { revokeTokens } from './slack.revocation.ts';

@Injectable()
export class SlackService extends IntegrationService {
  readonly descriptor = slackDescriptor;

  protected identify(tokens: TokenResponse): Promise<Account> {
    const { id, name } = slackAccount(tokens.parameters);
    return Promise.resolve(providerAccount(this.descriptor, id, name));
  }

  /** Slack has no RFC 7009 endpoint: a token is revoked by a call made with it. */
  protected override revoke(_client: OAuthClient, grant: Grant): Promise<boolean> {
    return revokeTokens(grant, (tokens) => this.kit.providers.api(this.descriptor, tokens));
  }

  protected source(api: ProviderApi): ItemSource {
    return new SlackItemSource(api, historyLimits(this.kit.providers.switches(this.descriptor)));
  }
}
