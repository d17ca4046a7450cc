import type { Integration } from '../integration.ts';
import { airtableDescriptor } from './airtable.descriptor.ts';

export const integration: Integration = {
  descriptor: airtableDescriptor,
  parts: async () => {
    const [{ AirtableModule: module }, { AirtableService: service }] = await Promise.all([
      import('./airtable.module.ts'),
      import('./airtable.service.ts'),
    ]);
    return { module, service };
  },
};
