import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { inspect } from 'node:util';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { Secret } from '../errors/secret.ts';
import { json, raw, startProviderStub, type Answer, type ProviderStub } from '../outbound/fixtures/provider-stub.ts';
import { stopClock } from '../outbound/fixtures/stopped-clock.ts';
import { testClient } from '../outbound/fixtures/test-client.ts';
import type { OutboundClient } from '../outbound/outbound-client.ts';
import { exchangeCode } from './authorization-code-grant.ts';
import { CLIENT_SECRET, oauthClient, tokenAnswer } from './fixtures/oauth-client.ts';
import type { OAuthDialect, TokenResponse } from './oauth-client.ts';
import { refreshGrant } from './refresh-token-grant.ts';
import { TokenEndpointError } from './token-endpoint-error.ts';

const VERIFIER = 'verifier-canary-'.repeat(3);
const ALL_CANARIES = /canary|se-cr_et/;

let server: ProviderStub;
let elsewhere: ProviderStub;
let outbound: OutboundClient;

beforeEach(async () => {
  server = await startProviderStub();
  elsewhere = await startProviderStub();
  outbound = testClient();
  server.answer = json(tokenAnswer());
});

afterEach(async () => {
  jest.useRealTimers();
  await outbound.close();
  await server.close();
  await elsewhere.close();
});

function exchange(
  dialect: Partial<OAuthDialect> = {},
  codeVerifier: string | undefined = VERIFIER,
): Promise<TokenResponse> {
  return exchangeCode(outbound, oauthClient(server.url, dialect), {
    code: new Secret('code-canary'),
    state: 'some-state-of-good-length',
    ...(codeVerifier === '' ? {} : { codeVerifier: new Secret(codeVerifier) }),
  });
}

async function failure(call: Promise<unknown>): Promise<PatchbayError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PatchbayError);
  return error as PatchbayError;
}

function form(index = 0): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(server.requests[index]?.body));
}

const SENT = {
  grant_type: 'authorization_code',
  code: 'code-canary',
  redirect_uri: 'https://patchbay.test/integrations/acme/oauth2callback',
};

describe('a code exchange', () => {
  it('authenticates with Basic, unescaped, and leaves the credentials out of the body', async () => {
    await exchange();
    const { method, url, headers } = server.requests[0]!;
    expect(`${method} ${url.pathname}`).toBe('POST /token');
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    const basic = headers.authorization?.replace(/^Basic /, '') ?? '';
    expect(Buffer.from(basic, 'base64').toString('utf8')).toBe(`client-1:${CLIENT_SECRET}`);
    expect(form()).toEqual({ ...SENT, code_verifier: VERIFIER });
  });

  it('brings no life so long that its end could not be written', async () => {
    server.answer = json(tokenAnswer({ expires_in: 1e300 }));
    const { expiresIn } = await exchange();
    expect(new Date(Date.now() + (expiresIn ?? NaN) * 1000).getFullYear()).toBeLessThan(2100);
  });

  it('authenticates in the body where the server wants it there, and only there', async () => {
    await exchange({ clientAuthentication: 'client_secret_post' });
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    const credentials = { client_id: 'client-1', client_secret: CLIENT_SECRET };
    expect(form()).toEqual({ ...SENT, code_verifier: VERIFIER, ...credentials });
  });

  it('sends JSON and extra headers where the server wants those', async () => {
    await exchange({ tokenRequestFormat: 'json', tokenHeaders: { 'notion-version': '2026-03-11' } }, '');
    const { headers, body } = server.requests[0]!;
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'notion-version': '2026-03-11' });
    expect(JSON.parse(body)).toEqual(SENT);
  });

  it('sends no verifier where the server has no PKCE', async () => {
    await exchange({ pkce: 'none' }, '');
    expect(form()).toEqual(SENT);
  });

  it('is not made for a response of another issuer (RFC 9207)', async () => {
    const grant = { code: new Secret('code-canary'), state: 'some-state-of-good-length', issuer: 'https://evil.test' };
    expect(await failure(exchangeCode(outbound, oauthClient(server.url), grant))).toMatchObject({
      code: 'provider_protocol_error',
    });
    expect(server.requests).toHaveLength(0);
    await exchangeCode(outbound, oauthClient(server.url), { ...grant, issuer: server.url });
    expect(server.requests).toHaveLength(1);
  });
});

