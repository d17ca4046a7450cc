import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { until } from '../../src/errors/fixtures/until.ts';
import { startOidcAuthority, type OidcAuthority } from '../support/oidc-authority.ts';
import { CHALLENGE, get, post, REDIRECT_URI, STATE, VERIFIER, type Answer, type Tokens } from './connect.ts';

/** Longer than any test: who waits for it has failed. */
const FOR_EVER_MS = 600_000;
const SCOPE = 'data.records:read schema.bases:read user.email:read';
const CLIENT = { clientId: 'patchbay', clientSecret: 'a-secret-of-patchbay', redirectUris: [REDIRECT_URI] };

let authority: OidcAuthority;

beforeEach(async () => {
  authority = await startOidcAuthority(CLIENT);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await authority.close();
  expect(authority.failures).toEqual([]);
});

function authorizationUrl(changes: Record<string, string | null> = {}): string {
  const url = new URL(authority.authorizationUrl);
  const params: Record<string, string | null> = {
    client_id: CLIENT.clientId,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: SCOPE,
    state: STATE,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...changes,
  };
  for (const [name, value] of Object.entries(params)) if (value !== null) url.searchParams.set(name, value);
  return url.href;
}

function tokenRequest(members: Record<string, string>): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')}`;
  return post(authority.tokenUrl, new URLSearchParams(members), { authorization });
}

async function exchange(code: string): Promise<Answer> {
  return tokenRequest({
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: VERIFIER,
  });
}

async function connect(account?: string): Promise<Tokens> {
  const callback = await authority.approve(authorizationUrl(), account);
  const { status, body } = await exchange(callback.searchParams.get('code')!);
  expect(status).toBe(200);
  return body as Tokens;
}

function refresh(token: string): Promise<Answer> {
  return tokenRequest({ grant_type: 'refresh_token', refresh_token: token });
}

/** A refresh that its client can give up. */
function openRefresh(token: string): { answer: Promise<Response>; giveUp: () => void } {
  const giving = new AbortController();
  const answer = fetch(authority.tokenUrl, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${CLIENT.clientId}:${CLIENT.clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token }),
    signal: giving.signal,
  });
  answer.catch(() => undefined);
  return { answer, giveUp: () => giving.abort() };
}

function whoami(token: string): Promise<Answer> {
  return get(`${authority.apiUrl}/meta/whoami`, token);
}

