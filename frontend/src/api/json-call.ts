import { ApiFailure, failureFromAnswer, failureFromNonsense, failureWithoutAnswer } from './api-failure.ts';

export interface Call {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/** Longer than the service's own patience with a provider, so that its explanation arrives before we give up. */
const REQUEST_DEADLINE_MS = 60_000;

/**
 * Makes a call's request, has it sent, and reads the JSON that comes back.
 * @param fits whether a 2xx body is what the contract promises
 * @throws {ApiFailure} or the call's own signal's reason
 */
export async function callJson<T extends object>(
  origin: string,
  send: (request: Request) => Promise<Response>,
  call: Call,
  fits: (body: T) => boolean,
): Promise<T> {
  const { response, text } = await exchange(origin, send, call);
  const body = parseJson(text);
  if (!response.ok) throw failureFromAnswer(response, body);
  if (typeof body !== 'object' || body === null || !fits(body as T)) throw failureFromNonsense(response);
  return body as T;
}

async function exchange(
  origin: string,
  send: (request: Request) => Promise<Response>,
  call: Call,
): Promise<{ response: Response; text: string }> {
  const deadline = AbortSignal.timeout(REQUEST_DEADLINE_MS);
  const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline;
  try {
    const response = await send(requestOf(origin, call, signal));
    return { response, text: await response.text() };
  } catch (cause) {
    call.signal?.throwIfAborted();
    throw cause instanceof ApiFailure ? cause : failureWithoutAnswer(cause);
  }
}

function requestOf(origin: string, call: Call, signal: AbortSignal): Request {
  const url = new URL(call.path, origin);
  url.search = new URLSearchParams(call.query).toString();
  const headers = new Headers({ accept: 'application/json' });
  const init: RequestInit = { method: call.method, headers, signal, credentials: 'same-origin', redirect: 'error' };
  if (call.body !== undefined) {
    headers.set('content-type', 'application/json');
    init.body = JSON.stringify(call.body);
  }
  return new Request(url, init);
}

/** The parsed body, or undefined when it isn't JSON (a proxy's HTML page, a cut answer). */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
