import { afterEach, describe, expect, it } from '@jest/globals';
import { Client } from '@hubspot/api-client';
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
  post,
  readStats,
  REDIRECT_URI,
  refreshWith,
  STATE,
  tokenRequest,
  type Tokens,
} from './connect.ts';

function sdk(sandbox: Sandbox, accessToken: string): Client {
  return new Client({ accessToken, basePath: `${sandbox.url}/hubspot`, numberOfApiCallRetries: 0 });
}

async function open(options: SandboxOptions = {}): Promise<{ sandbox: Sandbox; tokens: Tokens; hubspot: Client }> {
  const sandbox = await openSandbox({ items: 250, ...options });
  const tokens = await connect(sandbox, 'hubspot');
  return { sandbox, tokens, hubspot: sdk(sandbox, tokens.access_token) };
}

afterEach(closeSandboxes);

describe('HubSpot in the sandbox, through the official SDK', () => {
  it('exchanges, refreshes and describes tokens at the v1 endpoints', async () => {
    const sandbox = await openSandbox();
    const { oauth } = sdk(sandbox, '');
    const id = 'sandbox-hubspot';
    const secret = 'sandbox-hubspot-secret';
    const code = await newCode(sandbox, 'hubspot');
    const first = await oauth.tokensApi.create('authorization_code', code, REDIRECT_URI, id, secret);
    expect(first).toMatchObject({ tokenType: 'bearer', expiresIn: 1800 });
    const second = await oauth.tokensApi.create('refresh_token', undefined, undefined, id, secret, first.refreshToken);
    expect(second.refreshToken).toBe(first.refreshToken);
    expect(second.accessToken).not.toBe(first.accessToken);
    const info = await oauth.accessTokensApi.get(first.accessToken);
    expect(info).toMatchObject({ tokenType: 'access', scopes: expect.arrayContaining(['oauth']) });
    await oauth.refreshTokensApi.archive(first.refreshToken);
    const dead = oauth.tokensApi.create('refresh_token', undefined, undefined, id, secret, first.refreshToken);
    await expect(dead).rejects.toMatchObject({ code: 400, body: { status: 'BAD_REFRESH_TOKEN' } });
    expect((await readStats(sandbox)).hubspot).toMatchObject({ exchanges: 1, refreshes: 1, revocations: 1 });
  });

  it('lists 250 contacts to the end, archived ones apart, some without a name or an address', async () => {
    const { hubspot } = await open();
    const contacts = await hubspot.crm.contacts.getAll();
    const archived = await hubspot.crm.contacts.getAll(undefined, undefined, undefined, undefined, undefined, true);
    expect(contacts.length + archived.length).toBe(250);
    expect(archived.length).toBe(6);
    expect(new Set(contacts.map(({ id }) => id)).size).toBe(contacts.length);
    const nameless = contacts.filter(
      ({ properties }) => properties['firstname'] === null && properties['lastname'] === null,
    );
    expect(nameless.length).toBeGreaterThan(0);
    expect(nameless.some(({ properties }) => properties['email'] === null)).toBe(true);
  });

  it('lists companies, deals and tickets to the end, and one of each', async () => {
    const { hubspot } = await open();
    for (const api of [hubspot.crm.companies, hubspot.crm.deals, hubspot.crm.tickets]) {
      const all = await api.getAll();
      expect(all).toHaveLength(244);
      const [first] = all;
      expect((await api.basicApi.getById(first!.id)).properties).toEqual(first!.properties);
    }
  });

  it('returns the properties asked for, leaving unknown ones out', async () => {
    const { hubspot } = await open();
    const page = await hubspot.crm.contacts.basicApi.getPage(5, undefined, ['phone', 'no_such_property']);
    expect(Object.keys(page.results[0]!.properties).sort()).toEqual([
      'createdate',
      'hs_object_id',
      'lastmodifieddate',
      'phone',
    ]);
    expect(page.paging?.next?.link).toContain('/hubspot/crm/v3/objects/contacts');
  });

  it('reads a batch, and tells of the missing ones with 207', async () => {
    const { hubspot, sandbox, tokens } = await open();
    const [first, second] = (await hubspot.crm.deals.basicApi.getPage(2)).results;
    const read = (ids: string[]) => {
      const body = JSON.stringify({ inputs: ids.map((id) => ({ id })), properties: ['dealname'] });
      const authorization = `Bearer ${tokens.access_token}`;
      return post(`${sandbox.url}/hubspot/crm/v3/objects/deals/batch/read`, body, { authorization });
    };
    const whole = await read([first!.id, second!.id]);
    expect(whole).toMatchObject({ status: 200, body: { status: 'COMPLETE', results: [{ id: first!.id }, {}] } });
    const partial = await read([first!.id, '5']);
    expect(partial).toMatchObject({ status: 207, body: { numErrors: 1, errors: [{ context: { ids: ['5'] } }] } });
  });

  it('lists owners and describes the account', async () => {
    const { hubspot, sandbox, tokens } = await open();
    const { results, paging } = await hubspot.crm.owners.ownersApi.getPage(undefined, undefined, 100);
    expect(results.length).toBeLessThanOrEqual(100);
    expect(paging?.next?.after).toBe('100');
    const details = await get(`${sandbox.url}/hubspot/account-info/v3/details`, tokens.access_token);
    expect(details.body).toMatchObject({ portalId: tokens['hub_id'], accountType: 'STANDARD' });
  });

  it('answers over the limit with policyName, after counting down in headers', async () => {
    const clock = fakeClock();
    const { sandbox, tokens, hubspot } = await open({ rateLimits: true, clock: clock.now });
    const url = `${sandbox.url}/hubspot/account-info/v3/details`;
    const authorization = `Bearer ${tokens.access_token}`;
    const first = await fetch(url, { headers: { authorization } });
    expect(first.headers.get('x-hubspot-ratelimit-remaining')).toBe('109');
    for (let call = 1; call < 110; call++) await (await fetch(url, { headers: { authorization } })).text();
    await expect(hubspot.crm.deals.basicApi.getPage(1)).rejects.toMatchObject({
      code: 429,
      body: { policyName: 'TEN_SECONDLY_ROLLING', errorType: 'RATE_LIMIT' },
    });
    clock.advance(10);
    expect((await hubspot.crm.deals.basicApi.getPage(1)).results).toHaveLength(1);
    expect((await readStats(sandbox)).hubspot.rate_limit_breaches).toBe(1);
  });

  it('tells an expired token from a revoked one', async () => {
    const { sandbox, hubspot } = await open();
    const page = () => hubspot.crm.contacts.basicApi.getPage(1);
    await control(sandbox, 'expire', { provider: 'hubspot', what: 'access' });
    await expect(page()).rejects.toMatchObject({ code: 401, body: { category: 'EXPIRED_AUTHENTICATION' } });
    await control(sandbox, 'expire', { provider: 'hubspot', what: 'grant' });
    await expect(page()).rejects.toMatchObject({ code: 401, body: { category: 'INVALID_AUTHENTICATION' } });
  });

  it('names the missing scope', async () => {
    const sandbox = await openSandbox();
    const location = await decide(authorizeUrl(sandbox, 'hubspot', { scope: 'oauth' }));
    const { body } = await exchangeCode(sandbox, 'hubspot', location.searchParams.get('code')!);
    const listing = sdk(sandbox, (body as Tokens).access_token).crm.contacts.basicApi.getPage(1);
    await expect(listing).rejects.toMatchObject({
      code: 403,
      body: {
        category: 'MISSING_SCOPES',
        errors: [{ context: { requiredGranularScopes: ['crm.objects.contacts.read'] } }],
      },
    });
  });
});

