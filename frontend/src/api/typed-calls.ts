import createClient, { type Client } from 'openapi-fetch';
import { ApiFailure, failureFromAnswer, failureFromNonsense, failureWithoutAnswer } from './api-failure.ts';
import type { Contract } from './contract.ts';

/** Calls as the OpenAPI document describes them; what doesn't fit it doesn't compile. */
export type TypedCalls = Client<Contract, 'application/json'>;

/** Sends one finished request. */
export type SendRequest = (request: Request) => Promise<Response>;

/** What every call is made with: how it is sent, and until when. */
export interface CallInit {
  fetch: SendRequest;
  signal: AbortSignal;
}

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Longer than the service's own patience with a provider, so that its explanation arrives before we give up. */
const REQUEST_DEADLINE_MS = 60_000;

export function typedCalls(origin: string): TypedCalls {
  return createClient<Contract, 'application/json'>({
    baseUrl: origin,
    headers: { accept: 'application/json' },
    credentials: 'same-origin',
    redirect: 'error',
  });
}

/**
 * Makes a call and judges what comes back.
 * @param ask makes the call with what it is given
 * @param fits whether a 2xx body is what the contract promises
 * @throws {ApiFailure} or the caller's own signal's reason
 */
export async function answerTo<T extends object>(
  send: SendRequest,
  ask: (init: CallInit) => Promise<Answered<T>>,
  fits: (body: T) => boolean,
  stop?: AbortSignal,
): Promise<T> {
  const deadline = AbortSignal.timeout(REQUEST_DEADLINE_MS);
  const signal = stop ? AbortSignal.any([stop, deadline]) : deadline;
  const arrived: { response?: Response } = {};
  const fetch: SendRequest = async (request) => {
    arrived.response = await send(request);
    return arrived.response;
  };
  try {
    const { data, error, response } = await ask({ fetch, signal });
    if (!response.ok) throw failureFromAnswer(response, error);
    // What came is whatever came: the types only say what should have.
    const body: unknown = data;
    if (typeof body !== 'object' || body === null || !fits(body as T)) throw failureFromNonsense(response);
    return body as T;
  } catch (cause) {
    stop?.throwIfAborted();
    if (cause instanceof ApiFailure) throw cause;
    // A proxy's HTML page, a cut answer: it came, but it is no JSON.
    if (arrived.response && cause instanceof SyntaxError) throw failureFromNonsense(arrived.response, cause);
    throw failureWithoutAnswer(cause);
  }
}
