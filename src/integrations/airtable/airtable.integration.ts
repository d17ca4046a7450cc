import type { Integration } from '../integration.ts';
import { airtableDescriptor } from './airtable.descriptor.ts';
import { AirtableModule } from './airtable.module.ts';

export const integration: Integration = { descriptor: airtableDescriptor, module: AirtableModule };
