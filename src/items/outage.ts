import type { ErrorCode } from '../errors/error-code.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';

const OUTAGES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'provider_unavailable',
  'provider_timeout',
  'provider_rate_limited',
  'provider_protocol_error',
]);

/**
 * Whether a provider could not be had: it is down, too slow, out of its mind or asks us to stay away. A refusal is an answer
 * and no outage, as is a grant that was withdrawn; nor is anything that ails ourselves, or a caller who hung up.
 */
export function isOutage(error: unknown): error is PatchbayError {
  if (!(error instanceof PatchbayError)) return false;
  if (error.code === 'provider_error') return (error.details.provider_status ?? 0) >= 500;
  return OUTAGES.has(error.code);
}

/** Of all that failed, one after the other: what goes by rather than what doesn't, since another try may help. */
export function toldRather(told: PatchbayError | undefined, failed: PatchbayError): PatchbayError {
  return told === undefined || (isOutage(failed) && !isOutage(told)) ? failed : told;
}
