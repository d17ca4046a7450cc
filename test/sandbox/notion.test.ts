import { afterEach, describe, expect, it } from '@jest/globals';
import { APIErrorCode, Client, LogLevel, collectPaginatedAPI, isFullPage, isFullDataSource } from '@notionhq/client';
import type { Sandbox, SandboxOptions } from '../../sandbox/sandbox.ts';
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
  type Tokens,
} from './connect.ts';

const CREDENTIALS = { client_id: 'sandbox-notion', client_secret: 'sandbox-notion-secret' };

function sdk(sandbox: Sandbox, auth: string, notionVersion = '2026-03-11'): Client {
  return new Client({ auth, baseUrl: `${sandbox.url}/notion`, notionVersion, retry: false, logLevel: LogLevel.ERROR });
}

async function open(options: SandboxOptions = {}): Promise<{ sandbox: Sandbox; tokens: Tokens; notion: Client }> {
  const sandbox = await openSandbox({ items: 250, ...options });
  const tokens = await connect(sandbox, 'notion');
  return { sandbox, tokens, notion: sdk(sandbox, tokens.access_token) };
}

afterEach(closeSandboxes);

describe('Notion in the sandbox, through the official SDK', () => {
  it('authorizes, introspects, refreshes and revokes', async () => {
    const sandbox = await openSandbox();
    const notion = new Client({ baseUrl: `${sandbox.url}/notion`, retry: false });
    const code = await newCode(sandbox, 'notion');
    const grant = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI } as const;
    const first = await notion.oauth.token({ ...CREDENTIALS, ...grant });
    expect(first).toMatchObject({ token_type: 'bearer', owner: { type: 'user' }, workspace_id: expect.any(String) });
    expect(first).not.toHaveProperty('expires_in');
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token! } as const;
    const second = await notion.oauth.token({ ...CREDENTIALS, ...refresh });
    expect(second.bot_id).toBe(first.bot_id);
    expect(second.access_token).not.toBe(first.access_token);
    const active = async (token: string) => (await notion.oauth.introspect({ ...CREDENTIALS, token })).active;
    expect([await active(first.access_token), await active(second.access_token)]).toEqual([false, true]);
    await notion.oauth.revoke({ ...CREDENTIALS, token: second.access_token });
    expect(await active(second.access_token)).toBe(false);
    expect((await readStats(sandbox)).notion).toMatchObject({ exchanges: 1, refreshes: 1, revocations: 1 });
  });

  it('searches everything to the end, each thing once, pages and data sources told apart', async () => {
    const { notion } = await open();
    const all = await collectPaginatedAPI(notion.search, { page_size: 60 });
    const kinds = async (value: 'page' | 'data_source') =>
      (await collectPaginatedAPI(notion.search, { filter: { property: 'object', value } })).length;
    const [pages, sources] = [await kinds('page'), await kinds('data_source')];
    expect(sources).toBe(40);
    expect(pages + sources).toBe(all.length);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const trashed = await collectPaginatedAPI(notion.search, {
      filter: { property: 'object', value: 'page', in_trash: true },
    } as never);
    expect(pages + sources + trashed.length).toBe(250);
  });

  it('has untitled pages, formula titles, emoji and right-to-left text', async () => {
    const { notion } = await open();
    const pages = (await collectPaginatedAPI(notion.search, {})).filter(isFullPage);
    const titles = pages.map(({ properties }) => {
      const title = Object.values(properties).find((property) => property.type === 'title');
      return title?.title ?? [];
    });
    expect(titles.some((title) => title.length === 0)).toBe(true);
    expect(titles.some((title) => title[0]?.type === 'equation')).toBe(true);
    const plain = titles.map((title) => title[0]?.plain_text ?? '');
    expect(plain.some((title) => /\p{Extended_Pictographic}/u.test(title))).toBe(true);
    expect(plain.some((title) => /[\u0590-\u06ff]/.test(title))).toBe(true);
  });

  it('links every parent to something that can be retrieved', async () => {
    const { notion } = await open({ items: 60 });
    const found = await collectPaginatedAPI(notion.search, {});
    const kinds = new Set<string>();
    for (const item of found) {
      if (!isFullPage(item) && !isFullDataSource(item)) throw new Error('Everything is whole here.');
      const { parent } = item;
      kinds.add(parent.type);
      if (parent.type === 'page_id') await notion.pages.retrieve({ page_id: parent.page_id });
      if (parent.type === 'database_id') {
        const database = await notion.databases.retrieve({ database_id: parent.database_id });
        expect('data_sources' in database && database.data_sources.map(({ id }) => id)).toContain(item.id);
      }
      if (parent.type === 'data_source_id') {
        await notion.dataSources.retrieve({ data_source_id: parent.data_source_id });
      }
    }
    expect([...kinds].sort()).toEqual(['block_id', 'data_source_id', 'database_id', 'page_id', 'workspace']);
  });

  it('queries 250 rows of a data source to the end, and those edited since a moment', async () => {
    const { notion } = await open();
    const [source] = (await notion.search({ filter: { property: 'object', value: 'data_source' } })).results;
    const query = { data_source_id: source!.id, page_size: 100 };
    const rows = await collectPaginatedAPI(notion.dataSources.query, query);
    expect(rows).toHaveLength(250 - 6); // six lie in the trash
    const since = (rows[99] as { last_edited_time: string }).last_edited_time;
    const filter = { timestamp: 'last_edited_time', last_edited_time: { on_or_after: since } } as const;
    const recent = await collectPaginatedAPI(notion.dataSources.query, { ...query, filter });
    expect(recent.map(({ id }) => id)).toEqual(rows.slice(0, 100).map(({ id }) => id));
  });

  it('stops a query at its cap and says so', async () => {
    const { notion } = await open({ notion: { queryResultLimit: 120 } });
    const [source] = (await notion.search({ filter: { property: 'object', value: 'data_source' } })).results;
    const first = await notion.dataSources.query({ data_source_id: source!.id });
    const second = await notion.dataSources.query({ data_source_id: source!.id, start_cursor: first.next_cursor! });
    expect(first).toMatchObject({ has_more: true });
    expect(second).toMatchObject({
      has_more: false,
      request_status: { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' },
    });
  });

  it('answers the hundred-and-eighty-first request in a minute with 429 and when to come back', async () => {
    const clock = fakeClock();
    const { notion, sandbox } = await open({ rateLimits: true, clock: clock.now });
    for (let call = 0; call < 180; call++) await notion.users.me({});
    clock.advance(48);
    await expect(notion.users.me({})).rejects.toMatchObject({
      status: 429,
      code: APIErrorCode.RateLimited,
      additional_data: { rate_limit_reason: 'public_api_request_rate_limit', retry_after: '12' },
    });
    clock.advance(12);
    expect(await notion.users.me({})).toMatchObject({ type: 'bot' });
    expect((await readStats(sandbox)).notion.rate_limit_breaches).toBe(1);
  });

  it('shares a limit between the connections of a workspace', async () => {
    const other = { provider: 'notion', clientId: 'other', clientSecret: 'other-secret' } as const;
    const options = { rateLimits: true, clients: [other], notion: { workspacePerMinute: 1 } };
    const { notion } = await open(options);
    await notion.users.me({});
    await expect(notion.users.me({})).rejects.toMatchObject({
      additional_data: { rate_limit_reason: 'public_api_space_request_rate_limit' },
    });
  });

  it('answers an expired token with 401 unauthorized, and a failed refresh in a way the SDK cannot name', async () => {
    const { notion, sandbox, tokens } = await open();
    await control(sandbox, 'expire', { provider: 'notion', what: 'access' });
    await expect(notion.users.me({})).rejects.toMatchObject({ status: 401, code: APIErrorCode.Unauthorized });
    await control(sandbox, 'expire', { provider: 'notion', what: 'refresh' });
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token } as const;
    await expect(notion.oauth.token({ ...CREDENTIALS, ...refresh })).rejects.toMatchObject({
      status: 400,
      code: 'notionhq_client_response_error',
      body: expect.stringContaining('"code":"invalid_grant"'),
    });
  });

  it('sends archived to old versions only, and searches databases instead of data sources before 2025-09-03', async () => {
    const { sandbox, tokens, notion } = await open();
    const [page] = (await notion.search({ filter: { property: 'object', value: 'page' } })).results;
    const old = sdk(sandbox, tokens.access_token, '2022-06-28');
    expect(page).not.toHaveProperty('archived');
    expect(await old.pages.retrieve({ page_id: page!.id })).toHaveProperty('archived', false);
    const databases = await old.search({ filter: { property: 'object', value: 'database' } } as never);
    expect(databases.results.every(({ object }) => (object as string) === 'database')).toBe(true);
  });

  it('answers 404 for a page taken out of the connection', async () => {
    const first = await open();
    const [page] = (await first.notion.search({ filter: { property: 'object', value: 'page' } })).results;
    const { notion } = await open({ notion: { unsharedPages: [page!.id] } });
    await expect(notion.pages.retrieve({ page_id: page!.id })).rejects.toMatchObject({
      status: 404,
      code: APIErrorCode.ObjectNotFound,
    });
  });

  it('lets the search lag behind a new authorization when told to', async () => {
    const clock = fakeClock();
    const { notion } = await open({ notion: { searchLagSeconds: 60 }, clock: clock.now });
    const early = (await collectPaginatedAPI(notion.search, {})).length;
    clock.advance(60);
    expect((await collectPaginatedAPI(notion.search, {})).length).toBeGreaterThan(early);
  });

  it('lists users, one of them without a name and the bot last', async () => {
    const { notion } = await open({ items: 60 });
    const users = await collectPaginatedAPI(notion.users.list, { page_size: 50 });
    expect(users).toHaveLength(61);
    expect(users.some(({ name }) => name === null)).toBe(true);
    expect(users.at(-1)).toMatchObject({ type: 'bot' });
  });

  it('refuses a cursor of another query', async () => {
    const { notion } = await open();
    const { next_cursor } = await notion.search({ page_size: 10 });
    const other = notion.search({ start_cursor: next_cursor!, query: 'roadmap' });
    await expect(other).rejects.toMatchObject({ status: 400, code: APIErrorCode.ValidationError });
  });
});

