import { Module } from '@nestjs/common';
import { IntegrationKitModule } from '../integration-kit.ts';
import { SlackController } from './slack.controller.ts';
import { SlackService } from './slack.service.ts';

@Module({
  imports: [IntegrationKitModule],
  controllers: [SlackController],
  providers: [SlackService],
})
export class SlackModule {}
