import { AUTHORIZATION_RESPONSE_ERROR, ResponseBodyError } from 'oauth4webapi';
import { PatchbayError, type ErrorDetails } from '../errors/patchbay-error.ts';
import type { ErrorCode } from '../errors/error-code.ts';

/**
 * Why a token endpoint said no:
 * `dead-grant` the code or refresh token will never work again (RFC 6749 §5.2 `invalid_grant`);
 * `misconfigured` the server doesn't accept our client or our way of asking; the grant is untouched;
 * `conflict` the refresh token was used a moment ago (status 409, Airtable's way): the grant is untouched;
 * `refused` anything else it answered.
 */
export type TokenRefusal = 'dead-grant' | 'misconfigured' | 'conflict' | 'refused';

const CONFLICT = 409;
/** Whoever has used it stores what came of it well within that. */
const CONFLICT_WAIT_SECONDS = 5;

export class TokenEndpointError extends PatchbayError {
  readonly refusal: TokenRefusal;
  /** The RFC 6749 §5.2 error code, when the answer had one. */
  readonly oauthError: string | undefined;

  constructor(
    refusal: TokenRefusal,
    message: string,
    details: ErrorDetails,
    options: { code?: ErrorCode; oauthError?: string; cause?: unknown } = {},
  ) {
    super(options.code ?? 'provider_error', message, details, { cause: options.cause });
    this.name = 'TokenEndpointError';
    this.refusal = refusal;
    this.oauthError = options.oauthError;
  }
}

const MISCONFIGURED = new Set(['invalid_client', 'unauthorized_client', 'unsupported_grant_type', 'invalid_request']);

/** Says in our words what oauth4webapi found wrong. Errors of our own pass through. */
export function tokenEndpointError(integration: string, cause: unknown): PatchbayError {
  if (cause instanceof PatchbayError) return cause;
  if (cause instanceof ResponseBodyError) return refusal(integration, cause);
  const code = cause instanceof Error ? (cause as Error & { code?: unknown }).code : undefined;
  const what = code === AUTHORIZATION_RESPONSE_ERROR ? 'authorization response' : 'token answer';
  return new PatchbayError(
    'provider_protocol_error',
    `${integration} sent a ${what} that makes no sense.`,
    { integration },
    { cause: withoutAnswer(cause) },
  );
}

/** oauth4webapi hangs the answer it refuses on its errors, tokens and all. What it says about it is enough. */
function withoutAnswer(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  const { name, message, stack } = cause;
  return Object.assign(new Error(message), { name, stack });
}

function refusal(integration: string, cause: ResponseBodyError): TokenEndpointError {
  const details = { integration, provider_status: cause.status };
  const options = { oauthError: cause.error, cause: withoutAnswer(cause) };
  if (cause.status === CONFLICT) {
    const message = `${integration} has refreshed this grant a moment ago.`;
    const soon = { ...details, retry_after: CONFLICT_WAIT_SECONDS };
    return new TokenEndpointError('conflict', message, soon, { ...options, code: 'provider_unavailable' });
  }
  if (cause.error === 'invalid_grant') {
    return new TokenEndpointError('dead-grant', `${integration} no longer accepts this grant.`, details, options);
  }
  if (MISCONFIGURED.has(cause.error)) {
    const message = `${integration} does not accept our client: its id, secret or redirect URI is not what it expects.`;
    return new TokenEndpointError('misconfigured', message, details, options);
  }
  return new TokenEndpointError('refused', `${integration} refused to hand out a token.`, details, options);
}
