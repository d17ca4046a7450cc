import {
  allowInsecureRequests,
  customFetch,
  type AuthorizationServer,
  type ClientAuth,
  type CustomFetchOptions,
} from 'oauth4webapi';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { OutboundResponse } from '../outbound/outbound-call.ts';
import type { OutboundClient } from '../outbound/outbound-client.ts';
import { jsonObjectIn } from '../outbound/json-body.ts';
import { retryAfterSeconds } from '../outbound/retry-after.ts';
import type { JsonObject, OAuthClient, TokenAnswer } from './oauth-client.ts';

const MAX_ANSWER_BYTES = 256 * 1024;

type Fetch = (url: string, options: CustomFetchOptions<'POST', URLSearchParams>) => Promise<Response>;

/** A call's place to leave the further token sets that oauth4webapi has no word for. */
export interface AdditionalTokens {
  additional: Readonly<Record<string, JsonObject>>;
}

/** The server as oauth4webapi wants it described. Its issuer is the origin its users are sent to. */
export function authorizationServer(client: OAuthClient): AuthorizationServer {
  return {
    issuer: new URL(client.authorizationEndpoint).origin,
    authorization_endpoint: client.authorizationEndpoint,
    token_endpoint: client.tokenEndpoint,
    ...(client.revocationEndpoint === undefined ? {} : { revocation_endpoint: client.revocationEndpoint }),
  };
}

/**
 * Client authentication (RFC 6749 §2.3.1). Basic without the percent-encoding the RFC asks for: these servers compare the
 * plain characters and would otherwise refuse a secret with a `-` in it.
 */
export function clientAuthentication(client: OAuthClient): ClientAuth {
  return (_server, _client, body, headers) => {
    if (client.dialect.clientAuthentication === 'client_secret_post') {
      body.set('client_id', client.clientId);
      body.set('client_secret', client.clientSecret.reveal());
      return;
    }
    const credentials = Buffer.from(`${client.clientId}:${client.clientSecret.reveal()}`, 'utf8').toString('base64');
    headers.set('authorization', `Basic ${credentials}`);
  };
}

/** The options every oauth4webapi call is made with: our own transport, and plain http where the operator allowed it. */
export function transportOptions(
  client: OAuthClient,
  outbound: OutboundClient,
  { found, timeoutMs }: { readonly found?: AdditionalTokens; readonly timeoutMs?: number } = {},
) {
  const fetch: Fetch = async (url, options) => {
    const response = await outbound.call({
      integration: client.integration,
      endpoint: 'token',
      method: 'POST',
      url: new URL(url),
      headers: { ...options.headers, ...client.dialect.tokenHeaders, 'content-type': contentType(client) },
      body:
        client.dialect.tokenRequestFormat === 'json'
          ? JSON.stringify(Object.fromEntries(options.body))
          : options.body.toString(),
      // What a token endpoint was asked may have been done even if its answer was lost. Who refreshes keeps a journal of it.
      repeatable: options.body.get('grant_type') === 'refresh_token' ? 'never' : 'unless-sent',
      maxBodyBytes: MAX_ANSWER_BYTES,
      ...(timeoutMs === undefined ? {} : { attemptTimeoutMs: timeoutMs }),
    });
    return rfcShaped(client, response, found);
  };
  return {
    [customFetch]: fetch as never,
    // The configuration has already refused http for anything but a loopback host.
    [allowInsecureRequests]: true,
  };
}

function contentType(client: OAuthClient): string {
  return client.dialect.tokenRequestFormat === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
}

function rfcShaped(client: OAuthClient, response: OutboundResponse, found?: AdditionalTokens): Response {
  const answer = usableAnswer(client, response);
  if (found !== undefined && answer.additional !== undefined) found.additional = answer.additional;
  return Response.json(withoutTroublemakers(answer.body), { status: withBody(answer.status) });
}

/** A server that fails says nothing by it; unless the dialect knows better, as of a dead grant that is reported so. */
function usableAnswer(client: OAuthClient, response: OutboundResponse): TokenAnswer {
  const { normaliseTokenAnswer } = client.dialect;
  const normalised = (body: JsonObject): TokenAnswer => {
    const raw: TokenAnswer = { status: response.status, body };
    return normaliseTokenAnswer?.(raw) ?? raw;
  };
  if (response.status >= 500) {
    const told = normalised(jsonObjectIn(response.body) ?? {});
    if (told.status < 500) return told;
  }
  refuseUnavailable(client.integration, response);
  return normalised(parse(client.integration, response));
}

/** 204 and 205 say that there is no body, and a Response with one can't be made of them: what is meant is success. */
function withBody(status: number): number {
  return status === 204 || status === 205 ? 200 : status;
}

function refuseUnavailable(integration: string, response: OutboundResponse): void {
  const asked = retryAfterSeconds(response.headers);
  const details = { integration, provider_status: response.status };
  if (response.status === 429) {
    throw new PatchbayError('provider_rate_limited', `${integration} asks us to slow down.`, {
      ...details,
      retry_after: asked ?? 30,
    });
  }
  if (response.status >= 500) {
    throw new PatchbayError('provider_error', `${integration} failed to answer properly.`, {
      ...details,
      ...(asked === undefined ? {} : { retry_after: asked }),
    });
  }
}

function parse(integration: string, response: OutboundResponse): JsonObject {
  // A revocation may be answered with nothing at all (RFC 7009 §2.2).
  if (response.body.length === 0 && response.status < 300) return {};
  const parsed = jsonObjectIn(response.body);
  if (parsed !== undefined) return parsed;
  const details = { integration, provider_status: response.status };
  throw new PatchbayError('provider_protocol_error', `${integration} sent a token answer that is not JSON.`, details);
}

/** Members that mean "absent" when null, and an ID token, which nobody here asked for or could verify. */
function withoutTroublemakers(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name, value]) => value !== null && name !== 'id_token'));
}
