import type { Type } from '@nestjs/common';
import type { IntegrationDescriptor } from './integration-descriptor.ts';
import type { IntegrationService } from './integration.service.ts';

/** What an integration's folder gives to the house. */
export interface Integration {
  readonly descriptor: IntegrationDescriptor;
  /** Loaded by whoever runs it; most commands need no more than the description. */
  readonly parts: () => Promise<IntegrationParts>;
}

export interface IntegrationParts {
  readonly module: Type;
  /** The module's, for who has no request: the command line. */
  readonly service: Type<IntegrationService>;
}
