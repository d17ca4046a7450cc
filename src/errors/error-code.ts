/**
 * Every way Patchbay can say no, and the HTTP status it says it with. The list is closed: a code that is missing here
 * doesn't compile, and a code without a status doesn't either.
 */
export const STATUS_BY_ERROR_CODE = {
  invalid_request: 400,
  signature_required: 401,
  invalid_signature: 401,
  signature_expired: 401,
  replayed_request: 401,
  unknown_key: 401,
  forbidden: 403,
  not_found: 404,
  unknown_integration: 404,
  connection_not_found: 404,
  method_not_allowed: 405,
  reauthorization_required: 409,
  integration_not_configured: 409,
  authorization_expired: 410,
  payload_too_large: 413,
  unsupported_media_type: 415,
  cursor_invalid: 422,
  rate_limited: 429,
  internal_error: 500,
  provider_error: 502,
  provider_protocol_error: 502,
  provider_unavailable: 503,
  provider_rate_limited: 503,
  storage_unavailable: 503,
  service_unavailable: 503,
  provider_timeout: 504,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof STATUS_BY_ERROR_CODE;

export const ERROR_CODES = Object.keys(STATUS_BY_ERROR_CODE) as readonly ErrorCode[];
