import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PositionExpired } from '../../items/item-source.ts';
import { channel } from './fixtures/slack-answers.ts';
import { file, identity, message, messages, moreMessages, reply, thread } from './fixtures/slack-messages.ts';
import { startSlackStub, type SlackStub } from './fixtures/slack-source.ts';
import { DISTRIBUTED_ELSEWHERE } from './slack.limits.ts';

const CHANNEL = 'C012AB3CD T012AB3C4 general';
const THREAD = 'C012AB3CD/1512085950.000216 T012AB3C4';
const OLDER = '1512085940.000100';
const SINCE = new Date('2017-12-01T00:00:00Z');

let slack: SlackStub;

beforeEach(async () => {
  slack = await startSlackStub();
  slack.answers['auth.test'] = [identity()];
});

afterEach(() => slack.close());

describe('The channels with messages', () => {
  it.each(['message', 'reply', 'file'])(
    'are those the app is in, below the first page of type %s',
    async (itemType) => {
      const others = [channel({ id: 'G2', name: 'secret', is_private: true }), { id: 7 }, null];
      const answer = { ok: true, channels: [channel(), ...others], response_metadata: { next_cursor: 'c=1' } };
      slack.answers['users.conversations'] = [answer];
      const page = await slack.source().page({ itemType, limit: 1000 });
      expect(page).toEqual({ items: [], below: [CHANNEL, 'G2 T012AB3C4 secret'], next: 'c=1' });
      expect(slack.called('users.conversations')).toEqual([
        { types: 'public_channel,private_channel', exclude_archived: 'false', limit: '50' },
      ]);
    },
  );

  it('are begun anew when Slack no longer knows the cursor', async () => {
    slack.answers['users.conversations'] = [{ ok: false, error: 'invalid_cursor' }];
    const page = slack.source().page({ itemType: 'message', limit: 7, position: 'c=1' });
    await expect(page).rejects.toThrow(PositionExpired);
  });
});

