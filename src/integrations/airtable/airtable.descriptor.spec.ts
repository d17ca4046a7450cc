import { describe, expect, it } from '@jest/globals';
import { authorizationRequestUrl } from '../../oauth/authorization-request.ts';
import { oauthClient } from '../../oauth/fixtures/oauth-client.ts';
import { airtableDescriptor as airtable } from './airtable.descriptor.ts';
import { airtableTokens } from './fixtures/airtable-answers.ts';

describe('Airtable’s authorization request', () => {
  it('has what its OAuth reference requires, and nothing else', () => {
    const client = { ...oauthClient('', airtable.oauth), authorizationEndpoint: airtable.endpoints.authorization };
    const state = 'some-state-of-good-length';
    const url = authorizationRequestUrl(client, { state, scopes: airtable.defaultScopes, codeChallenge: 'challenge' });
    expect(url.origin + url.pathname).toBe('https://airtable.com/oauth2/v1/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'client-1',
      redirect_uri: client.redirectUri,
      response_type: 'code',
      scope: 'data.records:read schema.bases:read user.email:read',
      state,
      code_challenge: 'challenge',
      code_challenge_method: 'S256',
    });
  });

  it('comes with PKCE and a client that authenticates in the header', () => {
    expect(airtable.oauth).toMatchObject({
      pkce: 'S256',
      clientAuthentication: 'client_secret_basic',
      tokenRequestFormat: 'form',
    });
  });
});

describe('Airtable’s token answer', () => {
  const normalise = airtable.oauth.normaliseTokenAnswer!;

  it('is the RFC’s own', () => {
    const answer = { status: 200, body: airtableTokens() };
    expect(normalise(answer)).toEqual(answer);
    const refusal = { status: 400, body: { error: 'invalid_grant', error_description: 'x' } };
    expect(normalise(refusal)).toEqual(refusal);
  });

  it('ends no grant when a refresh came too soon after another (409)', () => {
    const answer = normalise({ status: 409, body: { error: 'invalid_grant' } });
    expect(answer).toEqual({ status: 409, body: { error: 'temporarily_unavailable' } });
  });
});

describe('Airtable’s API', () => {
  const problemOf = airtable.api.problemOf!;
  const billing = 'PUBLIC_API_BILLING_LIMIT_EXCEEDED';

  it.each([
    [200, {}, undefined],
    // A base may have a member of any name; only a status says that it is an error.
    [200, { error: 'NOT_FOUND' }, undefined],
    [401, { error: { type: 'AUTHENTICATION_REQUIRED' } }, { kind: 'unauthorized' }],
    [403, { error: { type: 'INVALID_PERMISSIONS' } }, { kind: 'refused', reason: 'INVALID_PERMISSIONS' }],
    [404, { error: 'NOT_FOUND' }, { kind: 'refused', reason: 'NOT_FOUND' }],
    [
      422,
      { error: { type: 'INVALID_OFFSET_VALUE', message: 'x' } },
      { kind: 'refused', reason: 'INVALID_OFFSET_VALUE' },
    ],
    [400, {}, { kind: 'refused' }],
    [400, { error: 7, errors: 'x' }, { kind: 'refused' }],
    [429, { error: { type: 'RATE_LIMIT_REACHED' } }, { kind: 'rate-limited' }],
    [429, { errors: [{ error: 'RATE_LIMIT_REACHED', message: 'x' }] }, { kind: 'rate-limited' }],
    [429, {}, { kind: 'rate-limited' }],
    [429, { error: { type: billing } }, { kind: 'refused', reason: billing }],
    [429, { errors: [{ error: billing }] }, { kind: 'refused', reason: billing }],
    [500, { error: { type: 'SERVER_ERROR' } }, { kind: 'unavailable' }],
    [503, { error: { type: 'RETRIABLE_ERROR' } }, { kind: 'unavailable' }],
  ])('means by %i %j: %j', (status, body, problem) => {
    expect(problemOf({ status, body })).toEqual(problem);
  });

  it('is left alone for 30 s after a 429', () => {
    expect(airtable.api.throttledWaitSeconds).toBe(30);
  });
});