describe('OAuth at the sandbox’s HubSpot', () => {
  it('keeps the refresh token and lets access tokens coexist', async () => {
    const sandbox = await openSandbox();
    const first = await connect(sandbox, 'hubspot');
    const { body } = await refreshWith(sandbox, 'hubspot', first.refresh_token);
    expect(body).toMatchObject({ refresh_token: first.refresh_token, token_use: 'access_token', expires_in: 1800 });
    const url = `${sandbox.url}/hubspot/account-info/v3/details`;
    expect((await get(url, first.access_token)).status).toBe(200);
    expect((await get(url, (body as Tokens).access_token)).status).toBe(200);
  });

  it('shares one store between all generations of its endpoints', async () => {
    const sandbox = await openSandbox();
    const { refresh_token } = await connect(sandbox, 'hubspot');
    const credentials = { client_id: 'sandbox-hubspot', client_secret: 'sandbox-hubspot-secret' };
    for (const version of ['v1', 'v3', '2026-03', '2026-09']) {
      const form = new URLSearchParams({ ...credentials, grant_type: 'refresh_token', refresh_token });
      expect((await post(`${sandbox.url}/hubspot/oauth/${version}/token`, form)).status).toBe(200);
    }
    const revoke = new URLSearchParams({ ...credentials, token: refresh_token });
    await fetch(`${sandbox.url}/hubspot/oauth/v3/token/revoke`, { method: 'POST', body: revoke });
    const introspect = new URLSearchParams({ ...credentials, token: refresh_token });
    const { body } = await post(`${sandbox.url}/hubspot/oauth/2026-09/token/introspect`, introspect);
    expect(body).toEqual({ active: false });
  });

  it('takes the secret in the body and nowhere else', async () => {
    const sandbox = await openSandbox();
    const authorization = `Basic ${Buffer.from('sandbox-hubspot:sandbox-hubspot-secret').toString('base64')}`;
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x' });
    const answer = await post(`${sandbox.url}/hubspot/oauth/v3/token`, form, { authorization });
    expect(answer).toMatchObject({ status: 400, body: { status: 'BAD_CLIENT_ID', error: 'invalid_client' } });
  });

  it('checks the verifier when a challenge was sent', async () => {
    const sandbox = await openSandbox();
    const challenge = { code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' };
    const location = await decide(authorizeUrl(sandbox, 'hubspot', challenge));
    const answer = await tokenRequest(sandbox, 'hubspot', {
      grant_type: 'authorization_code',
      code: location.searchParams.get('code')!,
      redirect_uri: REDIRECT_URI,
      code_verifier: 'b'.repeat(43),
    });
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('drops optional scopes that were unticked, and those the account’s tier lacks', async () => {
    const sandbox = await openSandbox();
    const optional = 'crm.objects.contacts.read crm.objects.custom.read';
    const url = authorizeUrl(sandbox, 'hubspot', { scope: 'oauth', optional_scope: optional });
    const scopesFor = async (form: string) => {
      const location = await decide(url, form);
      return (await exchangeCode(sandbox, 'hubspot', location.searchParams.get('code')!)).body['scopes'];
    };
    expect(await scopesFor('decision=approve&picked=1&scope=crm.objects.contacts.read')).toEqual([
      'oauth',
      'crm.objects.contacts.read',
    ]);
    expect(await scopesFor('decision=approve&account=1')).toEqual(['oauth', 'crm.objects.contacts.read']);
    expect(await scopesFor('decision=approve')).toEqual(['oauth', ...optional.split(' ')]);
  });

  it('sends a denial back', async () => {
    const sandbox = await openSandbox();
    const location = await decide(authorizeUrl(sandbox, 'hubspot'), 'decision=deny');
    expect(Object.fromEntries(location.searchParams)).toMatchObject({ error: 'access_denied', state: STATE });
  });

  it('ends everything at an uninstall', async () => {
    const sandbox = await openSandbox();
    const tokens = await connect(sandbox, 'hubspot');
    const url = `${sandbox.url}/hubspot/appinstalls/v3/external-install`;
    const response = await fetch(url, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(response.status).toBe(204);
    expect((await refreshWith(sandbox, 'hubspot', tokens.refresh_token)).status).toBe(400);
  });
});