describe('OAuth at the sandbox’s Notion', () => {
  it('sends a denial back with access_denied and the state alone', async () => {
    const sandbox = await openSandbox();
    const location = await decide(authorizeUrl(sandbox, 'notion'), 'decision=deny');
    expect(Object.fromEntries(location.searchParams)).toEqual({ error: 'access_denied', state: STATE });
  });

  it('refuses a form body, a missing Basic header and a used refresh token', async () => {
    const sandbox = await openSandbox();
    const tokens = await connect(sandbox, 'notion');
    const url = `${sandbox.url}/notion/v1/oauth/token`;
    const authorization = `Basic ${Buffer.from('sandbox-notion:sandbox-notion-secret').toString('base64')}`;
    const form = await post(url, new URLSearchParams({ grant_type: 'refresh_token' }), { authorization });
    expect(form).toMatchObject({ status: 400, body: { code: 'invalid_json' } });
    expect(await post(url, '{}')).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    await refreshWith(sandbox, 'notion', tokens.refresh_token);
    const again = await refreshWith(sandbox, 'notion', tokens.refresh_token);
    expect(again).toMatchObject({ status: 400, body: { code: 'invalid_grant', error: 'invalid_grant' } });
    expect((await readStats(sandbox)).notion.rotated_token_reuse).toBe(1);
  });

  it('wants the redirect URI again, and a code only once', async () => {
    const sandbox = await openSandbox();
    const code = await newCode(sandbox, 'notion');
    expect((await exchangeCode(sandbox, 'notion', code)).status).toBe(200);
    expect((await exchangeCode(sandbox, 'notion', code)).status).toBe(400);
  });

  it('refuses an API call without Notion-Version', async () => {
    const sandbox = await openSandbox();
    const { access_token } = await connect(sandbox, 'notion');
    const answer = await post(`${sandbox.url}/notion/v1/search`, '{}', { authorization: `Bearer ${access_token}` });
    expect(answer).toMatchObject({ status: 400, body: { object: 'error', code: 'missing_version' } });
  });
});
