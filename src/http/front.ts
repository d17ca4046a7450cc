import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { STATUS_BY_ERROR_CODE, type ErrorCode } from '../errors/error-code.ts';
import type { Refusal, RequestGate } from '../process/request-gate.ts';
import type { SlowReaders } from '../process/slow-readers.ts';
import { MAX_BODY_BYTES } from './body.ts';
import { BUSY_PAGE, BUSY_PAGE_HEADERS, isPopup } from './busy-page.ts';
import { saneRequestId } from './request-id.ts';
import { servedRequest, type ServedRequest } from './served-request.ts';

const CODE: ErrorCode = 'service_unavailable';
const RETRY_AFTER_SECONDS = 1;
/**
 * A refusal is kept back for a moment: whoever asks again as soon as it is refused, would otherwise do so thousands of times a
 * second, and saying no would take the time that those who are let in need. Beyond so many at once it is said at once.
 */
const HELD_MS = 200;
const MOST_HELD = 2_000;
const HEADERS = {
  'Content-Type': 'application/json; charset=utf-8',
  'Retry-After': RETRY_AFTER_SECONDS,
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
};
const MESSAGES: Readonly<Record<Refusal, string>> = {
  overloaded: `Too much is asked at once. Try again in ${RETRY_AFTER_SECONDS} s.`,
  draining: 'This process is shutting down. Try again: another one answers.',
};

/** Who asks how the process is must hear it above all when it isn't well. */
const ALWAYS_LET_IN = /^\/(?:health(?:\/(?:live|ready))?|metrics)\/?(?:\?|$)/;

export interface FrontOptions {
  /** Whose pages may read a refusal. */
  readonly allowedOrigins: readonly string[];
  /** Sees to it that answers are read, refusals as well: a connection is held up by any. */
  readonly readers?: Pick<SlowReaders, 'watch'>;
  /** Told of every request that was let in, once it is over. Must be quick, and must not throw. */
  readonly observe?: (request: ServedRequest) => void;
}

/**
 * Stands before the whole application: what can't be served in good time is refused before any work is done for it, not even
 * a line in the log. The gate counts them.
 */
export function admitRequests(server: Server, gate: RequestGate, options: FrontOptions): void {
  const [serve] = server.listeners('request') as RequestListener[];
  if (serve === undefined) throw new TypeError('There is no application to stand before.');
  const sayNo = heldBack(refusal(new Set(options.allowedOrigins)));
  const takeOn = (request: IncomingMessage, response: ServerResponse): void => {
    const { observe } = options;
    const startedAt = performance.now();
    if (observe !== undefined) {
      response.once('close', () => observe(servedRequest(request, response, performance.now() - startedAt)));
    }
    serve(request, response);
  };
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    options.readers?.watch(response);
    const decided = (why?: Refusal): void => {
      if (why !== undefined) sayNo(why, request, response);
      else takeOn(request, response);
    };
    if (gate.isDraining) response.setHeader('Connection', 'close');
    if (ALWAYS_LET_IN.test(request.url ?? '')) decided();
    else gate.enter(response, decided);
  });
}

/** Keeps a refusal back for a moment. */
function heldBack(refuse: SayNo): SayNo {
  let held = 0;
  return (why, request, response) => {
    if (why !== 'overloaded' || held >= MOST_HELD) {
      refuse(why, request, response);
      return;
    }
    held += 1;
    setTimeout(() => {
      held -= 1;
      refuse(why, request, response);
    }, HELD_MS);
  };
}

type SayNo = (why: Refusal, request: IncomingMessage, response: ServerResponse) => void;

function refusal(allowedOrigins: ReadonlySet<string>): SayNo {
  return (why, request, response) => {
    const { headers, method } = request;
    const id = saneRequestId(headers['x-request-id']) ?? randomUUID();
    if (headers.origin !== undefined && allowedOrigins.has(headers.origin)) allow(headers.origin, response);
    // What is sent for nothing is read to its end only when that is near.
    const isShort =
      headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= MAX_BODY_BYTES;
    if (!isShort) response.setHeader('Connection', 'close');
    const isPage = isPopup(request);
    const body = isPage ? BUSY_PAGE : envelope(why, id);
    response.writeHead(STATUS_BY_ERROR_CODE[CODE], {
      ...HEADERS,
      ...(isPage ? BUSY_PAGE_HEADERS : {}),
      'Content-Length': Buffer.byteLength(body),
      'X-Request-Id': id,
    });
    response.end(method === 'HEAD' ? undefined : body);
  };
}

function envelope(why: Refusal, request_id: string): string {
  return JSON.stringify({
    error: CODE,
    message: MESSAGES[why],
    details: { request_id, retry_after: RETRY_AFTER_SECONDS },
  });
}

function allow(origin: string, response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Allow-Credentials', 'true');
  response.setHeader('Access-Control-Expose-Headers', 'X-Request-Id, Retry-After');
  response.setHeader('Vary', 'Origin');
}
