import { afterEach, describe, expect, it } from '@jest/globals';
import { PROVIDER_NAMES, type ProviderName } from '../../sandbox/core/providers.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import {
  authorizeUrl,
  closeSandboxes,
  connect,
  control,
  decide,
  exchangeCode,
  fakeClock,
  get,
  openSandbox,
  post,
  readStats,
  refreshWith,
  type Tokens,
} from './connect.ts';

const WHO: Readonly<Record<ProviderName, string>> = {
  airtable: '/airtable/v0/meta/whoami',
  notion: '/notion/v1/users/me',
  hubspot: '/hubspot/account-info/v3/details',
  slack: '/slack/api/auth.test',
};

/** Whether the provider's API takes the token. */
async function lives(sandbox: Sandbox, provider: ProviderName, token: string): Promise<boolean> {
  const { status, body } = await get(sandbox.url + WHO[provider], token, { 'notion-version': '2026-03-11' });
  return status === 200 && body['ok'] !== false;
}

async function refreshed(sandbox: Sandbox, provider: ProviderName, token: string): Promise<Tokens> {
  const { body } = await refreshWith(sandbox, provider, token);
  expect(body).toHaveProperty('access_token');
  return body as Tokens;
}

async function errorOf(sandbox: Sandbox, provider: ProviderName, token: string): Promise<unknown> {
  return (await refreshWith(sandbox, provider, token)).body['error'];
}

function userOf(tokens: Tokens): Tokens {
  return tokens['authed_user'] as Tokens;
}

afterEach(closeSandboxes);

describe.each(PROVIDER_NAMES)('%s’s tokens', (provider) => {
  const dead = provider === 'slack' ? 'invalid_refresh_token' : 'invalid_grant';

  it('live as long as they are told to', async () => {
    const clock = fakeClock();
    const own = { [provider]: { refreshLifeSeconds: 600 } };
    const sandbox = await openSandbox({ clock: clock.now, lives: { accessLifeSeconds: 60 }, ...own });
    const tokens = await connect(sandbox, provider);
    expect(tokens['expires_in']).toBe(provider === 'notion' ? undefined : 60);
    clock.advance(59);
    expect(await lives(sandbox, provider, tokens.access_token)).toBe(true);
    clock.advance(1);
    expect(await lives(sandbox, provider, tokens.access_token)).toBe(false);
    const next = await refreshed(sandbox, provider, tokens.refresh_token);
    expect(await lives(sandbox, provider, next.access_token)).toBe(true);
    clock.advance(600);
    expect(await errorOf(sandbox, provider, next.refresh_token)).toBe(dead);
  });

  it('heal by a refresh when the access token alone has expired', async () => {
    const sandbox = await openSandbox();
    const tokens = await connect(sandbox, provider);
    await control(sandbox, 'expire', { provider, what: 'access' });
    expect(await lives(sandbox, provider, tokens.access_token)).toBe(false);
    const next = await refreshed(sandbox, provider, tokens.refresh_token);
    expect(await lives(sandbox, provider, next.access_token)).toBe(true);
  });

  it('leave the access token alive when the refresh tokens die', async () => {
    const sandbox = await openSandbox();
    const tokens = await connect(sandbox, provider);
    await control(sandbox, 'expire', { provider, what: 'refresh' });
    expect(await lives(sandbox, provider, tokens.access_token)).toBe(true);
    expect(await errorOf(sandbox, provider, tokens.refresh_token)).toBe(dead);
  });

  it('all die with the grant, a used refresh token in its grace too', async () => {
    const sandbox = await openSandbox();
    const first = await connect(sandbox, provider);
    const second = await refreshed(sandbox, provider, first.refresh_token);
    await control(sandbox, 'expire', { provider, what: 'grant' });
    expect(await lives(sandbox, provider, second.access_token)).toBe(false);
    expect(await errorOf(sandbox, provider, first.refresh_token)).toBe(dead);
    expect(await errorOf(sandbox, provider, second.refresh_token)).toBe(dead);
  });
});

