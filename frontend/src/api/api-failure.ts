import { strings } from '../strings.ts';
import type { ErrorEnvelope } from './types.ts';

export interface FailureDetails {
  /** The envelope's code, or one of ours: `network_error`, `client_timeout`, `unreadable_answer`, `http_<status>`. */
  code: string;
  message: string;
  /** HTTP status; 0 when there was no answer. */
  status: number;
  requestId?: string | undefined;
  retryAfterSeconds?: number | undefined;
  fields?: { field: string; problem: string }[] | undefined;
  cause?: unknown;
}

/** A call that didn't bring what was asked for, in words a person can act on. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly code: string;
  readonly status: number;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly fields: { field: string; problem: string }[];

  constructor(details: FailureDetails) {
    super(details.message, { cause: details.cause });
    this.code = details.code;
    this.status = details.status;
    this.requestId = details.requestId;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.fields = details.fields ?? [];
  }

  /** Whether the same call may well succeed a little later. */
  get transient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The failure for a call that got no answer at all: no network, a refused connection, our own deadline. */
export function failureWithoutAnswer(cause: unknown): ApiFailure {
  const timedOut = cause instanceof DOMException && cause.name === 'TimeoutError';
  return new ApiFailure({
    code: timedOut ? 'client_timeout' : 'network_error',
    message: timedOut ? strings.failures.timeout : strings.failures.network,
    status: 0,
    cause,
  });
}

/** The failure for an answer outside 2xx, whether it carries our envelope or a proxy's HTML. */
export function failureFromAnswer(response: Response, body: unknown): ApiFailure {
  const headerRequestId = response.headers.get('x-request-id') ?? undefined;
  if (!isEnvelope(body)) {
    return new ApiFailure({
      code: `http_${response.status}`,
      message: strings.failures.unexplained(response.status),
      status: response.status,
      requestId: headerRequestId,
      retryAfterSeconds: wholeSeconds(response.headers.get('retry-after')),
    });
  }
  const { request_id: requestId, retry_after: retryAfter, fields } = body.details;
  return new ApiFailure({
    code: body.error,
    message: body.message,
    status: response.status,
    requestId: typeof requestId === 'string' ? requestId : headerRequestId,
    retryAfterSeconds: wholeSeconds(retryAfter ?? response.headers.get('retry-after')),
    fields: Array.isArray(fields) ? fields : [],
  });
}

/** The failure for a 2xx answer that isn't what the contract promises. */
export function failureFromNonsense(response: Response, cause?: unknown): ApiFailure {
  return new ApiFailure({
    code: 'unreadable_answer',
    message: strings.failures.unreadable,
    status: response.status,
    requestId: response.headers.get('x-request-id') ?? undefined,
    cause,
  });
}

/** Any thrown value as a failure that can be shown. */
export function asFailure(thrown: unknown): ApiFailure {
  if (thrown instanceof ApiFailure) return thrown;
  return new ApiFailure({ code: 'page_error', message: strings.failures.page, status: 0, cause: thrown });
}

function isEnvelope(body: unknown): body is ErrorEnvelope {
  if (typeof body !== 'object' || body === null) return false;
  const { error, message, details } = body as Partial<ErrorEnvelope>;
  return typeof error === 'string' && typeof message === 'string' && typeof details === 'object';
}

function wholeSeconds(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds) : undefined;
}
