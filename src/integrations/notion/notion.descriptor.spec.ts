import { describe, expect, it } from '@jest/globals';
import { authorizationRequestUrl } from '../../oauth/authorization-request.ts';
import { oauthClient } from '../../oauth/fixtures/oauth-client.ts';
import { notionError, notionTokens } from './fixtures/notion-answers.ts';
import { notionDescriptor as notion } from './notion.descriptor.ts';

describe('Notion’s authorization request', () => {
  it('has what its guide requires, and nothing else: no scope, no challenge', () => {
    const client = { ...oauthClient('', notion.oauth), authorizationEndpoint: notion.endpoints.authorization };
    const state = 'some-state-of-good-length';
    const url = authorizationRequestUrl(client, { state, scopes: notion.defaultScopes });
    expect(url.origin + url.pathname).toBe('https://api.notion.com/v1/oauth/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'client-1',
      redirect_uri: client.redirectUri,
      response_type: 'code',
      owner: 'user',
      state,
    });
  });

  it('is followed by a JSON token request with Basic and the version', () => {
    expect(notion.oauth).toMatchObject({
      pkce: 'none',
      clientAuthentication: 'client_secret_basic',
      tokenRequestFormat: 'json',
      tokenHeaders: { 'notion-version': '2026-03-11' },
    });
    expect(notion.api.headers).toEqual({ 'notion-version': '2026-03-11' });
  });
});

describe('Notion’s token answer', () => {
  const normalise = notion.oauth.normaliseTokenAnswer!;

  it('is left as it is when it holds tokens', () => {
    const answer = { status: 200, body: notionTokens() };
    expect(normalise(answer)).toEqual(answer);
  });

  it('is left as it is when it confirms a revocation', () => {
    const answer = { status: 200, body: { request_id: 'r1' } };
    expect(normalise(answer)).toEqual(answer);
  });

  it.each([
    [400, notionError(400, 'invalid_grant'), 'invalid_grant'],
    [400, notionError(400, 'x', { error: 'invalid_grant' }), 'invalid_grant'],
    [401, notionError(401, 'unauthorized'), 'invalid_client'],
    [401, notionError(401, 'invalid_client'), 'invalid_client'],
    [401, {}, 'invalid_client'],
    [400, notionError(400, 'validation_error'), 'invalid_request'],
    [400, notionError(400, 'missing_version'), 'invalid_request'],
    [400, { code: 7, error: null }, 'server_error'],
  ])('%i %j is the RFC’s %s', (status, body, error) => {
    expect(normalise({ status, body })).toEqual({ status, body: { error } });
  });
});

describe('Notion’s API', () => {
  const problemOf = notion.api.problemOf!;
  const limited = (additional_data: unknown) => notionError(429, 'rate_limited', { additional_data });

  it.each([
    [200, {}, undefined],
    [401, notionError(401, 'unauthorized'), { kind: 'unauthorized' }],
    [403, notionError(403, 'restricted_resource'), { kind: 'refused', reason: 'restricted_resource' }],
    [404, notionError(404, 'object_not_found'), { kind: 'refused', reason: 'object_not_found' }],
    [400, {}, { kind: 'refused' }],
    [409, notionError(409, 'conflict_error'), { kind: 'unavailable' }],
    [500, notionError(500, 'internal_server_error'), { kind: 'unavailable' }],
    [503, {}, { kind: 'unavailable' }],
    [429, limited({ retry_after: '12' }), { kind: 'rate-limited', retryAfterSeconds: 12 }],
    [429, limited({ retry_after: 3.2 }), { kind: 'rate-limited', retryAfterSeconds: 4 }],
    [429, limited({ retry_after: 'soon' }), { kind: 'rate-limited' }],
    [429, limited({ retry_after: '' }), { kind: 'rate-limited' }],
    [429, limited({ retry_after: -1 }), { kind: 'rate-limited' }],
    [429, limited(null), { kind: 'rate-limited' }],
    [529, notionError(529, 'service_overload'), { kind: 'rate-limited' }],
    [
      429,
      limited({ rate_limit_reason: 'public_api_request_blocked', retry_after: '12' }),
      { kind: 'refused', reason: 'public_api_request_blocked' },
    ],
  ])('means by %i %j: %j', (status, body, problem) => {
    expect(problemOf({ status, body })).toEqual(problem);
  });
});
