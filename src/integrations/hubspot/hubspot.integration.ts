import type { Integration } from '../integration.ts';
import { hubspotDescriptor } from './hubspot.descriptor.ts';
import { HubspotModule } from './hubspot.module.ts';
import { HubspotService } from './hubspot.service.ts';

export const integration: Integration = {
  descriptor: hubspotDescriptor,
  module: HubspotModule,
  service: HubspotService,
};
