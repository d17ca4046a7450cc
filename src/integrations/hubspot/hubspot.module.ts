import { Module } from '@nestjs/common';
import { IntegrationKitModule } from '../integration-kit.ts';
import { HubspotController } from './hubspot.controller.ts';
import { HubspotService } from './hubspot.service.ts';

@Module({
  imports: [IntegrationKitModule],
  controllers: [HubspotController],
  providers: [HubspotService],
})
export class HubspotModule {}
