import { randomUUID } from 'node:crypto';
import { json, type Reply } from '../core/message.ts';
import type { EndpointKind } from '../core/route.ts';

/** https://developers.hubspot.com/docs/api-reference/error-handling */
export function hubspotError(
  status: number,
  category: string,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): Reply {
  return json(status, { status: 'error', message, correlationId: randomUUID(), category, ...more });
}

export function notFound(message: string): Reply {
  return hubspotError(404, 'OBJECT_NOT_FOUND', message);
}

/** The token endpoints' shape since January 2026: the old `status` and `message` beside RFC 6749's pair. */
export function tokenError(status: string, error: string, message: string, httpStatus = 400): Reply {
  return json(httpStatus, { status, message, correlationId: randomUUID(), error, error_description: message });
}

const CATEGORIES: Readonly<Record<number, string>> = {
  400: 'VALIDATION_ERROR',
  401: 'INVALID_AUTHENTICATION',
  403: 'MISSING_SCOPES',
  404: 'OBJECT_NOT_FOUND',
  409: 'CONFLICT',
  429: 'RATE_LIMITS',
};

export function hubspotErrorFor(status: number, kind: EndpointKind): Reply {
  const message = `The sandbox answers ${status}.`;
  if (kind !== 'api') {
    return tokenError('ERROR', status >= 500 ? 'server_error' : 'invalid_request', message, status);
  }
  const policy = status === 429 ? { errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING' } : {};
  return hubspotError(status, CATEGORIES[status] ?? 'INTERNAL_ERROR', message, policy);
}
