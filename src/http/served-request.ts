import type { IncomingMessage, ServerResponse } from 'node:http';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']);

/** A request that is over. Everything about it is one of a few words: nothing that a caller could make up. */
export interface ServedRequest {
  readonly method: string;
  /** The route's pattern; `file` for the page and its files, `none` for what was answered before it met a route. */
  readonly route: string;
  /** `aborted`: the caller hung up before the answer was complete. */
  readonly status: number | 'aborted';
  /** The error code of a refusal. */
  readonly error: string | undefined;
  /** Whether an earlier load was shown because the provider couldn't be reached. */
  readonly isStale: boolean;
  readonly durationMs: number;
}

export function servedRequest(request: IncomingMessage, response: ServerResponse, durationMs: number): ServedRequest {
  const { statusCode } = response;
  return {
    method: METHODS.has(request.method ?? '') ? (request.method ?? '') : 'other',
    route: routeOf(request) ?? (statusCode < 400 && request.method !== 'OPTIONS' ? 'file' : 'none'),
    status: response.writableFinished ? statusCode : 'aborted',
    error: errorOf(response),
    isStale: response.hasHeader('Warning'),
    durationMs,
  };
}

/** Express puts the route there that matched. */
function routeOf(request: IncomingMessage & { readonly route?: { readonly path?: unknown } }): string | undefined {
  const path = request.route?.path;
  return typeof path === 'string' ? path : undefined;
}

const ERRORS = new WeakMap<ServerResponse, string>();

/** Notes with which error an answer refuses. */
export function noteError(response: ServerResponse, code: string): void {
  ERRORS.set(response, code);
}

function errorOf(response: ServerResponse): string | undefined {
  return ERRORS.get(response);
}
