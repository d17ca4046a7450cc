import { randomUUID } from 'node:crypto';
import { json, type Reply } from '../core/message.ts';
import type { EndpointKind } from '../core/route.ts';

/** https://developers.notion.com/reference/status-codes */
export function notionError(
  status: number,
  code: string,
  message: string,
  more: Readonly<Record<string, unknown>> = {},
): Reply {
  const requestId = randomUUID();
  const body = { object: 'error', status, code, message, ...more, request_id: requestId };
  return json(status, body, { 'x-notion-request-id': requestId });
}

/** An error of the OAuth endpoints: Notion's own members and RFC 6749's, since the documentation names both. */
export function oauthError(status: number, code: string, error: string, message: string): Reply {
  return notionError(status, code, message, { error, error_description: message });
}

export function validationError(message: string): Reply {
  return notionError(400, 'validation_error', message);
}

/** Not there and not shared look the same. */
export function objectNotFound(kind: string, id: string): Reply {
  const message = `Could not find ${kind} with ID: ${id}. Make sure the relevant pages and databases are shared with your connection.`;
  return notionError(404, 'object_not_found', message);
}

/** The connection was registered without what the call needs. */
export function restrictedResource(): Reply {
  return notionError(403, 'restricted_resource', 'Insufficient permissions for this endpoint.');
}

export function success(value: Readonly<Record<string, unknown>>): Reply {
  const requestId = randomUUID();
  return json(200, { ...value, request_id: requestId }, { 'x-notion-request-id': requestId });
}

const CODES: Readonly<Record<number, string>> = {
  400: 'validation_error',
  401: 'unauthorized',
  403: 'restricted_resource',
  404: 'object_not_found',
  409: 'conflict_error',
  413: 'validation_error',
  429: 'rate_limited',
  500: 'internal_server_error',
  502: 'bad_gateway',
  503: 'service_unavailable',
  504: 'gateway_timeout',
  529: 'service_overload',
};

export function notionErrorFor(status: number, kind: EndpointKind): Reply {
  const code = CODES[status] ?? 'internal_server_error';
  const message = `The sandbox answers ${status}.`;
  if (kind === 'api') return notionError(status, code, message);
  return oauthError(status, code, status >= 500 ? 'server_error' : 'invalid_request', message);
}
