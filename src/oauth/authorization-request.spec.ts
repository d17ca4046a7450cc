import { describe, expect, it } from '@jest/globals';
import { authorizationRequestUrl } from './authorization-request.ts';
import { oauthClient } from './fixtures/oauth-client.ts';

const STATE = 'wLRBtmCJqQ-IaAbIjvXv1Q3';

describe('an authorization request', () => {
  it('has the parameters of RFC 6749 §4.1.1 and RFC 7636 §4.3, each once', () => {
    const client = oauthClient('https://as.test');
    const url = authorizationRequestUrl(client, {
      state: STATE,
      scopes: ['read', 'a b&c'],
      codeChallenge: 'chal-lenge_',
    });
    expect(url.origin + url.pathname).toBe('https://as.test/authorize');
    expect([...url.searchParams]).toEqual([
      ['scope', 'read a b&c'],
      ['response_type', 'code'],
      ['client_id', 'client-1'],
      ['redirect_uri', 'https://patchbay.test/integrations/acme/oauth2callback'],
      ['state', STATE],
      ['code_challenge', 'chal-lenge_'],
      ['code_challenge_method', 'S256'],
    ]);
  });

  it('has no challenge where the server has no PKCE', () => {
    const url = authorizationRequestUrl(oauthClient('https://as.test'), { state: STATE, scopes: [] });
    expect(url.searchParams.has('code_challenge')).toBe(false);
    expect(url.searchParams.has('code_challenge_method')).toBe(false);
  });

  it('lets no fixed parameter override one of the protocol’s', () => {
    const fixed = {
      state: 'fixed',
      redirect_uri: 'https://evil.test',
      response_type: 'token',
      client_id: 'x',
      owner: 'user',
    };
    const client = oauthClient('https://as.test', { authorizationParameters: fixed, scopeParameters: () => fixed });
    const { searchParams } = authorizationRequestUrl(client, { state: STATE, scopes: [] });
    expect(searchParams.getAll('state')).toEqual([STATE]);
    expect(searchParams.getAll('redirect_uri')).toEqual([client.redirectUri]);
    expect(searchParams.getAll('response_type')).toEqual(['code']);
    expect(searchParams.getAll('client_id')).toEqual(['client-1']);
    expect(searchParams.getAll('owner')).toEqual(['user']);
  });

  it('keeps a query the endpoint has of its own', () => {
    const client = { ...oauthClient('https://as.test'), authorizationEndpoint: 'https://as.test/authorize?tenant=7' };
    const url = authorizationRequestUrl(client, { state: STATE, scopes: [] });
    expect(url.searchParams.get('tenant')).toBe('7');
  });

  it('spells a space %20 and a plus %2B, which every server reads alike', () => {
    const client = oauthClient('https://as.test', { scopeParameters: (scopes) => ({ scope: scopes.join(' ') }) });
    const url = authorizationRequestUrl(client, { state: STATE, scopes: ['a:read', 'b+c'] });
    expect(url.search).toContain('scope=a%3Aread%20b%2Bc');
    expect(url.searchParams.get('scope')).toBe('a:read b+c');
  });
});
