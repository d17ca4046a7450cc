import { afterEach, describe, expect, it } from '@jest/globals';
import type { WebClient } from '@slack/web-api';
import {
  authorizeUrl,
  closeSandboxes,
  connect,
  control,
  decide,
  exchangeCode,
  fakeClock,
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
import { openSlack, pagesOf, refused, sdk } from './slack-client.ts';

interface Conversation {
  readonly id: string;
  readonly is_private?: boolean;
  readonly is_im?: boolean;
}

function conversationPages(slack: WebClient, args: Record<string, unknown>): Promise<Conversation[][]> {
  return pagesOf(slack, 'conversations.list', 'channels', args);
}

afterEach(closeSandboxes);

describe('Slack in the sandbox, through the official SDK', () => {
  it('exchanges a code and refreshes, and says who the token is', async () => {
    const sandbox = await openSandbox();
    const credentials = { client_id: 'sandbox-slack', client_secret: 'sandbox-slack-secret' };
    const code = await newCode(sandbox, 'slack');
    const first = await sdk(sandbox).oauth.v2.access({ ...credentials, code, redirect_uri: REDIRECT_URI });
    expect(first).toMatchObject({ ok: true, token_type: 'bot', expires_in: 43_200 });
    expect(first.authed_user).toMatchObject({ token_type: 'user', scope: 'channels:read,groups:read' });
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token! };
    const second = (await sdk(sandbox).apiCall('oauth.v2.access', { ...credentials, ...refresh })) as unknown as Tokens;
    expect(second.access_token).toMatch(/^xoxe\.xoxb-1-/);
    const who = await sdk(sandbox, second.access_token).auth.test();
    expect(who).toMatchObject({ ok: true, team_id: first.team?.id, user_id: first.bot_user_id });
    expect(who.response_metadata?.scopes).toContain('channels:read');
    expect((await readStats(sandbox)).slack).toMatchObject({ exchanges: 1, refreshes: 1 });
  });

  it('pages through conversations over short pages and an empty one', async () => {
    const { slack } = await openSlack();
    const pages = await conversationPages(slack, { limit: 50 });
    const all = pages.flat();
    expect(pages[1]).toEqual([]);
    expect(pages.filter((page) => page.length > 0 && page.length < 50).length).toBeGreaterThan(1);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.every(({ is_private: isPrivate }) => isPrivate === false)).toBe(true);
  });

  it('lists private channels the bot is in, and more of them for the person', async () => {
    const { slack, sandbox, tokens } = await openSlack();
    const types = { types: 'private_channel', limit: 200 };
    const ofBot = (await conversationPages(slack, types)).flat();
    const ofUser = (await conversationPages(sdk(sandbox, tokens.authed_user.access_token), types)).flat();
    expect(ofBot.length).toBeGreaterThan(0);
    expect(ofUser.length).toBeGreaterThan(ofBot.length);
    const info = await slack.conversations.info({ channel: ofBot[0]!.id, include_num_members: true });
    expect(info.channel).toMatchObject({ id: ofBot[0]!.id, is_private: true, num_members: expect.any(Number) });
    const hidden = ofUser.find(({ id }) => !ofBot.some((known) => known.id === id))!;
    await expect(slack.conversations.info({ channel: hidden.id })).rejects.toMatchObject({
      data: { error: 'channel_not_found' },
    });
  });

  it('pages through 250 users, deleted ones and ones without a name among them', async () => {
    const { slack } = await openSlack();
    const members: { id: string; deleted?: boolean; profile?: { real_name?: string; email?: string } }[] = [];
    for await (const page of slack.paginate('users.list', { limit: 100 })) {
      members.push(...(page as unknown as { members: typeof members }).members);
    }
    expect(new Set(members.map(({ id }) => id)).size).toBe(250);
    expect(members.some(({ deleted }) => deleted)).toBe(true);
    expect(members.some(({ profile }) => profile?.real_name === '')).toBe(true);
    const info = await slack.users.info({ user: members[1]!.id });
    expect(info.user?.profile?.email).toBe(members[1]!.profile?.email);
  });

  it('asks for a limit when a workspace is too big for one answer', async () => {
    const { slack } = await openSlack({ items: 1001 });
    await expect(slack.users.list({})).rejects.toMatchObject({ data: { error: 'limit_required' } });
  });

  it('rejects the twenty-first listing in a minute with Retry-After, that method alone', async () => {
    const clock = fakeClock();
    const { slack, sandbox } = await openSlack({ rateLimits: true, clock: clock.now });
    for (let call = 0; call < 20; call++) await slack.conversations.list({ limit: 1 });
    clock.advance(30);
    await expect(slack.conversations.list({ limit: 1 })).rejects.toMatchObject({ retryAfter: 30 });
    expect((await slack.users.list({ limit: 1 })).ok).toBe(true);
    clock.advance(30);
    expect((await slack.conversations.list({ limit: 1 })).ok).toBe(true);
    expect((await readStats(sandbox)).slack.rate_limit_breaches).toBe(1);
  });

  it('says token_expired, token_revoked, invalid_auth and not_authed, each where it belongs', async () => {
    const { slack, sandbox } = await openSlack();
    const errorOf = (client: WebClient) => refused(client.auth.test());
    await control(sandbox, 'expire', { provider: 'slack', what: 'access' });
    expect(await errorOf(slack)).toMatchObject({ ok: false, error: 'token_expired' });
    await control(sandbox, 'expire', { provider: 'slack', what: 'grant' });
    expect(await errorOf(slack)).toMatchObject({ error: 'token_revoked' });
    expect(await errorOf(sdk(sandbox, 'xoxb-made-up'))).toMatchObject({ error: 'invalid_auth' });
    expect(await errorOf(sdk(sandbox))).toMatchObject({ error: 'not_authed' });
  });

  it('names the scope that is missing and those there are', async () => {
    const sandbox = await openSandbox();
    const location = await decide(authorizeUrl(sandbox, 'slack', { scope: 'users:read', user_scope: null }));
    const { body } = await exchangeCode(sandbox, 'slack', location.searchParams.get('code')!);
    const slack = sdk(sandbox, (body as Tokens).access_token);
    expect(await refused(slack.conversations.list({}))).toMatchObject({
      error: 'missing_scope',
      needed: 'channels:read',
      provided: 'users:read',
    });
    expect((await slack.users.list({ limit: 1 })).members?.[0]?.profile).not.toHaveProperty('email');
  });

  it('describes the team and refuses methods and cursors nobody knows', async () => {
    const { slack, tokens } = await openSlack();
    expect((await slack.team.info()).team).toMatchObject(tokens['team'] as object);
    expect(await refused(slack.apiCall('conversations.explode'))).toMatchObject({ error: 'unknown_method' });
    expect(await refused(slack.users.list({ cursor: 'bm9uc2Vuc2U=' }))).toMatchObject({ error: 'invalid_cursor' });
    expect(await refused(slack.conversations.list({ types: 'secret' }))).toMatchObject({ error: 'invalid_types' });
  });
});

