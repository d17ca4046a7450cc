import type { Type } from '@nestjs/common';
import type { IntegrationDescriptor } from './integration-descriptor.ts';

/** What an integration's folder gives to the house. */
export interface Integration {
  readonly descriptor: IntegrationDescriptor;
  readonly module: Type;
}
