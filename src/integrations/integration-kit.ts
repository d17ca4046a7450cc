import { Inject, Injectable, Module } from '@nestjs/common';
import { ConnectionLifecycle } from '../connections/connection-lifecycle.ts';
import { ConnectionsModule } from '../connections/connections.module.ts';
import { GrantAuthorities } from '../connections/grant-authorities.ts';
import { ItemLoader } from '../items/item-loader.ts';
import { ItemsModule } from '../items/items.module.ts';
import { OutboundModule } from '../outbound/outbound.module.ts';
import { ProviderDirectory } from './provider-directory.ts';

/** What every integration works with, so that a vendor's folder needs to know none of the rooms below. */
@Injectable()
export class IntegrationKit {
  constructor(
    @Inject(ProviderDirectory) readonly providers: ProviderDirectory,
    @Inject(ConnectionLifecycle) readonly connections: ConnectionLifecycle,
    @Inject(GrantAuthorities) readonly authorities: GrantAuthorities,
    @Inject(ItemLoader) readonly loader: ItemLoader,
  ) {}
}

@Module({
  imports: [ConnectionsModule, ItemsModule, OutboundModule],
  providers: [IntegrationKit, ProviderDirectory],
  exports: [IntegrationKit],
})
export class IntegrationKitModule {}