describe('the authorization server in tests', () => {
  it('hands out a code to who consents, and tokens that open the API for it', async () => {
    const callback = await authority.approve(authorizationUrl());
    expect(`${callback.origin}${callback.pathname}`).toBe(REDIRECT_URI);
    expect([...callback.searchParams.keys()].sort()).toEqual(['code', 'state']);
    expect(callback.searchParams.get('state')).toBe(STATE);
    const { body } = await exchange(callback.searchParams.get('code')!);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: SCOPE });
    expect(body['refresh_token']).toEqual(expect.any(String));
    const { access_token } = body as Tokens;
    expect((await whoami(access_token)).body).toMatchObject({ id: 'usrAnn00000000000', scopes: SCOPE.split(' ') });
    const { bases } = (await get(`${authority.apiUrl}/meta/bases`, access_token)).body as { bases: { id: string }[] };
    expect((await get(`${authority.apiUrl}/meta/bases/${bases[0]!.id}/tables`, access_token)).status).toBe(200);
    expect(authority.counts).toMatchObject({ exchanges: 1, refreshAttempts: 0, tokenRequests: 1 });
  });

  it('knows the account it is asked for, each by its own grant', async () => {
    const [one, other] = [await connect('usrOne'), await connect('usrOther')];
    expect((await whoami(one.access_token)).body).toMatchObject({ id: 'usrOne', email: 'usrOne@example.com' });
    expect((await whoami(other.access_token)).body).toMatchObject({ id: 'usrOther' });
  });

  it('wants PKCE, the right verifier and the secret', async () => {
    const refused = await authority.approve(authorizationUrl({ code_challenge: null, code_challenge_method: null }));
    expect(refused.searchParams.get('error')).toBe('invalid_request');
    const callback = await authority.approve(authorizationUrl());
    const code = callback.searchParams.get('code')!;
    const members = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI };
    expect((await tokenRequest({ ...members, code_verifier: 'w'.repeat(43) })).body['error']).toBe('invalid_grant');
    const form = new URLSearchParams({ ...members, code_verifier: VERIFIER, client_id: CLIENT.clientId });
    expect(await post(authority.tokenUrl, form)).toMatchObject({ body: { error: 'invalid_client' } });
  });

  it('knows the redirect URIs it was told, also later', async () => {
    const redirect_uri = 'http://localhost:9/elsewhere';
    await expect(authority.approve(authorizationUrl({ redirect_uri }))).rejects.toThrow('invalid_redirect_uri');
    await authority.addRedirectUri(redirect_uri);
    const callback = await authority.approve(authorizationUrl({ redirect_uri }));
    expect(callback.pathname).toBe('/elsewhere');
  });

  it('rotates the refresh token and goes on from the new one', async () => {
    const first = await connect();
    const second = (await refresh(first.refresh_token)).body as Tokens;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await whoami(second.access_token)).status).toBe(200);
    expect((await refresh(second.refresh_token)).status).toBe(200);
    expect(authority.counts).toMatchObject({ refreshAttempts: 2, refreshesGranted: 2, reuses: 0, grantsRevoked: 0 });
  });

  it('ends the whole family when a used refresh token comes again, and nobody else’s', async () => {
    const bystander = await connect('usrOther');
    const first = await connect();
    const second = (await refresh(first.refresh_token)).body as Tokens;
    expect(await refresh(first.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(await refresh(second.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await whoami(second.access_token)).status).toBe(401);
    expect((await whoami(bystander.access_token)).status).toBe(200);
    expect(authority.counts).toEqual({
      tokenRequests: 5,
      exchanges: 2,
      refreshAttempts: 3,
      refreshesGranted: 1,
      refreshesRefused: 2,
      reuses: 1,
      grantsRevoked: 1,
    });
  });

  it('grants one of two refreshes that come at once, and then ends both', async () => {
    const first = await connect();
    const answers = await Promise.all([refresh(first.refresh_token), refresh(first.refresh_token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(authority.counts).toMatchObject({ refreshesGranted: 1, reuses: 1, grantsRevoked: 1 });
  });

  it('expires access tokens on demand', async () => {
    const first = await connect();
    expect(authority.expireAccessTokens()).toBe(1);
    expect((await whoami(first.access_token)).status).toBe(401);
    const second = (await refresh(first.refresh_token)).body as Tokens;
    expect((await whoami(second.access_token)).status).toBe(200);
  });

  it('lets access tokens end by themselves when their life is over', async () => {
    await authority.close();
    authority = await startOidcAuthority({ ...CLIENT, accessTokenTtlSeconds: 60 });
    const start = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(start);
    const tokens = await connect();
    expect(tokens['expires_in']).toBe(60);
    clock.mockReturnValue(start + 58_000);
    expect((await whoami(tokens.access_token)).status).toBe(200);
    clock.mockReturnValue(start + 60_000);
    expect((await whoami(tokens.access_token)).status).toBe(401);
    expect((await refresh(tokens.refresh_token)).status).toBe(200);
  });

  it('has rotated while its answer is late, also for a client that goes', async () => {
    const { refresh_token: token } = await connect();
    authority.tokenDelay = { ms: FOR_EVER_MS, when: 'after' };
    const { answer, giveUp } = openRefresh(token);
    await until(() => authority.counts.refreshesGranted === 1);
    giveUp();
    await expect(answer).rejects.toThrow('abort');
    authority.tokenDelay = { ms: 0, when: 'after' };
    expect((await refresh(token)).status).toBe(400);
    expect(authority.counts.reuses).toBe(1);
  });

  it('has done nothing while it only delays, and never will for a client that goes', async () => {
    const { refresh_token: token } = await connect();
    authority.resetCounts();
    authority.tokenDelay = { ms: FOR_EVER_MS, when: 'before' };
    const { answer, giveUp } = openRefresh(token);
    await until(() => authority.counts.tokenRequests === 1);
    giveUp();
    await expect(answer).rejects.toThrow('abort');
    authority.tokenDelay = { ms: 1, when: 'before' };
    expect((await refresh(token)).status).toBe(200);
    expect(authority.counts).toMatchObject({ refreshAttempts: 1, refreshesGranted: 1, reuses: 0 });
  });

  it('can be late from the start', async () => {
    await authority.close();
    authority = await startOidcAuthority({ ...CLIENT, tokenDelayMs: 1 });
    expect(authority.tokenDelay).toEqual({ ms: 1, when: 'after' });
    expect(await connect()).toHaveProperty('access_token');
  });
});
