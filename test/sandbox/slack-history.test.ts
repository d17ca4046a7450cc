import { afterEach, describe, expect, it } from '@jest/globals';
import type { WebClient } from '@slack/web-api';
import type { ConversationsHistoryResponse } from '@slack/web-api';
import { SlackData } from '../../sandbox/slack/data.ts';
import { authorizeUrl, closeSandboxes, decide, exchangeCode, fakeClock, type Tokens } from './connect.ts';
import { openSlack, pagesOf, refused, sdk } from './slack-client.ts';

afterEach(closeSandboxes);

type Message = NonNullable<ConversationsHistoryResponse['messages']>[number];

interface Conversation {
  readonly id: string;
  readonly is_private: boolean;
  readonly is_member?: boolean;
  readonly is_ext_shared: boolean;
}

const BOTH = { types: 'public_channel,private_channel', limit: 100 };

async function conversations(slack: WebClient, method: string): Promise<Conversation[]> {
  return (await pagesOf<Conversation>(slack, method, 'channels', BOTH)).flat();
}

/** Messages of the first channel, which has as many as there are items. */
function historyPages(slack: WebClient, channel: string, limit: number): Promise<Message[][]> {
  return pagesOf<Message>(slack, 'conversations.history', 'messages', { channel, limit });
}

const timesOf = (messages: readonly Message[]): number[] => messages.map(({ ts }) => Number(ts));
const newestFirst = (times: readonly number[]): number[] => [...times].sort((one, other) => other - one);

describe('Slack’s conversations in the sandbox, through the official SDK', () => {
  it('are listed by membership as well, without what is only told of all', async () => {
    const { slack } = await openSlack();
    const mine = await conversations(slack, 'users.conversations');
    const all = await conversations(slack, 'conversations.list');
    expect(mine.map(({ id }) => id)).toEqual(all.filter((one) => one.is_member).map(({ id }) => id));
    expect(mine.length).toBeLessThan(all.length);
    expect(mine[0]).not.toHaveProperty('is_member');
    expect(mine[0]).not.toHaveProperty('num_members');
    expect(all.some(({ is_ext_shared: isShared }) => isShared)).toBe(true);
  });

  it('have as many members as they say, the bot among them where it is one', async () => {
    const { slack, tokens } = await openSlack();
    const channel = new SlackData('patchbay', 0, 250).channelId(0);
    const { channel: info } = await slack.conversations.info({ channel, include_num_members: true });
    const pages = await pagesOf<string>(slack, 'conversations.members', 'members', { channel, limit: 7 });
    const members = pages.flat();
    expect(new Set(members).size).toBe((info as { num_members: number }).num_members);
    expect(members).toContain(tokens['bot_user_id']);
    expect((await slack.users.info({ user: members[0]! })).ok).toBe(true);
  });

  it('are read by a bot where it is a member, and by a person everywhere in public', async () => {
    const { slack, sandbox } = await openSlack();
    const url = authorizeUrl(sandbox, 'slack', { scope: null, user_scope: 'channels:history,groups:history' });
    const code = (await decide(url)).searchParams.get('code')!;
    const { body } = await exchangeCode(sandbox, 'slack', code);
    const person = sdk(sandbox, (body as unknown as { authed_user: Tokens }).authed_user.access_token);
    const data = new SlackData('patchbay', 0, 250);
    const isAlien = (index: number) => !data.isMember(index, 'bot');
    const indexes = Array.from({ length: 250 }, (_, index) => index).filter(isAlien);
    const [open, secret] = (['public_channel', 'private_channel'] as const).map((kind) =>
      data.channelId(indexes.find((index) => data.kindOf(index) === kind)!),
    );
    const read = (client: WebClient, channel = '') => refused(client.conversations.history({ channel }));
    expect(await read(slack, open)).toMatchObject({ error: 'not_in_channel' });
    expect(await read(slack, secret)).toMatchObject({ error: 'channel_not_found' });
    expect(await read(slack, 'C0000000000')).toMatchObject({ error: 'channel_not_found' });
    expect(await read(person, open)).toMatchObject({ ok: true });
    expect(await read(person, secret)).toMatchObject({ ok: true });
    const thread = slack.conversations.replies({ channel: open!, ts: '1512085950.000216' });
    expect(await refused(thread)).toMatchObject({ error: 'not_in_channel' });
  });

  it('need the scope of their kind', async () => {
    const { sandbox } = await openSlack();
    const url = authorizeUrl(sandbox, 'slack', { scope: 'channels:history', user_scope: null });
    const code = (await decide(url, 'decision=approve&account=1')).searchParams.get('code')!;
    const { body } = await exchangeCode(sandbox, 'slack', code);
    const slack = sdk(sandbox, (body as Tokens).access_token);
    const data = new SlackData('patchbay', 1, 250);
    expect((await slack.conversations.history({ channel: data.channelId(0) })).ok).toBe(true);
    const history = slack.conversations.history({ channel: data.channelId(6) });
    expect(await refused(history)).toMatchObject({ error: 'missing_scope', needed: 'groups:history' });
  });
});

