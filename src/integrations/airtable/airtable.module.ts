import { Module } from '@nestjs/common';
import { IntegrationKitModule } from '../integration-kit.ts';
import { AirtableController } from './airtable.controller.ts';
import { AirtableService } from './airtable.service.ts';

@Module({
  imports: [IntegrationKitModule],
  controllers: [AirtableController],
  providers: [AirtableService],
})
export class AirtableModule {}
