import type { ErrorCode } from '../errors/error-code.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { TokenEndpointError } from '../oauth/token-endpoint-error.ts';
import { OutboundError } from '../outbound/outbound-error.ts';

/**
 * What came of presenting a refresh token when it brought no new one:
 * `dead` the provider will never take it again;
 * `elsewhere` it was used a moment ago by somebody else, who will store what came of it;
 * `misconfigured` the provider doesn't accept our client: nothing is wrong with the grant;
 * `not-done` the provider didn't act on it, and may later;
 * `unknown` it may have been used up without our learning the new one.
 */
export type RefreshOutcome = 'dead' | 'elsewhere' | 'misconfigured' | 'not-done' | 'unknown';

/** @returns undefined for an error that says nothing about the provider */
export function outcomeOf(error: unknown): RefreshOutcome | undefined {
  if (error instanceof TokenEndpointError) return BY_REFUSAL[error.refusal];
  if (!(error instanceof PatchbayError) || !error.code.startsWith('provider_')) return undefined;
  if (error.code === 'provider_rate_limited') return 'not-done';
  // A server that fails while it answers may have rotated the token before it failed.
  return error instanceof OutboundError && error.phase === 'not-sent' ? 'not-done' : 'unknown';
}

/** Whether the provider itself said when to come again. What its answer leaves unknown isn't asked for before. */
export function asksToWait(error: unknown): boolean {
  return error instanceof PatchbayError && !(error instanceof OutboundError) && error.details.retry_after !== undefined;
}

const BY_REFUSAL = {
  'dead-grant': 'dead',
  conflict: 'elsewhere',
  misconfigured: 'misconfigured',
  refused: 'not-done',
} as const;

/** For callers that come while nobody asks the provider, because it has just failed. */
export function backedOff(failed: ErrorCode, integration: string, connectionId: string, waitMs: number): PatchbayError {
  const retry_after = Math.max(1, Math.ceil(waitMs / 1000));
  const code = failed === 'provider_rate_limited' ? failed : 'provider_unavailable';
  const message = `${integration} could not refresh the access token lately. It is asked again in ${retry_after} s.`;
  return new PatchbayError(code, message, { integration, connection_id: connectionId, retry_after });
}

/** For callers whose patience ends before a refresh does. */
export function stillRefreshing(integration: string, connectionId: string): PatchbayError {
  const message = `The access token for ${integration} is being refreshed, and the provider is slow. Ask again.`;
  const details = { integration, connection_id: connectionId, retry_after: 5 };
  return new PatchbayError('provider_unavailable', message, details);
}

export function reauthorizationRequired(integration: string, connectionId: string): PatchbayError {
  const message = 'The provider has withdrawn this grant. Connect the account again.';
  return new PatchbayError('reauthorization_required', message, { connection_id: connectionId, integration });
}