describe('a used refresh token that comes again', () => {
  it.each(['airtable', 'notion', 'slack'] as const)(
    'ends no more than itself at %s, or the whole grant when told so',
    async (provider) => {
      const noGrace = { airtable: { conflictWindowSeconds: 0 }, slack: { refreshGraceSeconds: 0 } };
      for (const reuseRevokesGrant of [false, true]) {
        const sandbox = await openSandbox({ ...noGrace, reuseRevokesGrant });
        const first = await connect(sandbox, provider);
        const second = await refreshed(sandbox, provider, first.refresh_token);
        await refreshWith(sandbox, provider, first.refresh_token);
        expect(await lives(sandbox, provider, second.access_token)).toBe(!reuseRevokesGrant);
        const third = await refreshWith(sandbox, provider, second.refresh_token);
        expect('access_token' in third.body).toBe(!reuseRevokesGrant);
        expect((await readStats(sandbox))[provider].rotated_token_reuse).toBe(1);
      }
    },
  );

  it('gets 409 from Airtable for as long as configured, in the shape of every token error', async () => {
    const clock = fakeClock();
    const sandbox = await openSandbox({ clock: clock.now, airtable: { conflictWindowSeconds: 5 } });
    const first = await connect(sandbox, 'airtable');
    await refreshed(sandbox, 'airtable', first.refresh_token);
    clock.advance(4);
    const early = await refreshWith(sandbox, 'airtable', first.refresh_token);
    expect(early).toEqual({
      status: 409,
      body: { error: expect.any(String), error_description: expect.any(String) },
    });
    clock.advance(1);
    const late = await refreshWith(sandbox, 'airtable', first.refresh_token);
    expect(late).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('kills nothing at HubSpot, where it never rotates', async () => {
    const sandbox = await openSandbox({ reuseRevokesGrant: true });
    const first = await connect(sandbox, 'hubspot');
    const second = await refreshed(sandbox, 'hubspot', first.refresh_token);
    expect((await refreshed(sandbox, 'hubspot', first.refresh_token)).refresh_token).toBe(second.refresh_token);
    expect((await readStats(sandbox)).hubspot).toMatchObject({ refreshes: 2, rotated_token_reuse: 0 });
  });
});

describe('HubSpot’s errors', () => {
  it('may be of the older shape at the token endpoints, to be told by their status alone', async () => {
    const sandbox = await openSandbox({ hubspot: { oldTokenErrors: true } });
    expect(await refreshWith(sandbox, 'hubspot', 'no-such-token')).toEqual({
      status: 400,
      body: { status: 'BAD_REFRESH_TOKEN', message: expect.any(String), correlationId: expect.any(String) },
    });
    expect(await connect(sandbox, 'hubspot')).toMatchObject({ token_use: 'access_token' });
  });

  it('tell an access token that ran out from one that was revoked', async () => {
    const clock = fakeClock();
    const sandbox = await openSandbox({ clock: clock.now });
    const tokens = await connect(sandbox, 'hubspot');
    const answer = () => get(sandbox.url + WHO.hubspot, tokens.access_token);
    clock.advance(1800);
    expect(await answer()).toMatchObject({ status: 401, body: { category: 'EXPIRED_AUTHENTICATION' } });
    await control(sandbox, 'expire', { provider: 'hubspot', what: 'grant' });
    expect(await answer()).toMatchObject({ status: 401, body: { category: 'INVALID_AUTHENTICATION' } });
  });
});

describe('Slack’s two tokens', () => {
  it('are refreshed apart: the other one, and its refresh token, stay what they were', async () => {
    const sandbox = await openSandbox({ slack: { refreshGraceSeconds: 0 } });
    const tokens = await connect(sandbox, 'slack');
    const user = await refreshed(sandbox, 'slack', userOf(tokens).refresh_token);
    expect(user).toMatchObject({ token_type: 'user', scope: 'channels:read,groups:read' });
    const bot = await refreshed(sandbox, 'slack', tokens.refresh_token);
    expect(bot).toMatchObject({ token_type: 'bot' });
    for (const { access_token } of [tokens, userOf(tokens), user, bot]) {
      expect(await lives(sandbox, 'slack', access_token)).toBe(true);
    }
    expect(await errorOf(sandbox, 'slack', userOf(tokens).refresh_token)).toBe('invalid_refresh_token');
  });

  it('come back inside authed_user, the user’s, when that is what is played', async () => {
    const sandbox = await openSandbox({ slack: { userRefresh: 'authed_user' } });
    const tokens = await connect(sandbox, 'slack');
    const { body } = await refreshWith(sandbox, 'slack', userOf(tokens).refresh_token);
    expect(body).not.toHaveProperty('access_token');
    expect(body['authed_user']).toMatchObject({ token_type: 'user', expires_in: 43_200 });
    expect(await lives(sandbox, 'slack', userOf(body as Tokens).access_token)).toBe(true);
    const bot = await refreshed(sandbox, 'slack', tokens.refresh_token);
    expect(userOf(bot)).toEqual({ id: userOf(tokens)['id'] });
  });

  it('are two of each at most, whatever the other has', async () => {
    const sandbox = await openSandbox();
    const first = userOf(await connect(sandbox, 'slack'));
    const second = await refreshed(sandbox, 'slack', first.refresh_token);
    const third = await refreshed(sandbox, 'slack', second.refresh_token);
    const alive = await Promise.all([first, second, third].map((set) => lives(sandbox, 'slack', set.access_token)));
    expect(alive).toEqual([false, true, true]);
  });
});

describe('revocation', () => {
  const credentials = (provider: ProviderName) => ({
    client_id: `sandbox-${provider}`,
    client_secret: `sandbox-${provider}-secret`,
  });

  it('ends the pair at Notion, and no other authorization of the same bot', async () => {
    const sandbox = await openSandbox();
    const kept = await connect(sandbox, 'notion');
    const ended = await connect(sandbox, 'notion');
    const authorization = `Basic ${Buffer.from('sandbox-notion:sandbox-notion-secret').toString('base64')}`;
    const body = JSON.stringify({ token: ended.refresh_token });
    expect((await post(`${sandbox.url}/notion/v1/oauth/revoke`, body, { authorization })).status).toBe(200);
    expect(await lives(sandbox, 'notion', ended.access_token)).toBe(false);
    expect(await lives(sandbox, 'notion', kept.access_token)).toBe(true);
    expect((await readStats(sandbox)).notion.revocations).toBe(1);
  });

  it('ends the refresh token at HubSpot, while access tokens run out by themselves', async () => {
    const sandbox = await openSandbox();
    const tokens = await connect(sandbox, 'hubspot');
    const form = new URLSearchParams({ ...credentials('hubspot'), token: tokens.refresh_token });
    await post(`${sandbox.url}/hubspot/oauth/2026-03/token/revoke`, form);
    expect(await lives(sandbox, 'hubspot', tokens.access_token)).toBe(true);
    expect(await errorOf(sandbox, 'hubspot', tokens.refresh_token)).toBe('invalid_grant');
    expect((await readStats(sandbox)).hubspot.revocations).toBe(1);
  });

  it('ends one token a call at Slack, be it of either kind', async () => {
    const sandbox = await openSandbox();
    const tokens = await connect(sandbox, 'slack');
    const revoke = (token: string) => get(`${sandbox.url}/slack/api/auth.revoke`, token);
    expect((await revoke(tokens.refresh_token)).body).toEqual({ ok: true, revoked: true });
    expect(await errorOf(sandbox, 'slack', tokens.refresh_token)).toBe('invalid_refresh_token');
    expect(await lives(sandbox, 'slack', tokens.access_token)).toBe(true);
    expect((await revoke(tokens.access_token)).body).toEqual({ ok: true, revoked: true });
    expect(await lives(sandbox, 'slack', tokens.access_token)).toBe(false);
    expect(await lives(sandbox, 'slack', userOf(tokens).access_token)).toBe(true);
    expect((await readStats(sandbox)).slack.revocations).toBe(2);
  });

  it('isn’t there at Airtable', async () => {
    const sandbox = await openSandbox();
    const tokens = await connect(sandbox, 'airtable');
    const form = new URLSearchParams({ token: tokens.refresh_token });
    expect((await post(`${sandbox.url}/airtable/oauth2/v1/revoke`, form)).status).toBe(404);
    expect((await readStats(sandbox)).airtable.revocations).toBe(0);
  });

  it('is followed by a new grant when the person connects again', async () => {
    const sandbox = await openSandbox({ slack: { tokenRotation: false } });
    const tokens = await connect(sandbox, 'slack');
    await get(`${sandbox.url}/slack/api/auth.revoke`, tokens.access_token);
    const location = await decide(authorizeUrl(sandbox, 'slack', { scope: 'users:read', user_scope: null }));
    const { body } = await exchangeCode(sandbox, 'slack', location.searchParams.get('code')!);
    expect(body['scope']).toBe('users:read');
  });
});
