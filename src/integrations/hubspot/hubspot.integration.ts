import type { Integration } from '../integration.ts';
import { hubspotDescriptor } from './hubspot.descriptor.ts';

export const integration: Integration = {
  descriptor: hubspotDescriptor,
  parts: async () => {
    const [{ HubspotModule: module }, { HubspotService: service }] = await Promise.all([
      import('./hubspot.module.ts'),
      import('./hubspot.service.ts'),
    ]);
    return { module, service };
  },
};