describe('a token answer', () => {
  it('is read into our words, its tokens unprintable', async () => {
    server.answer = json(tokenAnswer({ bot_id: 'b1', owner: { type: 'user' } }));
    const tokens = await exchange();
    expect(tokens).toMatchObject({
      expiresIn: 3600,
      scopes: ['read', 'write'],
      parameters: { bot_id: 'b1', owner: { type: 'user' } },
    });
    expect(tokens.accessToken.reveal()).toBe('access-canary');
    expect(tokens.refreshToken?.reveal()).toBe('refresh-canary');
    expect(inspect(tokens, { depth: 9 }) + JSON.stringify(tokens)).not.toMatch(ALL_CANARIES);
  });

  it.each([
    ['null', { refresh_token: null, expires_in: null, scope: null }],
    ['left out', { refresh_token: undefined, expires_in: undefined, scope: undefined }],
  ])('may have its optional members %s', async (_how, changes) => {
    server.answer = json(tokenAnswer(changes));
    const tokens = await exchange();
    expect(tokens.refreshToken).toBeUndefined();
    expect(tokens.expiresIn).toBeUndefined();
    expect(tokens.scopes).toBeUndefined();
  });

  it('has its ID token dropped, which nobody asked for', async () => {
    server.answer = json(tokenAnswer({ id_token: 'not-a-jwt' }));
    expect((await exchange()).parameters).toEqual({});
  });

  it('is put into the RFC’s shape by the dialect first, further tokens apart', async () => {
    server.answer = json({ ok: true, bot: 'access-canary' });
    const user = tokenAnswer({ access_token: 'user-canary', scope: 'search' });
    const tokens = await exchange({
      normaliseTokenAnswer: ({ status, body }) => ({
        status,
        body: { access_token: body['bot'], token_type: 'bearer' },
        additional: { user },
      }),
    });
    expect(tokens.accessToken.reveal()).toBe('access-canary');
    expect(tokens.additional.get('user')?.accessToken.reveal()).toBe('user-canary');
    expect(tokens.additional.get('user')?.scopes).toEqual(['search']);
  });

  it('is refused when a further token of it is no token', async () => {
    const call = exchange({
      normaliseTokenAnswer: (answer) => ({ ...answer, additional: { user: { token_type: 'bearer' } } }),
    });
    expect(await failure(call)).toMatchObject({ code: 'provider_protocol_error' });
  });
});

describe('a token endpoint that says no', () => {
  it.each([
    [400, 'invalid_grant', 'dead-grant'],
    [401, 'invalid_grant', 'dead-grant'],
    [401, 'invalid_client', 'misconfigured'],
    [400, 'invalid_client', 'misconfigured'],
    [400, 'invalid_request', 'misconfigured'],
    [400, 'unauthorized_client', 'misconfigured'],
    [400, 'unsupported_grant_type', 'misconfigured'],
    [400, 'invalid_scope', 'refused'],
    [403, 'something_of_its_own', 'refused'],
  ])('%i %s means %s', async (status, oauthError, refusal) => {
    server.answer = json({ error: oauthError, error_description: 'description-canary' }, status);
    const errors = [await failure(exchange()), await failure(refresh())];
    for (const error of errors) {
      expect(error).toBeInstanceOf(TokenEndpointError);
      expect(error).toMatchObject({
        refusal,
        oauthError,
        code: 'provider_error',
        details: { provider_status: status },
      });
      expect(error.message).not.toMatch(ALL_CANARIES);
    }
  });
});

