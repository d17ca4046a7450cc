import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../errors/secret.ts';
import { json, raw, startProviderStub, type ProviderStub } from '../outbound/fixtures/provider-stub.ts';
import { testClient } from '../outbound/fixtures/test-client.ts';
import type { OutboundClient } from '../outbound/outbound-client.ts';
import { oauthClient } from './fixtures/oauth-client.ts';
import type { OAuthClient } from './oauth-client.ts';
import { revokeToken } from './token-revocation.ts';

let server: ProviderStub;
let outbound: OutboundClient;

beforeEach(async () => {
  server = await startProviderStub();
  outbound = testClient();
});

afterEach(async () => {
  await outbound.close();
  await server.close();
});

const token = new Secret('refresh-1');

describe('a revocation', () => {
  it('names the token and what kind it is (RFC 7009 §2.1), with client authentication', async () => {
    expect(await revokeToken(outbound, oauthClient(server.url), token, 'refresh_token')).toBe(true);
    const { url, body, headers } = server.requests[0]!;
    expect(url.pathname).toBe('/revoke');
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      token: 'refresh-1',
      token_type_hint: 'refresh_token',
    });
    expect(headers.authorization).toMatch(/^Basic /);
  });

  it('gives no hint in JSON, where a server has members of its own', async () => {
    const client = oauthClient(server.url, { tokenRequestFormat: 'json' });
    await revokeToken(outbound, client, token, 'refresh_token');
    expect(JSON.parse(server.requests[0]!.body)).toEqual({ token: 'refresh-1' });
  });

  it.each([200, 204])('has worked when the answer is an empty %i (RFC 7009 §2.2)', async (status) => {
    server.answer = raw('', status);
    expect(await revokeToken(outbound, oauthClient(server.url), token, 'access_token')).toBe(true);
  });

  it('has not worked when the server refuses', async () => {
    server.answer = json({ error: 'unsupported_token_type' }, 400);
    expect(await revokeToken(outbound, oauthClient(server.url), token, 'access_token')).toBe(false);
  });

  it('throws when there is no usable answer', async () => {
    server.answer = json({}, 503);
    await expect(revokeToken(outbound, oauthClient(server.url), token, 'access_token')).rejects.toMatchObject({
      code: 'provider_error',
    });
  });

  it('asks nobody where there is no endpoint for it', async () => {
    const members = Object.entries(oauthClient(server.url)).filter(([name]) => name !== 'revocationEndpoint');
    const client = Object.fromEntries(members) as unknown as OAuthClient;
    expect(await revokeToken(outbound, client, token, 'access_token')).toBe(false);
    expect(server.requests).toHaveLength(0);
  });
});
