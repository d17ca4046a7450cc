import type { ErrorCode } from '../errors/error-code.ts';
import { isJsonObject } from '../errors/json-object.ts';
import { PatchbayError, type ErrorDetails } from '../errors/patchbay-error.ts';

/** How far a call had got when it failed: only a call that was never sent is sure to have had no effect. */
export type FailurePhase = 'not-sent' | 'sent';

/** In what way a provider is unwell. */
export type Ailment = 'unreachable' | 'timeout' | 'broken_answer' | 'server_error';

/** A call that brought no usable answer from a provider. */
export class OutboundError extends PatchbayError {
  readonly phase: FailurePhase;
  /** What it says of the provider's health; undefined: nothing. */
  readonly ailment: Ailment | undefined;
  /** An answer that began and did not end: the connection failed, so another attempt may bring it whole. */
  readonly brokeOff: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    phase: FailurePhase,
    details: ErrorDetails,
    options: { readonly cause?: unknown; readonly ailment?: Ailment; readonly brokeOff?: boolean } = {},
  ) {
    super(code, message, details, { cause: options.cause });
    this.name = 'OutboundError';
    this.phase = phase;
    this.ailment = options.ailment;
    this.brokeOff = options.brokeOff ?? false;
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
/** OpenSSL's verdicts on a certificate (X509_V_ERR_…, as Node names them): found before a byte of ours is sent. */
const BAD_CERTIFICATE =
  /^(?:CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_SELF|SELF_SIGNED_|INVALID_|HOSTNAME_MISMATCH|ERR_TLS_CERT_)/;
/** undici's error for what isn't HTTP; it has a code in some cases only. */
const NOT_HTTP = 'HTTPParserError';

/** Says in our words what undici or the socket reported. */
export function outboundError(integration: string, cause: unknown): OutboundError {
  if (cause instanceof OutboundError) return cause;
  const code = errorCode(cause);
  const name = isJsonObject(cause) ? cause['name'] : undefined;
  const phase = NEVER_CONNECTED.has(code) || BAD_CERTIFICATE.test(code) ? 'not-sent' : 'sent';
  if (TIMED_OUT.has(code)) return timeoutError(integration, phase, { cause });
  if (BAD_CERTIFICATE.test(code)) {
    const message = `${integration} can't be called: the server there does not prove to be it.`;
    const options = { cause, ailment: 'unreachable' } as const;
    return new OutboundError('provider_protocol_error', message, phase, { integration }, options);
  }
  if (BROKEN_ANSWER.test(code) || name === NOT_HTTP) {
    const options = { cause, ailment: 'broken_answer' } as const;
    const message = `${integration} sent a broken answer.`;
    return new OutboundError('provider_protocol_error', message, 'sent', { integration }, options);
  }
  const details = { integration, retry_after: 5 };
  const message = `${integration} can't be reached right now.`;
  return new OutboundError('provider_unavailable', message, phase, details, { cause, ailment: 'unreachable' });
}

/** @param hadItsChance whether the provider was given the time that one that is well would have answered in */
export function timeoutError(
  integration: string,
  phase: FailurePhase,
  { cause, hadItsChance = true }: { readonly cause?: unknown; readonly hadItsChance?: boolean } = {},
): OutboundError {
  const message = `${integration} did not answer in time.`;
  const options = { cause, ...(hadItsChance ? { ailment: 'timeout' as const } : {}) };
  return new OutboundError('provider_timeout', message, phase, { integration }, options);
}

/** Whether a connection ended in the midst of what it carried, by itself and not by our deadline or cap. */
export function isConnectionLost(error: unknown): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(errorCode(error));
}

/** Less of an answer than its length said. */
export function brokenOffAnswer(integration: string, cause: unknown): OutboundError {
  const details = { integration, retry_after: 5 };
  const options = { cause, ailment: 'broken_answer', brokeOff: true } as const;
  const message = `${integration} broke off in the midst of its answer.`;
  return new OutboundError('provider_protocol_error', message, 'sent', details, options);
}

/** An answer that says nothing of the provider's health, but that can't be used. */
export function unusableAnswer(integration: string, what: string, status?: number): OutboundError {
  const details = { integration, ...(status === undefined ? {} : { provider_status: status }) };
  return new OutboundError('provider_protocol_error', `${integration} ${what}.`, 'sent', details);
}

/** By what it has rather than by its class: a DOMException is no Error, nor is an error of another realm ours. */
function errorCode(thrown: unknown): string {
  if (!isJsonObject(thrown)) return '';
  const { code, cause } = thrown;
  return typeof code === 'string' ? code : errorCode(cause);
}
