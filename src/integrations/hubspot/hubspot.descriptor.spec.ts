import { describe, expect, it } from '@jest/globals';
import { authorizationRequestUrl } from '../../oauth/authorization-request.ts';
import { oauthClient } from '../../oauth/fixtures/oauth-client.ts';
import { hubspotTokens } from './fixtures/hubspot-answers.ts';
import { hubspotDescriptor as hubspot } from './hubspot.descriptor.ts';

describe('HubSpot’s authorization request', () => {
  it('has what its guide names, and nothing else', () => {
    const client = { ...oauthClient('', hubspot.oauth), authorizationEndpoint: hubspot.endpoints.authorization };
    const state = 'some-state-of-good-length';
    const url = authorizationRequestUrl(client, { state, scopes: hubspot.defaultScopes, codeChallenge: 'challenge' });
    expect(url.origin + url.pathname).toBe('https://app.hubspot.com/oauth/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'client-1',
      redirect_uri: client.redirectUri,
      response_type: 'code',
      scope:
        'oauth crm.objects.contacts.read crm.objects.companies.read crm.objects.deals.read tickets crm.objects.owners.read',
      state,
      code_challenge: 'challenge',
      code_challenge_method: 'S256',
    });
  });

  it('is followed by a form with the credentials in it', () => {
    expect(hubspot.oauth).toMatchObject({
      pkce: 'S256',
      clientAuthentication: 'client_secret_post',
      tokenRequestFormat: 'form',
    });
  });

  // Version 1 ends on 16 February 2027.
  it('leads to no endpoint of version 1', () => {
    const { token, revocation } = hubspot.endpoints;
    expect([token, revocation].join(' ')).not.toContain('/oauth/v1/');
  });
});

describe('HubSpot’s token answer', () => {
  const normalise = hubspot.oauth.normaliseTokenAnswer!;

  it('has its list of scopes put into the RFC’s form', () => {
    const { body } = normalise({ status: 200, body: hubspotTokens() });
    expect(body).toEqual({ ...hubspotTokens({ scopes: undefined }), scope: 'oauth crm.objects.contacts.read' });
  });

  it.each([[undefined], [null], ['oauth'], [{}]])('says nothing of scopes when they are %j', (scopes) => {
    const { body } = normalise({ status: 200, body: hubspotTokens({ scopes }) });
    expect(body['scope']).toBeUndefined();
  });

  it('leaves out of the scopes what is none', () => {
    const { body } = normalise({ status: 200, body: hubspotTokens({ scopes: ['oauth', null, 7, 'tickets'] }) });
    expect(body['scope']).toBe('oauth tickets');
  });

  it.each([
    [400, { status: 'BAD_REFRESH_TOKEN', error: 'invalid_grant' }, 'invalid_grant'],
    // "Permanent when invalid_grant or BAD_REFRESH_TOKEN, whatever the status code"; the older shape had no `error`.
    [401, { status: 'BAD_REFRESH_TOKEN', message: 'missing or invalid refresh token' }, 'invalid_grant'],
    [400, { status: 'BAD_AUTH_CODE', message: 'missing or unknown auth code' }, 'invalid_grant'],
    [400, { status: 'BAD_CLIENT_ID' }, 'invalid_client'],
    [400, { status: 'BAD_CLIENT_SECRET', error: 'invalid_client' }, 'invalid_client'],
    [400, { status: 'BAD_REDIRECT_URI' }, 'invalid_request'],
    [400, { status: 'BAD_GRANT_TYPE' }, 'unsupported_grant_type'],
    [400, { error: 'invalid_grant' }, 'invalid_grant'],
    [400, { status: 'error', error: 'invalid_request' }, 'invalid_request'],
    [400, { status: 'error' }, 'server_error'],
    [404, {}, 'server_error'],
  ])('%i %j is the RFC’s %s', (status, body, error) => {
    expect(normalise({ status, body })).toEqual({ status, body: { error } });
  });
});

describe('HubSpot’s item types', () => {
  it('each say how their changes are found', () => {
    expect(Object.keys(hubspot.changes)).toEqual(hubspot.itemTypes);
  });

  it('are the four kinds of record, unless others are asked for', () => {
    expect(hubspot.defaultItemTypes).toEqual(['contact', 'company', 'deal', 'ticket']);
  });
});

describe('HubSpot’s API', () => {
  const problemOf = hubspot.api.problemOf!;

  it.each([
    [200, {}, undefined],
    [207, { status: 'COMPLETE' }, undefined],
    [401, { category: 'EXPIRED_AUTHENTICATION' }, { kind: 'unauthorized' }],
    [401, { category: 'INVALID_AUTHENTICATION' }, { kind: 'unauthorized' }],
    [403, { category: 'MISSING_SCOPES' }, { kind: 'refused', reason: 'MISSING_SCOPES' }],
    [400, { category: 'VALIDATION_ERROR' }, { kind: 'refused', reason: 'VALIDATION_ERROR' }],
    [404, {}, { kind: 'refused' }],
    [423, {}, { kind: 'unavailable' }],
    [429, { policyName: 'SECONDLY' }, { kind: 'rate-limited', retryAfterSeconds: 1 }],
    [429, { policyName: 'TEN_SECONDLY_ROLLING' }, { kind: 'rate-limited', retryAfterSeconds: 10 }],
    [429, { policyName: 'DAILY' }, { kind: 'rate-limited', retryAfterSeconds: 3600 }],
    [429, { category: 'RATE_LIMITS' }, { kind: 'rate-limited' }],
    [477, {}, { kind: 'rate-limited' }],
    [500, {}, { kind: 'unavailable' }],
    [521, {}, { kind: 'unavailable' }],
  ])('means by %i %j: %j', (status, body, problem) => {
    expect(problemOf({ status, body })).toEqual(problem);
  });
});
