import type { Integration } from '../integration.ts';
import { airtableDescriptor } from './airtable.descriptor.ts';

export const integration: Integration = {
  descriptor: airtableDescriptor,
  parts: async () => ({
    module: (await import('./airtable.module.ts')).AirtableModule,
    service: (await import('./airtable.service.ts')).AirtableService,
  }),
};