const USELESS: readonly (readonly [string, () => Answer, string])[] = [
  [
    'HTML with 200',
    () => raw('<!doctype html><p>Hello', 200, { 'content-type': 'text/html' }),
    'provider_protocol_error',
  ],
  ['HTML with 403', () => raw('<h1>Forbidden</h1>', 403), 'provider_protocol_error'],
  ['nothing', () => raw(''), 'provider_protocol_error'],
  ['half a JSON text', () => raw('{"access_token":"access-can'), 'provider_protocol_error'],
  ['a JSON array', () => json([tokenAnswer()]), 'provider_protocol_error'],
  ['null', () => json(null), 'provider_protocol_error'],
  ['an empty object', () => json({}), 'provider_protocol_error'],
  ['an error without a code', () => json({ message: 'no' }, 400), 'provider_protocol_error'],
  ['a token that is a number', () => json(tokenAnswer({ access_token: 7 })), 'provider_protocol_error'],
  ['an empty token', () => json(tokenAnswer({ access_token: '' })), 'provider_protocol_error'],
  ['a refresh token that is an object', () => json(tokenAnswer({ refresh_token: {} })), 'provider_protocol_error'],
  ['no token type', () => json(tokenAnswer({ token_type: undefined })), 'provider_protocol_error'],
  ['a token type nobody knows', () => json(tokenAnswer({ token_type: 'mac' })), 'provider_protocol_error'],
  // An ordinary dictionary would have this one by inheritance.
  ['the token type "constructor"', () => json(tokenAnswer({ token_type: 'constructor' })), 'provider_protocol_error'],
  ['the token type "__proto__"', () => json(tokenAnswer({ token_type: '__proto__' })), 'provider_protocol_error'],
  ['a lifetime that is no number', () => json(tokenAnswer({ expires_in: 'soon' })), 'provider_protocol_error'],
  ['300 KB', () => json(tokenAnswer({ padding: 'x'.repeat(300_000) })), 'provider_protocol_error'],
  ['a redirect', () => raw('', 307, { location: `${elsewhere.url}/token` }), 'provider_protocol_error'],
  ['500', () => json({ error: 'invalid_grant' }, 500), 'provider_error'],
  ['503 that asks to come back', () => json({}, 503, { 'retry-after': '0' }), 'provider_error'],
  ['429', () => json({}, 429, { 'retry-after': '7' }), 'provider_rate_limited'],
  ['a closed connection', () => (response) => void response.destroy(), 'provider_unavailable'],
];

describe('a token endpoint that answers with', () => {
  it.each(USELESS)('%s is asked once, and its answer ends no grant', async (_what, answer, code) => {
    server.answer = answer();
    const errors = [await failure(exchange()), await failure(refresh())];
    for (const error of errors) {
      expect(error).not.toBeInstanceOf(TokenEndpointError);
      expect(error.code).toBe(code);
      expect(inspect(error, { depth: 9 })).not.toMatch(ALL_CANARIES);
    }
    // One code exchange, one refresh: neither was repeated, and nobody else has seen them.
    expect(server.requests).toHaveLength(2);
    expect(elsewhere.requests).toHaveLength(0);
  });

  it('429 says when to come back', async () => {
    server.answer = json({}, 429, { 'retry-after': '7' });
    expect(await failure(exchange())).toMatchObject({ details: { retry_after: 7, provider_status: 429 } });
  });
});

describe('a refresh', () => {
  it('sends the refresh token and nothing of the code flow', async () => {
    const tokens = await refresh();
    expect(form()).toEqual({ grant_type: 'refresh_token', refresh_token: 'refresh-canary' });
    expect(tokens.accessToken.reveal()).toBe('access-canary');
  });

  it('may bring no new refresh token', async () => {
    server.answer = json(tokenAnswer({ refresh_token: undefined }));
    expect((await refresh()).refreshToken).toBeUndefined();
  });
});

describe('a token endpoint that can’t be reached', () => {
  it('is asked again with a code that was never sent; a refresh is for its own journal to repeat', async () => {
    const attempts: number[] = [];
    outbound.observe(({ attempt }) => attempts.push(attempt));
    await server.close();
    expect(await failure(exchange())).toMatchObject({ code: 'provider_unavailable', phase: 'not-sent' });
    expect(attempts).toEqual([1, 2, 3]);
    expect(await failure(refresh())).toMatchObject({ code: 'provider_unavailable', phase: 'not-sent' });
    expect(attempts).toEqual([1, 2, 3, 1]);
  });

  it('and is left alone has been sent nothing, so no refresh is in doubt', async () => {
    stopClock();
    Logger.overrideLogger(false);
    server.answer = json({}, 500);
    for (let call = 0; call < 10; call += 1) await failure(refresh());
    const error = await failure(refresh());
    expect(error).toMatchObject({ code: 'provider_unavailable', phase: 'not-sent' });
    expect(error.details.retry_after).toBeGreaterThan(0);
    expect(server.requests).toHaveLength(10);
  });
});

function refresh(): Promise<TokenResponse> {
  return refreshGrant(outbound, oauthClient(server.url), new Secret('refresh-canary'), 10_000);
}
