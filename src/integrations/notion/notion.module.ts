import { Module } from '@nestjs/common';
import { ConnectionsModule } from '../../connections/connections.module.ts';
import { ItemsModule } from '../../items/items.module.ts';
import { ProvidersModule } from '../providers.module.ts';
import { NotionController } from './notion.controller.ts';
import { NotionService } from './notion.service.ts';

@Module({
  imports: [ConnectionsModule, ItemsModule, ProvidersModule],
  controllers: [NotionController],
  providers: [NotionService],
  exports: [NotionService],
})
export class NotionModule {}
