import type { ErrorCode } from '../errors/error-code.ts';
import { isJsonObject } from '../errors/json-object.ts';
import { PatchbayError, type ErrorDetails } from '../errors/patchbay-error.ts';

/** How far a call had got when it failed: only a call that was never sent is sure to have had no effect. */
export type FailurePhase = 'not-sent' | 'sent';

/** A call that brought no usable answer from a provider. */
export class OutboundError extends PatchbayError {
  readonly phase: FailurePhase;

  constructor(code: ErrorCode, message: string, phase: FailurePhase, details: ErrorDetails, cause?: unknown) {
    super(code, message, details, { cause });
    this.name = 'OutboundError';
    this.phase = phase;
  }
}

const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const TIMED_OUT = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);
const BROKEN_ANSWER = /^(?:HPE_|UND_ERR_(?:RES_|RESPONSE|HEADERS_OVERFLOW))/;
/** undici's error for what isn't HTTP; it has a code in some cases only. */
const NOT_HTTP = 'HTTPParserError';

/** Says in our words what undici or the socket reported. */
export function outboundError(integration: string, cause: unknown): OutboundError {
  if (cause instanceof OutboundError) return cause;
  const code = errorCode(cause);
  const phase = NEVER_CONNECTED.has(code) ? 'not-sent' : 'sent';
  const name = isJsonObject(cause) ? cause['name'] : undefined;
  const timedOut = TIMED_OUT.has(code) || name === 'TimeoutError';
  if (timedOut)
    return new OutboundError(
      'provider_timeout',
      `${integration} did not answer in time.`,
      phase,
      { integration },
      cause,
    );
  if (BROKEN_ANSWER.test(code) || name === NOT_HTTP) {
    return new OutboundError(
      'provider_protocol_error',
      `${integration} sent a broken answer.`,
      'sent',
      { integration },
      cause,
    );
  }
  const details = { integration, retry_after: 5 };
  return new OutboundError('provider_unavailable', `${integration} can't be reached right now.`, phase, details, cause);
}

/** By what it has rather than by its class: a DOMException is no Error, nor is an error of another realm ours. */
function errorCode(thrown: unknown): string {
  if (!isJsonObject(thrown)) return '';
  const { code, cause } = thrown;
  return typeof code === 'string' ? code : errorCode(cause);
}
