import { Module } from '@nestjs/common';
import { ConnectionsModule } from '../../connections/connections.module.ts';
import { ItemsModule } from '../../items/items.module.ts';
import { ProvidersModule } from '../providers.module.ts';
import { AirtableController } from './airtable.controller.ts';
import { AirtableService } from './airtable.service.ts';

@Module({
  imports: [ConnectionsModule, ItemsModule, ProvidersModule],
  controllers: [AirtableController],
  providers: [AirtableService],
  exports: [AirtableService],
})
export class AirtableModule {}