describe('A channel’s messages', () => {
  const page = (more: { position?: string; limit?: number; modifiedSince?: Date } = {}) =>
    slack.source().page({ itemType: 'message', listing: CHANNEL, limit: 1000, ...more });

  it('go on from the oldest of a page, not by a cursor that gets old', async () => {
    slack.answers['conversations.history'] = [
      moreMessages([message(), message({ ts: OLDER })]),
      messages([message({ ts: '1512085930.000100' })]),
    ];
    const first = await page();
    expect(first).toMatchObject({
      items: [
        { id: 'C012AB3CD/1512085950.000216', parent_id: 'C012AB3CD', parent_path_or_name: 'general' },
        { id: `C012AB3CD/${OLDER}` },
      ],
      next: OLDER,
    });
    const second = await page({ position: first.next!, limit: 3 });
    expect(second.items).toHaveLength(1);
    expect(second.next).toBeUndefined();
    expect(slack.called('conversations.history')).toEqual([
      { channel: 'C012AB3CD', limit: '200' },
      { channel: 'C012AB3CD', limit: '3', latest: OLDER },
    ]);
  });

  it('go on by the cursor after a page that has none, and by their time again thereafter', async () => {
    slack.answers['conversations.history'] = [
      moreMessages([], 'bmV4&='),
      moreMessages([message({ ts: '1512085930.000100' })]),
    ];
    const first = await page({ position: OLDER });
    expect(first).toEqual({ items: [], next: `${OLDER} bmV4&=` });
    const second = await page({ position: first.next! });
    expect(second.next).toBe('1512085930.000100');
    expect(slack.called('conversations.history')[1]).toMatchObject({ latest: OLDER, cursor: 'bmV4&=' });
  });

  it('are begun anew when that cursor is too old', async () => {
    slack.answers['conversations.history'] = [{ ok: false, error: 'invalid_cursor' }];
    await expect(page({ position: ` bmV4&=` })).rejects.toThrow(PositionExpired);
  });

  it.each([
    ['no message', []],
    ['no message of a usable time', [message({ ts: 'now' }), {}]],
  ])(
    'are refused where Slack has more, with %s and no cursor to go on from: the rest would be lost',
    async (_what, said) => {
      slack.answers['conversations.history'] = [messages(said, { has_more: true })];
      await expect(page({ position: OLDER })).rejects.toMatchObject({ code: 'provider_protocol_error' });
    },
  );

  it('are asked for from a time on, and the newest first', async () => {
    slack.answers['conversations.history'] = [moreMessages([message({ ts: OLDER })])];
    await page({ modifiedSince: SINCE, limit: 3 });
    await page({ modifiedSince: SINCE, position: OLDER });
    const oldest = '1512086399.999000';
    expect(slack.called('conversations.history')).toEqual([
      { channel: 'C012AB3CD', limit: '200', oldest, latest: '4102444800.000000' },
      { channel: 'C012AB3CD', limit: '200', oldest, latest: OLDER },
    ]);
  });

  it('are fifteen a page, at most, for an app outside the Marketplace', async () => {
    slack.answers['conversations.history'] = [messages([message()])];
    const request = { itemType: 'message', listing: CHANNEL };
    await slack.source(DISTRIBUTED_ELSEWHERE).page({ ...request, limit: 1000 });
    await slack.source(DISTRIBUTED_ELSEWHERE).page({ ...request, limit: 1000, modifiedSince: SINCE });
    await slack.source(DISTRIBUTED_ELSEWHERE).page({ ...request, itemType: 'reply', limit: 1000 });
    expect(slack.called('conversations.history').map(({ limit }) => limit)).toEqual(['15', '15', '15']);
  });

  it('don’t hold replies that were sent to the channel as well', async () => {
    const broadcast = reply({ subtype: 'thread_broadcast', root: thread() });
    slack.answers['conversations.history'] = [messages([broadcast, thread()])];
    expect((await page()).items.map(({ id }) => id)).toEqual(['C012AB3CD/1512085950.000216']);
  });

  it.each(['not_in_channel', 'channel_not_found', 'channel_is_limited_access'])(
    'are none when Slack says %s',
    async (error) => {
      slack.answers['conversations.history'] = [{ ok: false, error }];
      expect(await page()).toEqual({ items: [] });
    },
  );

  it.each([
    [{ ok: false, error: 'missing_scope', needed: 'channels:history' }, 'provider_error', /missing_scope/],
    [{ ok: false, error: 'ratelimited' }, 'provider_rate_limited', /wait 30 s/],
  ])('fail when Slack answers %j', async (answer, code, message_) => {
    slack.answers['conversations.history'] = [answer];
    await expect(page()).rejects.toMatchObject({ code, message: expect.stringMatching(message_) });
  });

  it('are none in an answer that makes no sense', async () => {
    slack.answers['conversations.history'] = [{ ok: true, messages: 'none', has_more: 1, response_metadata: null }];
    expect(await page()).toEqual({ items: [] });
  });

  it('of a listing that isn’t one are refused', async () => {
    const odd = slack.source().page({ itemType: 'message', listing: 'general', limit: 7 });
    await expect(odd).rejects.toMatchObject({ code: 'cursor_invalid' });
  });
});

describe('The links of messages', () => {
  it('begin at the workspace, which is asked for once, and not for nothing', async () => {
    slack.answers['conversations.history'] = [messages([]), messages([message()])];
    const source = slack.source();
    await source.page({ itemType: 'message', listing: CHANNEL, limit: 7 });
    expect(slack.called('auth.test')).toHaveLength(0);
    const page = () => source.page({ itemType: 'message', listing: CHANNEL, limit: 7 });
    const [one, other] = await Promise.all([page(), page()]);
    expect(one.items[0]?.url).toBe('https://acme.slack.com/archives/C012AB3CD/p1512085950000216');
    expect(other.items[0]?.url).toBe(one.items[0]?.url);
    expect(slack.called('auth.test')).toHaveLength(1);
  });

  it.each([
    [{ ok: false, error: 'access_denied' }],
    [identity({ url: 'javascript:alert(1)' })],
    [identity({ url: 7 })],
  ])('are none when auth.test says %j', async (answer) => {
    slack.answers['conversations.history'] = [messages([message()])];
    slack.answers['auth.test'] = [answer];
    const page = await slack.source().page({ itemType: 'message', listing: CHANNEL, limit: 7 });
    expect(page.items[0]).toMatchObject({ url: null, drive_id: 'T012AB3C4' });
  });

  it('are asked for again after Slack had no time', async () => {
    slack.answers['conversations.history'] = [messages([message()])];
    slack.answers['auth.test'] = [{ ok: false, error: 'ratelimited' }, identity()];
    const source = slack.source();
    const page = () => source.page({ itemType: 'message', listing: CHANNEL, limit: 7 });
    await expect(page()).rejects.toMatchObject({ code: 'provider_rate_limited' });
    expect((await page()).items[0]?.url).toContain('https://acme.slack.com/');
  });
});

