import type { Integration } from '../integration.ts';
import { hubspotDescriptor } from './hubspot.descriptor.ts';
import { HubspotModule } from './hubspot.module.ts';

export const integration: Integration = { descriptor: hubspotDescriptor, module: HubspotModule };
