import { PatchbayError } from '../errors/patchbay-error.ts';
import type { Secret } from '../errors/secret.ts';
import type { JsonObject } from '../oauth/oauth-client.ts';
import type { OutboundRequest, OutboundResponse } from '../outbound/outbound-call.ts';
import type { OutboundClient } from '../outbound/outbound-client.ts';
import { jsonObjectIn } from '../outbound/json-body.ts';
import { urlBelow, type ProviderPath } from '../outbound/provider-path.ts';
import { retryAfterSeconds } from '../outbound/retry-after.ts';
import { askedSeconds, type ApiPacing } from './api-pacing.ts';
import {
  problemByStatus,
  type ApiAnswer,
  type ApiProblem,
  type IntegrationDescriptor,
} from './integration-descriptor.ts';

/** The access token calls are made with, and how to get the next one when the provider refuses it. */
export interface TokenSource {
  current(): Secret;
  /** Refreshes at most once. @throws PatchbayError when there is no other token to be had */
  replace(rejected: Secret): Promise<Secret>;
  /** Told when the token that replaced a refused one was refused as well. */
  refused?(): void;
}

export interface ApiCall {
  readonly path: ProviderPath;
  readonly query?: URLSearchParams;
  /** Sent as JSON. Only for calls that read: they may be repeated. */
  readonly json?: JsonObject;
  readonly signal?: AbortSignal;
}

/** A provider's API as one connection may use it. */
export class ProviderApi {
  readonly #descriptor: IntegrationDescriptor;
  readonly #baseUrl: string;
  readonly #outbound: OutboundClient;
  readonly #tokens: TokenSource;
  readonly #pacing: ApiPacing | undefined;

  /** @param pacing absent: calls are not paced, as those that end a grant */
  constructor(
    descriptor: IntegrationDescriptor,
    baseUrl: string,
    outbound: OutboundClient,
    tokens: TokenSource,
    pacing?: ApiPacing,
  ) {
    this.#descriptor = descriptor;
    this.#baseUrl = baseUrl;
    this.#outbound = outbound;
    this.#tokens = tokens;
    this.#pacing = pacing;
  }

  get(call: Omit<ApiCall, 'json'>): Promise<JsonObject> {
    return this.#call('GET', call);
  }

  /** For lists that are asked for with POST. */
  post(call: ApiCall): Promise<JsonObject> {
    return this.#call('POST', call);
  }

  /** @throws PatchbayError `provider_*`, or what replacing a refused token ran into */
  async #call(method: 'GET' | 'POST', call: ApiCall): Promise<JsonObject> {
    const token = this.#tokens.current();
    const first = await this.#attempt(method, call, token);
    if (first.problem === undefined) return first.body;
    if (first.problem.kind !== 'unauthorized') throw this.#error(first.problem, first.response);
    const second = await this.#attempt(method, call, await this.#tokens.replace(token));
    if (second.problem === undefined) return second.body;
    if (second.problem.kind === 'unauthorized') this.#tokens.refused?.();
    throw this.#error(second.problem, second.response);
  }

  async #attempt(method: 'GET' | 'POST', call: ApiCall, token: Secret) {
    const response = await this.#outbound.call(this.#request(method, call, token));
    const answer: ApiAnswer = { status: response.status, body: this.#body(response) };
    const problem = this.#problemOf(answer, response);
    if (problem?.kind === 'rate-limited' && response.status < 400)
      await this.#pacing?.hold(call.path, problem, response);
    return { response, body: answer.body, problem };
  }

  #problemOf(answer: ApiAnswer, response: OutboundResponse): ApiProblem | undefined {
    // Some proxy's, not the provider's: it says nothing of the token, of which a grant that nothing can renew would die.
    if (answer.status === 401 && jsonObjectIn(response.body) === undefined) return { kind: 'unavailable' };
    return (this.#descriptor.api.problemOf ?? problemByStatus)(answer);
  }

  #request(method: 'GET' | 'POST', call: ApiCall, token: Secret): OutboundRequest {
    return {
      integration: this.#descriptor.name,
      endpoint: 'api',
      method,
      url: urlBelow(this.#baseUrl, call.path, call.query),
      headers: {
        ...this.#descriptor.api.headers,
        authorization: `Bearer ${token.reveal()}`,
        ...(call.json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.json === undefined ? {} : { body: JSON.stringify(call.json) }),
      repeatable: 'freely',
      throttledWaitSeconds: this.#descriptor.api.throttledWaitSeconds,
      ...(call.signal === undefined ? {} : { signal: call.signal }),
      ...(this.#pacing === undefined
        ? {}
        : { pacing: this.#pacing.of(call.path), onBehalfOf: this.#pacing.connectionId }),
    };
  }

  #body(response: OutboundResponse): JsonObject {
    const parsed = jsonObjectIn(response.body);
    if (parsed !== undefined) return parsed;
    // An error page of some proxy on the way still says by its status what it means.
    if (response.status >= 400) return {};
    throw this.#failure('provider_protocol_error', 'answered with something that is not JSON', response);
  }

  #error(problem: ApiProblem, response: OutboundResponse): PatchbayError {
    const { displayName } = this.#descriptor;
    if (problem.kind === 'rate-limited') {
      const retry_after = Math.max(1, askedSeconds(this.#descriptor, problem, response));
      const details = { integration: this.#descriptor.name, provider_status: response.status, retry_after };
      return new PatchbayError('provider_rate_limited', `${displayName} asks us to wait ${retry_after} s.`, details);
    }
    if (problem.kind === 'unauthorized')
      return this.#failure('provider_error', 'refused a token it has just handed out', response);
    const comeBackIn = problem.kind === 'unavailable' ? retryAfterSeconds(response.headers) : undefined;
    if (comeBackIn !== undefined) {
      const retry_after = Math.max(1, comeBackIn);
      const details = { integration: this.#descriptor.name, provider_status: response.status, retry_after };
      return new PatchbayError(
        'provider_unavailable',
        `${displayName} asks us to come back in ${retry_after} s.`,
        details,
      );
    }
    if (problem.kind === 'unavailable') return this.#failure('provider_error', 'failed to answer properly', response);
    const code = codeIn(problem.reason);
    const why = code === undefined ? 'refused the call' : `refused the call (${code})`;
    return this.#failure('provider_error', why, response, code);
  }

  #failure(
    code: 'provider_error' | 'provider_protocol_error',
    what: string,
    response: OutboundResponse,
    provider_reason?: string,
  ): PatchbayError {
    const { displayName, name } = this.#descriptor;
    const details = { integration: name, provider_status: response.status };
    const reason = provider_reason === undefined ? {} : { provider_reason };
    return new PatchbayError(code, `${displayName} ${what}.`, { ...details, ...reason });
  }
}

/** A provider's code is shown only when it looks like one. */
function codeIn(reason: string | undefined): string | undefined {
  return reason !== undefined && /^[A-Za-z0-9_.-]{1,64}$/.test(reason) ? reason : undefined;
}
