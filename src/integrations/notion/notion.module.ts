import { Module } from '@nestjs/common';
import { IntegrationKitModule } from '../integration-kit.ts';
import { NotionController } from './notion.controller.ts';
import { NotionService } from './notion.service.ts';

@Module({
  imports: [IntegrationKitModule],
  controllers: [NotionController],
  providers: [NotionService],
})
export class NotionModule {}
