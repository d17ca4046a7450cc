import { SetMetadata } from '@nestjs/common';
import type { ErrorCode } from './error-code.ts';

export const API_ERRORS = 'patchbay:errors';

/** What can go wrong wherever a provider is asked. */
export const PROVIDER_ERRORS = [
  'integration_not_configured',
  'reauthorization_required',
  'provider_error',
  'provider_protocol_error',
  'provider_unavailable',
  'provider_rate_limited',
  'provider_timeout',
] as const satisfies readonly ErrorCode[];

/**
 * What an endpoint itself can refuse with, for its documentation. What the way to it can refuse with (signature, limits,
 * the body's form) is the same for all and is added where the document is made.
 */
export function ApiErrors(...codes: readonly ErrorCode[]): MethodDecorator {
  return SetMetadata(API_ERRORS, codes);
}
