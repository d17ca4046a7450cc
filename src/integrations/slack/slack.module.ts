import { Module } from '@nestjs/common';
import { ConnectionsModule } from '../../connections/connections.module.ts';
import { ItemsModule } from '../../items/items.module.ts';
import { ProvidersModule } from '../providers.module.ts';
import { SlackController } from './slack.controller.ts';
import { SlackService } from './slack.service.ts';

@Module({
  imports: [ConnectionsModule, ItemsModule, ProvidersModule],
  controllers: [SlackController],
  providers: [SlackService],
  exports: [SlackService],
})
export class SlackModule {}