describe('OAuth at the sandbox’s Slack', () => {
  it('answers 200 with ok:false for whatever is wrong', async () => {
    const sandbox = await openSandbox();
    const wrong = await exchangeCode(sandbox, 'slack', 'made-up');
    expect(wrong).toEqual({ status: 200, body: { ok: false, error: 'invalid_code' } });
    const badSecret = new URLSearchParams({ client_id: 'sandbox-slack', client_secret: 'no', code: 'x' });
    const answer = await post(`${sandbox.url}/slack/api/oauth.v2.access`, badSecret);
    expect(answer.body).toEqual({ ok: false, error: 'bad_client_secret' });
  });

  it('takes Basic as well as the body', async () => {
    const sandbox = await openSandbox();
    const authorization = `Basic ${Buffer.from('sandbox-slack:sandbox-slack-secret').toString('base64')}`;
    const code = await newCode(sandbox, 'slack');
    const form = new URLSearchParams({ code, redirect_uri: REDIRECT_URI });
    const answer = await post(`${sandbox.url}/slack/api/oauth.v2.access`, form, { authorization });
    expect(answer.body).toMatchObject({ ok: true });
  });

  it('refreshes bot and user token apart, and keeps at most two access tokens of each alive', async () => {
    const { sandbox, tokens } = await openSlack();
    const second = (await refreshWith(sandbox, 'slack', tokens.refresh_token)).body as Tokens;
    const third = (await refreshWith(sandbox, 'slack', second.refresh_token)).body as Tokens;
    const alive = async (token: string) =>
      (
        await sdk(sandbox, token)
          .auth.test()
          .catch(() => ({ ok: false }))
      ).ok;
    const bots = [tokens.access_token, second.access_token, third.access_token];
    expect(await Promise.all(bots.map(alive))).toEqual([false, true, true]);
    expect(await alive(tokens.authed_user.access_token)).toBe(true);
    const user = (await refreshWith(sandbox, 'slack', tokens.authed_user.refresh_token)).body;
    expect(user).toMatchObject({ ok: true, token_type: 'user', access_token: expect.stringMatching(/^xoxe\.xoxp-1-/) });
  });

  it('honours a used refresh token for a moment and no longer', async () => {
    const clock = fakeClock();
    const { sandbox, tokens } = await openSlack({ clock: clock.now });
    await refreshWith(sandbox, 'slack', tokens.refresh_token);
    expect((await refreshWith(sandbox, 'slack', tokens.refresh_token)).body['ok']).toBe(true);
    clock.advance(30);
    const late = await refreshWith(sandbox, 'slack', tokens.refresh_token);
    expect(late.body).toEqual({ ok: false, error: 'invalid_refresh_token' });
    expect((await readStats(sandbox)).slack).toMatchObject({ refreshes: 2, rotated_token_reuse: 2 });
  });

  it('revokes one token with rotation, and the whole installation without', async () => {
    const rotating = await openSlack();
    await rotating.slack.auth.revoke();
    const user = rotating.tokens.authed_user.access_token;
    expect((await sdk(rotating.sandbox, user).auth.test()).ok).toBe(true);

    const { slack, sandbox, tokens } = await openSlack({ slack: { tokenRotation: false } });
    expect(tokens).not.toHaveProperty('refresh_token');
    expect(await slack.auth.revoke({ test: true })).toMatchObject({ revoked: false });
    expect(await slack.auth.revoke()).toMatchObject({ revoked: true });
    const other = sdk(sandbox, tokens.authed_user.access_token).auth.test();
    await expect(other).rejects.toMatchObject({ data: { error: 'token_revoked' } });
  });

  it('refuses a code verifier from an app without PKCE', async () => {
    const sandbox = await openSandbox();
    const members = {
      code: await newCode(sandbox, 'slack'),
      redirect_uri: REDIRECT_URI,
      code_verifier: 'v'.repeat(43),
    };
    expect((await tokenRequest(sandbox, 'slack', members)).body).toEqual({ ok: false, error: 'pkce_not_allowed' });
  });

  it('gives only a user token for user scopes alone', async () => {
    const sandbox = await openSandbox();
    const location = await decide(authorizeUrl(sandbox, 'slack', { scope: null }));
    const { body } = await exchangeCode(sandbox, 'slack', location.searchParams.get('code')!);
    expect(body).not.toHaveProperty('access_token');
    expect(body['authed_user']).toMatchObject({ token_type: 'user' });
  });

  it('lets scopes add up over installations', async () => {
    const sandbox = await openSandbox();
    await connect(sandbox, 'slack');
    const location = await decide(authorizeUrl(sandbox, 'slack', { scope: 'chat:write', user_scope: null }));
    const { body } = await exchangeCode(sandbox, 'slack', location.searchParams.get('code')!);
    expect(body['scope']).toContain('channels:read');
    expect(body['scope']).toContain('chat:write');
  });

  it('accepts a path below a registered redirect URI, and sends a cancellation back', async () => {
    const app = {
      provider: 'slack',
      clientId: 'app',
      clientSecret: 's',
      redirectUris: ['https://app.example/oauth'],
    } as const;
    const sandbox = await openSandbox({ clients: [app] });
    const url = (redirect_uri: string) => authorizeUrl(sandbox, 'slack', { client_id: 'app', redirect_uri });
    const location = await decide(url('https://app.example/oauth/slack'), 'decision=deny');
    expect(Object.fromEntries(location.searchParams)).toEqual({ error: 'access_denied', state: STATE });
    expect((await fetch(url('https://app.example/oauthx'))).status).toBe(400);
  });
});