describe('Messages of the sandbox’s Slack', () => {
  const channel = new SlackData('patchbay', 0, 250).channelId(0);

  it('come newest first, to the end, over a page that is empty though more follow', async () => {
    const { slack } = await openSlack();
    const pages = await historyPages(slack, channel, 50);
    const times = timesOf(pages.flat());
    expect(pages.some((page) => page.length === 0)).toBe(true);
    expect(times).toEqual(newestFirst(times));
    expect(new Set(times).size).toBe(250);
  });

  it('are the same by their times as by cursors', async () => {
    const { slack } = await openSlack({ slack: { emptyPages: false } });
    const byCursor = (await historyPages(slack, channel, 60)).flat();
    const byTime: Message[] = [];
    for (let more = true; more;) {
      const latest = byTime.at(-1)?.ts;
      const page = await slack.conversations.history({
        channel,
        limit: 60,
        ...(latest === undefined ? {} : { latest }),
      });
      byTime.push(...(page.messages ?? []));
      more = page.has_more === true;
    }
    expect(byTime).toEqual(byCursor);
    const [newest, , third] = byCursor;
    const between = { channel, latest: newest!.ts!, oldest: third!.ts! };
    expect((await slack.conversations.history(between)).messages).toHaveLength(1);
    expect((await slack.conversations.history({ ...between, inclusive: true })).messages).toHaveLength(3);
  });

  it('are of every kind: joins, bots, edited, deleted, with files, and replies sent to the channel as well', async () => {
    const { slack } = await openSlack();
    const messages = (await historyPages(slack, channel, 200)).flat();
    const subtypes = new Set(messages.map(({ subtype }) => subtype));
    for (const subtype of ['channel_join', 'bot_message', 'tombstone', 'thread_broadcast', undefined])
      expect(subtypes).toContain(subtype);
    expect(messages.some(({ edited, ts }) => Number(edited?.ts) > Number(ts))).toBe(true);
    expect(messages.some(({ text, attachments }) => text === '' && attachments !== undefined)).toBe(true);
    expect(messages.some(({ text }) => /&(lt|gt|amp);/.test(text ?? ''))).toBe(true);
    const files = messages.flatMap((message) => message.files ?? []);
    const modes = new Set(files.map(({ mode }) => mode));
    for (const mode of ['hosted', 'tombstone', 'hidden_by_limit']) expect(modes).toContain(mode);
    expect(new Set(files.map(({ id }) => id)).size).toBeLessThan(files.length);
    expect(new Set(files.map(({ mimetype }) => mimetype)).size).toBeGreaterThan(2);
  });

  it('have threads that say how many replied, and when last', async () => {
    const { slack } = await openSlack();
    const roots = (await historyPages(slack, channel, 200)).flat().filter((one) => one.reply_count !== undefined);
    expect(roots.length).toBeGreaterThan(20);
    for (const root of roots) {
      const args = { channel, ts: root.ts!, limit: 2 };
      const all = (await pagesOf<Message>(slack, 'conversations.replies', 'messages', args)).flat();
      const [parent, ...replies] = all;
      expect(parent).toEqual(root);
      expect(replies).toHaveLength(root.reply_count!);
      expect(replies.at(-1)?.ts).toBe(root.latest_reply);
      expect(replies.every(({ thread_ts: thread }) => thread === root.ts)).toBe(true);
      expect(timesOf(all)).toEqual(newestFirst(timesOf(all)).reverse());
    }
    const lateReply = roots.some((root) => Number(root.latest_reply) - Number(root.ts) > 86_400);
    expect(lateReply).toBe(true);
  });

  it('have replies from a time on, and none for what is no thread', async () => {
    const { slack } = await openSlack();
    const messages = (await historyPages(slack, channel, 200)).flat();
    const root = messages.find(({ reply_count: replies }) => replies === 2)!;
    const [, first] = (await slack.conversations.replies({ channel, ts: root.ts! })).messages ?? [];
    const later = await slack.conversations.replies({ channel, ts: root.ts!, oldest: first!.ts! });
    expect(later.messages?.map(({ ts }) => ts)).toEqual([root.ts, root.latest_reply]);
    const plain = messages.find((one) => one.thread_ts === undefined)!;
    expect((await slack.conversations.replies({ channel, ts: plain.ts! })).messages).toHaveLength(1);
    const gone = slack.conversations.replies({ channel, ts: '1512085950.000216' });
    expect(await refused(gone)).toMatchObject({ error: 'thread_not_found' });
  });

  it('are refused for times, limits and cursors that are none', async () => {
    const { slack } = await openSlack();
    const error = (args: Record<string, unknown>) => refused(slack.conversations.history({ channel, ...args }));
    expect(await error({ oldest: 'yesterday' })).toMatchObject({ error: 'invalid_ts_oldest' });
    expect(await error({ latest: '1.2.3' })).toMatchObject({ error: 'invalid_ts_latest' });
    expect(await error({ limit: 1000 })).toMatchObject({ error: 'invalid_limit' });
    expect(await error({ cursor: 'bm9uc2Vuc2U=' })).toMatchObject({ error: 'invalid_cursor' });
  });

  it('are a million when asked, wherever a page lies', async () => {
    const { slack } = await openSlack({ items: 1_000_000, slack: { emptyPages: false } });
    const first = new SlackData('patchbay', 0, 1_000_000).channelId(0);
    const newest = (await slack.conversations.history({ channel: first, limit: 1 })).messages?.[0];
    const latest = `${Number(newest!.ts!.split('.')[0]) - 3 * 365 * 86_400}.000000`;
    const page = await slack.conversations.history({ channel: first, latest, limit: 999 });
    expect(page.messages).toHaveLength(999);
    expect(timesOf(page.messages!)).toEqual(newestFirst(timesOf(page.messages!)));
    expect(Number(latest) - Number(page.messages![0]!.ts)).toBeLessThan(400);
  });
});

