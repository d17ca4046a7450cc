import { ERROR_CODES, STATUS_BY_ERROR_CODE, type ErrorCode } from '../errors/error-code.ts';
import type { ErrorDetails } from '../errors/patchbay-error.ts';

interface Explanation {
  /** When it happens and what to do, in a table's cell. */
  readonly when: string;
  /** A message as it may read. */
  readonly message: string;
  readonly details?: Omit<ErrorDetails, 'allow'>;
}

/** Every code once: a new one doesn't compile before it is explained here. */
const EXPLANATIONS: Readonly<Record<ErrorCode, Explanation>> = {
  invalid_request: {
    when: 'Malformed JSON, or an unknown, missing or bad member; `details.fields` names them.',
    message: 'The request is not valid: page_size must be a whole number from 1 to 1000.',
    details: { fields: [{ field: 'page_size', problem: 'must be a whole number from 1 to 1000' }] },
  },
  signature_required: {
    when: 'The request is not signed. `Accept-Signature` says what a signature has to cover.',
    message: 'Sign the request (RFC 9421). Accept-Signature says how.',
  },
  invalid_signature: {
    when: 'The signature does not hold for this request, covers too little, or the digest is not the body’s.',
    message: 'The signature does not hold for this request.',
  },
  signature_expired: {
    when: '`created` is over 300 s old or over 30 s ahead, or `expires` is past.',
    message: 'The signature is older than 300 s. Is your clock right?',
  },
  replayed_request: {
    when: 'The key’s nonce was used before: sign each request anew.',
    message: 'This nonce was used before. Sign each request anew.',
  },
  unknown_key: {
    when: 'No client or session with this key id, or it was revoked or has ended.',
    message: 'No key with this key id is registered.',
  },
  forbidden: {
    when: 'The caller may not act for this user, organisation or integration, or lacks the permission.',
    message: 'You may not act for this user of this organisation.',
  },
  not_found: { when: 'There is nothing at this path, or nothing by this name.', message: 'There is nothing here.' },
  unknown_integration: {
    when: 'No integration has this name.',
    message: 'There is no such integration. There are: airtable, notion, hubspot, slack.',
  },
  connection_not_found: {
    when: 'The user has no such connection: connect first.',
    message: 'There is no such connection.',
    details: { integration: 'notion' },
  },
  method_not_allowed: {
    when: 'The path answers to other methods; `Allow` names them.',
    message: 'This path answers to GET, HEAD only.',
  },
  reauthorization_required: {
    when: 'The provider has withdrawn the grant: the user has to connect again.',
    message: 'The provider has withdrawn the grant. Connect again.',
    details: { integration: 'notion', connection_id: 'con_4ZkFq0n8X2m3vJc1yTbRdA' },
  },
  integration_not_configured: {
    when: 'This installation has no client id and secret for the integration.',
    message: 'This integration is not configured here.',
    details: { integration: 'notion' },
  },
  authorization_expired: {
    when: 'The state is unknown, used or too old: begin again.',
    message: 'This authorization is unknown, used or too old. Begin again.',
  },
  payload_too_large: { when: 'The body is over 100 KB.', message: 'The body is larger than 100 KB.' },
  unsupported_media_type: {
    when: 'The body is neither JSON nor a form, not UTF-8, or compressed.',
    message: 'Send the body as application/json or application/x-www-form-urlencoded, in UTF-8, uncompressed.',
  },
  cursor_invalid: {
    when: 'The cursor is not ours, or of another connection or query: start again without it.',
    message: 'This cursor is not one of ours, or no longer fits.',
  },
  rate_limited: {
    when: 'Over our limit; try again after `Retry-After`.',
    message: 'Too many requests.',
    details: { retry_after: 12 },
  },
  internal_error: {
    when: 'A defect of ours. The request id finds it in the log.',
    message: 'Something went wrong on our side. The request id finds it in the log.',
  },
  provider_error: {
    when: 'The provider refused what should have worked.',
    message: 'The provider answered with an error.',
    details: { integration: 'notion', provider_status: 400 },
  },
  provider_protocol_error: {
    when: 'The provider’s answer makes no sense.',
    message: 'The provider’s answer could not be understood.',
    details: { integration: 'notion', provider_status: 200 },
  },
  provider_unavailable: {
    when: 'The provider is down, or was until just now; try again after `Retry-After`.',
    message: 'The provider can’t be reached.',
    details: { integration: 'notion', retry_after: 5 },
  },
  provider_rate_limited: {
    when: 'The provider’s limit lasts longer than we wait; try again after `Retry-After`.',
    message: 'The provider asks for a pause.',
    details: { integration: 'notion', retry_after: 30 },
  },
  storage_unavailable: {
    when: 'Our store can’t be reached; try again after `Retry-After`.',
    message: 'The store can’t be reached.',
    details: { retry_after: 1 },
  },
  service_unavailable: {
    when: 'This process takes on no more for the moment: it is overloaded, or shutting down. Try again after `Retry-After`.',
    message: 'Too much is asked at once. Try again in 1 s.',
    details: { retry_after: 1 },
  },
  provider_timeout: {
    when: 'The provider took too long.',
    message: 'The provider did not answer in time.',
    details: { integration: 'notion' },
  },
};

export const ERROR_TABLE = `| error | status | when |
| --- | --- | --- |
${ERROR_CODES.map((code) => `| \`${code}\` | ${STATUS_BY_ERROR_CODE[code]} | ${EXPLANATIONS[code].when} |`).join('\n')}`;

export function whenOf(code: ErrorCode): string {
  return EXPLANATIONS[code].when;
}

/** One example a code, for `components.examples`. */
export function errorExamples(request_id: string): Record<string, { summary: string; value: unknown }> {
  const entries = ERROR_CODES.map((code) => {
    const { when, message, details } = EXPLANATIONS[code];
    return [code, { summary: when, value: { error: code, message, details: { request_id, ...details } } }] as const;
  });
  return Object.fromEntries(entries);
}

export const ERROR_ENVELOPE = {
  type: 'object',
  description: 'The body of every refusal.',
  required: ['error', 'message', 'details'],
  properties: {
    error: { type: 'string', enum: [...ERROR_CODES], description: 'Stable, for programs.' },
    message: { type: 'string', description: 'One sentence a person can act on.' },
    details: {
      type: 'object',
      required: ['request_id'],
      properties: {
        request_id: { type: 'string', description: 'Also in X-Request-Id; finds the request in the log.' },
        fields: {
          type: 'array',
          description: 'What is wrong with which member, for invalid_request.',
          items: {
            type: 'object',
            required: ['field', 'problem'],
            properties: { field: { type: 'string' }, problem: { type: 'string' } },
          },
        },
        retry_after: { type: 'number', description: 'Seconds; also in Retry-After.' },
        integration: { type: 'string' },
        provider_status: { type: 'integer', description: 'What the provider answered with.' },
        provider_reason: {
          type: 'string',
          pattern: '^[A-Za-z0-9_.-]{1,64}$',
          description: 'The provider’s own code for what it refused, such as missing_scope.',
        },
        connection_id: { type: 'string' },
      },
    },
  },
};
