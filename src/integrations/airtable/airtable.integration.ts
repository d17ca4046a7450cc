import type { Integration } from '../integration.ts';
import { airtableDescriptor } from './airtable.descriptor.ts';
import { AirtableModule } from './airtable.module.ts';
import { AirtableService } from './airtable.service.ts';

export const integration: Integration = {
  descriptor: airtableDescriptor,
  module: AirtableModule,
  service: AirtableService,
};