describe('The limits of the sandbox’s Slack', () => {
  const channel = new SlackData('patchbay', 0, 250).channelId(0);

  it('let an app of the Marketplace read fifty pages a minute', async () => {
    const clock = fakeClock();
    const { slack } = await openSlack({ rateLimits: true, clock: clock.now });
    for (let call = 0; call < 50; call++) await slack.conversations.history({ channel, limit: 1 });
    await expect(slack.conversations.history({ channel, limit: 1 })).rejects.toMatchObject({ retryAfter: 60 });
  });

  it('let any other app read one a minute of each method, and fifteen messages whatever it asks', async () => {
    const clock = fakeClock();
    const { slack } = await openSlack({ rateLimits: true, clock: clock.now, slack: { marketplace: false } });
    const page = await slack.conversations.history({ channel, limit: 200 });
    expect(page.messages).toHaveLength(15);
    expect(page.has_more).toBe(true);
    await expect(slack.conversations.history({ channel })).rejects.toMatchObject({ retryAfter: 60 });
    const { ts } = page.messages!.find((one) => one.reply_count !== undefined)!;
    expect((await slack.conversations.replies({ channel, ts: ts! })).ok).toBe(true);
    await expect(slack.conversations.replies({ channel, ts: ts! })).rejects.toMatchObject({ retryAfter: 60 });
    clock.advance(60);
    expect((await slack.conversations.history({ channel })).messages).toHaveLength(15);
  });

  it('let cursors of conversations and users get old, where that is asked', async () => {
    const clock = fakeClock();
    const { slack } = await openSlack({ clock: clock.now, slack: { cursorLifeSeconds: 60 } });
    const cursorOf = async (method: string) =>
      (await slack.apiCall(method, { limit: 10 })).response_metadata?.next_cursor ?? '';
    for (const method of ['conversations.list', 'users.conversations', 'users.list']) {
      const cursor = await cursorOf(method);
      expect((await slack.apiCall(method, { limit: 10, cursor })).ok).toBe(true);
      clock.advance(60);
      expect(await refused(slack.apiCall(method, { limit: 10, cursor }))).toMatchObject({ error: 'invalid_cursor' });
    }
  });
});
