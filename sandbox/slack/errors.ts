import { json, type Reply } from '../core/message.ts';

/** Slack says what went wrong in the body, under HTTP 200. */
export function slackError(error: string, more: Readonly<Record<string, unknown>> = {}): Reply {
  return json(200, { ok: false, error, ...more });
}

const ERRORS: Readonly<Record<number, string>> = {
  400: 'invalid_arguments',
  401: 'invalid_auth',
  403: 'access_denied',
  404: 'unknown_method',
  408: 'request_timeout',
  413: 'request_too_large',
  429: 'ratelimited',
  503: 'service_unavailable',
};

export function slackErrorFor(status: number): Reply {
  return json(status, { ok: false, error: ERRORS[status] ?? 'internal_error' });
}
