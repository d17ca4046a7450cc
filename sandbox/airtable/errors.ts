import { json, type Reply } from '../core/message.ts';
import type { EndpointKind } from '../core/route.ts';

/** https://airtable.com/developers/web/api/errors */
export function airtableError(status: number, type: string, message: string): Reply {
  return json(status, { error: { type, message } });
}

/** RFC 6749 section 5.2, as Airtable's token endpoint sends it. */
export function tokenError(status: number, error: string, description: string): Reply {
  return json(status, { error, error_description: description });
}

/** The short form of 404, with the type alone. */
export function notFoundText(): Reply {
  return json(404, { error: 'NOT_FOUND' });
}

export function authenticationRequired(): Reply {
  return airtableError(401, 'AUTHENTICATION_REQUIRED', 'Authentication required');
}

/** Missing scope, a base outside the grant and an id that doesn't exist can't be told apart, on purpose. */
export function invalidPermissions(): Reply {
  return airtableError(
    403,
    'INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND',
    'Invalid permissions, or the requested model was not found. Check that both your user and your token have the required permissions, and that the model names and/or ids are correct.',
  );
}

const API_TYPES: Readonly<Record<number, string>> = {
  400: 'INVALID_REQUEST',
  401: 'AUTHENTICATION_REQUIRED',
  403: 'INVALID_PERMISSIONS',
  404: 'NOT_FOUND',
  413: 'REQUEST_TOO_LARGE',
  422: 'INVALID_REQUEST_UNKNOWN',
  429: 'RATE_LIMIT_REACHED',
  500: 'SERVER_ERROR',
  503: 'RETRIABLE_ERROR',
};

const TOKEN_ERRORS: Readonly<Record<number, string>> = {
  401: 'invalid_client',
  409: 'invalid_grant',
  500: 'server_error',
  503: 'temporarily_unavailable',
};

export function airtableErrorFor(status: number, kind: EndpointKind): Reply {
  if (kind !== 'api') {
    const error = TOKEN_ERRORS[status] ?? (status >= 500 ? 'server_error' : 'invalid_request');
    return tokenError(status, error, `The sandbox answers ${status}.`);
  }
  return airtableError(status, API_TYPES[status] ?? 'SERVER_ERROR', `The sandbox answers ${status}.`);
}
