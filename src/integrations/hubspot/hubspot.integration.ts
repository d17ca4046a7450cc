import type { Integration } from '../integration.ts';
import { hubspotDescriptor } from './hubspot.descriptor.ts';

export const integration: Integration = {
  descriptor: hubspotDescriptor,
  parts: async () => ({
    module: (await import('./hubspot.module.ts')).HubspotModule,
    service: (await import('./hubspot.service.ts')).HubspotService,
  }),
};