describe('The threads of a channel', () => {
  const page = (modifiedSince?: Date) =>
    slack.source().page({ itemType: 'reply', listing: CHANNEL, limit: 1000, ...(modifiedSince && { modifiedSince }) });

  it('are the messages that were replied to, of pages that aren’t long', async () => {
    const plain = message({ ts: OLDER, reply_count: 0 });
    slack.answers['conversations.history'] = [moreMessages([reply({ reply_count: 2 }), thread(), plain])];
    expect(await page()).toEqual({ items: [], below: [THREAD], next: OLDER });
    expect(slack.called('conversations.history')).toEqual([{ channel: 'C012AB3CD', limit: '50' }]);
  });

  it('are those whose latest reply is new, however old they are', async () => {
    const quiet = thread({ ts: OLDER, thread_ts: OLDER, latest_reply: '1512085999.000100' });
    const moved = thread({ latest_reply: '1512086400.000000' });
    const silent = thread({ ts: '1512085930.000100', thread_ts: '1512085930.000100', latest_reply: null });
    slack.answers['conversations.history'] = [messages([moved, quiet, silent])];
    expect((await page(SINCE)).below).toEqual([THREAD, 'C012AB3CD/1512085930.000100 T012AB3C4']);
    expect(slack.called('conversations.history')).toEqual([{ channel: 'C012AB3CD', limit: '50' }]);
  });
});

describe('The replies of a thread', () => {
  const page = (more: { position?: string; modifiedSince?: Date } = {}) =>
    slack.source().page({ itemType: 'reply', listing: THREAD, limit: 3, ...more });

  it('come without the message that they reply to, and go on from the newest', async () => {
    const later = '1512086000.000100';
    slack.answers['conversations.replies'] = [
      moreMessages([thread({ text: 'Who comes?' }), reply(), reply({ ts: later })]),
      messages([thread(), reply({ ts: '1512086001.000100' })]),
    ];
    const first = await page();
    expect(first).toMatchObject({
      items: [
        {
          id: 'C012AB3CD/1512085999.000100',
          type: 'reply',
          parent_id: 'C012AB3CD/1512085950.000216',
          parent_path_or_name: 'Who comes?',
        },
        { id: `C012AB3CD/${later}` },
      ],
      next: later,
    });
    expect((await page({ position: later })).items).toHaveLength(1);
    const asked = { channel: 'C012AB3CD', ts: '1512085950.000216', limit: '200' };
    expect(slack.called('conversations.replies')).toEqual([asked, { ...asked, oldest: later }]);
  });

  it('go on by the cursor after a page with nothing but the message itself', async () => {
    slack.answers['conversations.replies'] = [moreMessages([thread()]), messages([reply()])];
    expect(await page()).toEqual({ items: [], next: ' bmV4dF90czox' });
    expect(await page({ position: ' bmV4dF90czox' })).toMatchObject({ items: [{ parent_path_or_name: null }] });
  });

  it('are asked for from a time on', async () => {
    slack.answers['conversations.replies'] = [messages([thread()])];
    await page({ modifiedSince: SINCE });
    expect(slack.called('conversations.replies')[0]).toMatchObject({ oldest: '1512086399.999000' });
  });

  it('are none when the thread is gone', async () => {
    slack.answers['conversations.replies'] = [{ ok: false, error: 'thread_not_found' }];
    expect(await page()).toEqual({ items: [] });
  });
});

describe('The files', () => {
  const page = (listing: string) => slack.source().page({ itemType: 'file', listing, limit: 1000 });

  it('of a channel are those of its messages, with its threads below for theirs', async () => {
    const broadcast = reply({ subtype: 'thread_broadcast', files: [file({ id: 'F2' })] });
    slack.answers['conversations.history'] = [messages([broadcast, thread({ files: [file()] })])];
    expect(await page(CHANNEL)).toMatchObject({
      items: [{ id: 'C012AB3CD/1512085950.000216/F0S43P1CZ', type: 'file', drive_id: 'T012AB3C4' }],
      below: [THREAD],
    });
    expect(slack.called('auth.test')).toHaveLength(0);
  });

  it('of a thread are those of its replies', async () => {
    const broadcast = reply({ subtype: 'thread_broadcast', files: [file({ id: 'F2' })] });
    slack.answers['conversations.replies'] = [messages([thread({ files: [file()] }), broadcast])];
    expect((await page(THREAD)).items.map(({ id }) => id)).toEqual(['C012AB3CD/1512085999.000100/F2']);
  });
});
