import { afterEach, describe, expect, it } from '@jest/globals';
import Airtable from 'airtable';
import type { Sandbox, SandboxOptions } from '../../sandbox/sandbox.ts';
import {
  authorizeUrl,
  closeSandboxes,
  connect,
  control,
  decide,
  exchangeCode,
  fakeClock,
  get,
  newCode,
  openSandbox,
  readStats,
  REDIRECT_URI,
  refreshWith,
  STATE,
  tokenRequest,
  VERIFIER,
  type Tokens,
} from './connect.ts';

interface BasesPage {
  readonly bases: { id: string; name: string; permissionLevel: string }[];
  readonly offset?: string;
}

function sdk(sandbox: Sandbox, token: string): Airtable {
  return new Airtable({ apiKey: token, endpointUrl: `${sandbox.url}/airtable`, noRetryIfRateLimited: true });
}

async function open(options: SandboxOptions = {}): Promise<{ sandbox: Sandbox; tokens: Tokens; airtable: Airtable }> {
  const sandbox = await openSandbox({ items: 250, ...options });
  const tokens = await connect(sandbox, 'airtable');
  return { sandbox, tokens, airtable: sdk(sandbox, tokens.access_token) };
}

async function allBases(airtable: Airtable): Promise<BasesPage['bases']> {
  const bases: BasesPage['bases'] = [];
  let offset: string | undefined;
  do {
    const qs = offset === undefined ? {} : { offset };
    const page = (await airtable.base('meta').makeRequest({ path: '/bases', qs })).body as unknown as BasesPage;
    bases.push(...page.bases);
    offset = page.offset;
  } while (offset !== undefined);
  return bases;
}

afterEach(closeSandboxes);

describe('Airtable in the sandbox, through the official SDK', () => {
  it('tells who the account is, and the e-mail because its scope was granted', async () => {
    const { airtable } = await open();
    const me = (await airtable.base('meta').makeRequest({ path: '/whoami' })).body as unknown as Record<
      string,
      unknown
    >;
    expect(me).toEqual({
      id: expect.stringMatching(/^usr[0-9A-Za-z]{14}$/),
      scopes: ['data.records:read', 'schema.bases:read', 'user.email:read'],
      email: expect.stringContaining('@'),
    });
  });

  it('pages through all 250 bases, each once', async () => {
    const { airtable, sandbox } = await open({ airtable: { basesPageSize: 100 } });
    const bases = await allBases(airtable);
    expect(new Set(bases.map(({ id }) => id)).size).toBe(250);
    expect(bases.every(({ id }) => /^app[0-9A-Za-z]{14}$/.test(id))).toBe(true);
    expect((await readStats(sandbox)).airtable.requests['GET /v0/meta/bases']).toBe(3);
  });

  it('shows a 429 for the sixth request in a second, and for 30 seconds more, in both shapes', async () => {
    const clock = fakeClock();
    const { airtable, sandbox, tokens } = await open({ rateLimits: true, clock: clock.now });
    const base = (await allBases(airtable))[0]!;
    const select = () =>
      airtable
        .base(base.id)
        .makeRequest({ path: '/Nothing' })
        .catch((error: unknown) => error);
    const outcomes = [];
    for (let call = 0; call < 6; call++) outcomes.push(await select());
    expect(outcomes.slice(0, 5)).toEqual(Array(5).fill(expect.objectContaining({ statusCode: 403 })));
    expect(outcomes[5]).toMatchObject({ statusCode: 429, error: 'TOO_MANY_REQUESTS' });
    clock.advance(29);
    const tables = `${sandbox.url}/airtable/v0/meta/bases/${base.id}/tables`;
    const wild = await get(tables, tokens.access_token);
    expect(wild).toMatchObject({ status: 429, body: { errors: [{ error: 'RATE_LIMIT_REACHED' }] } });
    expect(await get(tables, tokens.access_token)).toMatchObject({ body: { error: { type: 'RATE_LIMIT_REACHED' } } });
    clock.advance(1);
    expect((await get(tables, tokens.access_token)).status).toBe(200);
    expect((await readStats(sandbox)).airtable.rate_limit_breaches).toBe(3);
  });

  it('answers an expired token with AUTHENTICATION_REQUIRED', async () => {
    const clock = fakeClock();
    const { airtable } = await open({ clock: clock.now });
    clock.advance(3601);
    await expect(allBases(airtable)).rejects.toMatchObject({ statusCode: 401, error: 'AUTHENTICATION_REQUIRED' });
  });

  it('keeps meta readable when the monthly cap is used up', async () => {
    const { airtable } = await open({ rateLimits: true, airtable: { monthlyCalls: 1 } });
    const base = (await allBases(airtable))[0]!;
    const read = () => airtable.base(base.id).makeRequest({ path: '/Nothing' });
    await expect(read()).rejects.toMatchObject({ statusCode: 403 });
    await expect(read()).rejects.toMatchObject({ statusCode: 429 });
    expect(await allBases(airtable)).toHaveLength(250);
  });

  it('hides a base that was taken out of the grant', async () => {
    const { airtable } = await open({ airtable: { removedBases: [3] } });
    expect(await allBases(airtable)).toHaveLength(249);
  });

  it('lets an iterator expire when told to', async () => {
    const clock = fakeClock();
    const settings = { airtable: { iteratorLifeSeconds: 120, basesPageSize: 100 }, clock: clock.now };
    const { airtable } = await open(settings);
    const page = (await airtable.base('meta').makeRequest({ path: '/bases' })).body as unknown as BasesPage;
    clock.advance(150);
    const next = airtable.base('meta').makeRequest({ path: '/bases', qs: { offset: page.offset! } });
    await expect(next).rejects.toMatchObject({ statusCode: 422 });
  });
});

