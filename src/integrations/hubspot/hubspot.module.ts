import { Module } from '@nestjs/common';
import { ConnectionsModule } from '../../connections/connections.module.ts';
import { ItemsModule } from '../../items/items.module.ts';
import { ProvidersModule } from '../providers.module.ts';
import { HubspotController } from './hubspot.controller.ts';
import { HubspotService } from './hubspot.service.ts';

@Module({
  imports: [ConnectionsModule, ItemsModule, ProvidersModule],
  controllers: [HubspotController],
  providers: [HubspotService],
  exports: [HubspotService],
})
export class HubspotModule {}