describe('OAuth at the sandbox’s Airtable', () => {
  it('comes back with code, state and the challenge method, not with the challenge', async () => {
    const sandbox = await openSandbox();
    const location = await decide(authorizeUrl(sandbox, 'airtable'));
    expect(`${location.origin}${location.pathname}`).toBe(REDIRECT_URI);
    expect([...location.searchParams.keys()].sort()).toEqual(['code', 'code_challenge_method', 'state']);
    expect(location.searchParams.get('state')).toBe(STATE);
  });

  it.each([
    ['a state of 15 characters', { state: 'x'.repeat(15) }, 'invalid_request'],
    ['a state of 1025 characters', { state: 'x'.repeat(1025) }, 'invalid_request'],
    ['a tilde in the state', { state: '~'.repeat(20) }, 'invalid_request'],
    ['no challenge', { code_challenge: null }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a padded challenge', { code_challenge: `${'a'.repeat(43)}=` }, 'invalid_request'],
    ['no scope', { scope: null }, 'invalid_scope'],
    ['an unknown scope', { scope: 'data.records:read everything' }, 'invalid_scope'],
    ['a repeated scope', { scope: 'data.records:read data.records:read' }, 'invalid_scope'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
  ])('sends %s back as an error', async (_what, changes, error) => {
    const sandbox = await openSandbox();
    const response = await fetch(authorizeUrl(sandbox, 'airtable', changes), { redirect: 'manual' });
    expect(new URL(response.headers.get('location')!).searchParams.get('error')).toBe(error);
  });

  it.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['a redirect URI on plain http elsewhere', { redirect_uri: 'http://example.com/callback' }],
    ['a redirect URI with userinfo', { redirect_uri: 'https://a:b@example.com/callback' }],
    ['a redirect URI with dots', { redirect_uri: 'https://example.com/a/../callback' }],
  ])('keeps %s on its own page', async (_what, changes) => {
    const sandbox = await openSandbox();
    const response = await fetch(authorizeUrl(sandbox, 'airtable', changes), { redirect: 'manual' });
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
  });

  it('takes a code once', async () => {
    const sandbox = await openSandbox();
    const code = await newCode(sandbox, 'airtable');
    expect(await exchangeCode(sandbox, 'airtable', code)).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3600, refresh_expires_in: 5_184_000 },
    });
    expect(await exchangeCode(sandbox, 'airtable', code)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect((await readStats(sandbox)).airtable.exchanges).toBe(1);
  });

  it('burns a code whose exchange fails on the verifier', async () => {
    const sandbox = await openSandbox();
    const code = await newCode(sandbox, 'airtable');
    const members = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI };
    const wrong = await tokenRequest(sandbox, 'airtable', { ...members, code_verifier: 'w'.repeat(43) });
    expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const right = await tokenRequest(sandbox, 'airtable', { ...members, code_verifier: VERIFIER });
    expect(right).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('refuses a code after ten minutes', async () => {
    const clock = fakeClock();
    const sandbox = await openSandbox({ clock: clock.now });
    const code = await newCode(sandbox, 'airtable');
    clock.advance(601);
    expect((await exchangeCode(sandbox, 'airtable', code)).status).toBe(400);
  });

  it('rotates the pair: the old tokens end, reuse is 409 for a while and invalid_grant after', async () => {
    const clock = fakeClock();
    const sandbox = await openSandbox({ clock: clock.now });
    const first = await connect(sandbox, 'airtable');
    const second = (await refreshWith(sandbox, 'airtable', first.refresh_token)).body as Tokens;
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const whoami = `${sandbox.url}/airtable/v0/meta/whoami`;
    expect((await get(whoami, first.access_token)).status).toBe(401);
    expect((await get(whoami, second.access_token)).status).toBe(200);
    expect((await refreshWith(sandbox, 'airtable', first.refresh_token)).status).toBe(409);
    clock.advance(30);
    const late = await refreshWith(sandbox, 'airtable', first.refresh_token);
    expect(late).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await readStats(sandbox)).airtable).toMatchObject({ refreshes: 1, rotated_token_reuse: 2 });
  });

  it('lets a refresh token die 60 days after its own issue', async () => {
    const clock = fakeClock();
    const sandbox = await openSandbox({ clock: clock.now });
    const tokens = await connect(sandbox, 'airtable');
    clock.advance(60 * 24 * 3600);
    expect((await refreshWith(sandbox, 'airtable', tokens.refresh_token)).status).toBe(400);
  });

  it('refuses more scopes on refresh than were granted', async () => {
    const sandbox = await openSandbox();
    const { refresh_token } = await connect(sandbox, 'airtable');
    const members = { grant_type: 'refresh_token', refresh_token, scope: 'webhook:manage' };
    expect(await tokenRequest(sandbox, 'airtable', members)).toMatchObject({ body: { error: 'invalid_scope' } });
  });

  it('wants Basic from a client with a secret, and no Authorization header from one without', async () => {
    const publicClient = { provider: 'airtable', clientId: 'public-app', clientSecret: null } as const;
    const sandbox = await openSandbox({ clients: [publicClient] });
    const send = (clientId: string, headers: Record<string, string>) =>
      fetch(`${sandbox.url}/airtable/oauth2/v1/token`, {
        method: 'POST',
        headers,
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x', client_id: clientId }),
      });
    const basic = `Basic ${Buffer.from('public-app:').toString('base64')}`;
    expect((await send('sandbox-airtable', {})).status).toBe(401);
    expect((await send('public-app', {})).status).toBe(400);
    expect((await send('public-app', { authorization: basic })).status).toBe(401);
  });

  it('withdraws everything when the grant is expired by control', async () => {
    const { sandbox, airtable, tokens } = await open();
    await control(sandbox, 'expire', { provider: 'airtable', what: 'grant' });
    await expect(allBases(airtable)).rejects.toMatchObject({ statusCode: 401 });
    const refreshed = await refreshWith(sandbox, 'airtable', tokens.refresh_token);
    expect(refreshed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('answers unknown paths and unknown records in the two forms a 404 has', async () => {
    const { sandbox, airtable, tokens } = await open();
    const answer = (path: string) => get(`${sandbox.url}/airtable${path}`, tokens.access_token);
    expect(await answer('/v1/nothing')).toEqual({ status: 404, body: { error: 'NOT_FOUND' } });
    const { id } = (await allBases(airtable))[0]!;
    const tables = (await answer(`/v0/meta/bases/${id}/tables`)).body['tables'] as { id: string }[];
    expect(await answer(`/v0/${id}/${tables[0]!.id}/recAAAAAAAAAAAAAA`)).toMatchObject({
      status: 404,
      body: { error: { type: 'NOT_FOUND' } },
    });
  });
});
