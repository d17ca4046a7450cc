import { describe, expect, it } from '@jest/globals';
import { file, message, reply, thread } from './fixtures/slack-messages.ts';
import { fileItems, messageItem, replyItem } from './slack.message-mapper.ts';

const PLACE = { channel: 'C012AB3CD', team: 'T012AB3C4', workspaceUrl: 'https://acme.slack.com' };
const CHANNEL = { id: 'C012AB3CD', name: 'general' };
const THREAD = { id: 'C012AB3CD/1512085950.000216', name: 'I find you punny' };

const named = (text: unknown) => messageItem(message({ text }), PLACE, CHANNEL)?.name;

describe('a message', () => {
  it('is read into an item', () => {
    expect(messageItem(message(), PLACE, CHANNEL)).toEqual({
      id: 'C012AB3CD/1512085950.000216',
      type: 'message',
      directory: false,
      parent_path_or_name: 'general',
      parent_id: 'C012AB3CD',
      name: 'I find you punny and would like to smell your nose letter',
      creation_time: '2017-11-30T23:52:30.000Z',
      last_modified_time: '2017-11-30T23:52:30.000Z',
      url: 'https://acme.slack.com/archives/C012AB3CD/p1512085950000216',
      children: null,
      mime_type: null,
      delta: null,
      drive_id: 'T012AB3C4',
      visibility: true,
    });
  });

  it('that was edited has changed since', () => {
    const edited = { user: 'U1', ts: '1512086000.000000' };
    expect(messageItem(message({ edited }), PLACE, CHANNEL)).toMatchObject({
      creation_time: '2017-11-30T23:52:30.000Z',
      last_modified_time: '2017-11-30T23:53:20.000Z',
    });
  });

  it.each([
    ['was replied to', thread()],
    ['came with a file', message({ files: [file()] })],
  ])('that %s holds something', (_what, one) => {
    expect(messageItem(one, PLACE, CHANNEL)?.directory).toBe(true);
  });

  it('that was deleted, yet replied to, is hidden and says so', () => {
    const left = thread({ subtype: 'tombstone', user: 'USLACKBOT', text: 'This message was deleted.', hidden: true });
    expect(messageItem(left, PLACE, CHANNEL)).toMatchObject({ visibility: false, delta: 'deleted', directory: true });
  });

  it.each([
    ['somebody joining', { subtype: 'channel_join', text: '<@U1> has joined the channel' }],
    ['a bot', { subtype: 'bot_message', user: undefined, bot_id: 'B1', username: 'Deploys' }],
    ['another company’s people', { user: 'U9', team: 'T9', user_team: 'T9', source_team: 'T9' }],
  ])('of %s is one as well, of the channel’s workspace', (_who, changes) => {
    expect(messageItem(message(changes), PLACE, CHANNEL)).toMatchObject({ visibility: true, drive_id: 'T012AB3C4' });
  });

  it('of a workspace whose address isn’t known has no link', () => {
    expect(messageItem(message(), { channel: 'C1', team: null }, CHANNEL)).toMatchObject({ url: null, drive_id: null });
  });

  it.each([[undefined], [null], [''], ['now'], [1_512_085_950.000216], ['1512085950'], ['1512085950.000216/..']])(
    'is skipped when its ts is %j',
    (ts) => {
      expect(messageItem(message({ ts }), PLACE, CHANNEL)).toBeUndefined();
    },
  );

  it('with odd members is an item still', () => {
    const odd = message({ text: 7, edited: 'yes', files: 'none', attachments: null, reply_count: '2', thread_ts: 5 });
    expect(messageItem(odd, PLACE, CHANNEL)).toMatchObject({ name: null, directory: false });
  });
});

describe('a message’s name', () => {
  it.each([
    ['🚀 Launch 🎉', '🚀 Launch 🎉'],
    ['خطة الربع الأول', 'خطة الربع الأول'],
    ['two\nlines,\t and\u00a0more ', 'two lines, and more'],
    [
      '<@U012AB3CDE> and <#C1|general>: see <https://a.example|this>',
      '<@U012AB3CDE> and <#C1|general>: see <https://a.example|this>',
    ],
    ['Tom &amp; Jerry &lt;3 &quot;x&quot;', 'Tom & Jerry <3 &quot;x&quot;'],
    ['&amp;lt;', '&lt;'],
    [' \n ', null],
    ['', null],
  ])('for %j is %j', (text, name) => {
    expect(named(text)).toBe(name);
  });

  it('is the start of a long text, and ends between two characters as people see them', () => {
    expect(named('ab '.repeat(40_000))).toBe(`${'ab '.repeat(66)}ab…`);
    const family = '👩‍👩‍👧‍👦';
    const short = named(family.repeat(9_000))!;
    expect(short.length).toBeLessThanOrEqual(201);
    expect(short).toBe(`${family.repeat((short.length - 1) / family.length)}…`);
  });

  it('never ends within a mention or an escaped character', () => {
    expect(named(`${'x'.repeat(195)} <@U012AB3CDE> hello`)).toBe(`${'x'.repeat(195)}…`);
    expect(named(`${'x'.repeat(198)}&amp; and on`)).toBe(`${'x'.repeat(198)}…`);
  });

  it('is found behind 100 KB of white space, and with half an emoji', () => {
    expect(named(`${' '.repeat(100_000)}x`)).toBe('x');
    expect(named('half \ud83d')).toBe('half \ufffd');
  });

  it.each([
    [{ attachments: [{}, { fallback: 'Build 41 passed' }] }, 'Build 41 passed'],
    [{ attachments: [{ title: 'A title', text: 'a text' }] }, 'A title'],
    [{ files: [{ id: 'F1' }, file()] }, 'billair.gif'],
  ])('without a text is what is attached: %j', (changes, name) => {
    expect(messageItem(message({ text: '', ...changes }), PLACE, CHANNEL)?.name).toBe(name);
  });
});

describe('a reply', () => {
  it('is in the message it replies to, and its link opens the thread', () => {
    expect(replyItem(reply(), PLACE, THREAD)).toMatchObject({
      id: 'C012AB3CD/1512085999.000100',
      type: 'reply',
      parent_id: 'C012AB3CD/1512085950.000216',
      parent_path_or_name: 'I find you punny',
      name: 'And nose would like to smell you',
      url: 'https://acme.slack.com/archives/C012AB3CD/p1512085999000100?thread_ts=1512085950.000216&cid=C012AB3CD',
      drive_id: 'T012AB3C4',
    });
  });
});

describe('a file', () => {
  it('is in the message it came with, and changed when it did', () => {
    expect(fileItems(message({ files: [file()] }), PLACE)).toEqual([
      {
        id: 'C012AB3CD/1512085950.000216/F0S43P1CZ',
        type: 'file',
        directory: false,
        parent_path_or_name: 'I find you punny and would like to smell your nose letter',
        parent_id: 'C012AB3CD/1512085950.000216',
        name: 'billair.gif',
        creation_time: '2017-11-30T00:00:00.000Z',
        last_modified_time: '2017-11-30T23:52:30.000Z',
        url: 'https://acme.slack.com/files/U012AB3CDE/F0S43P1CZ/billair.gif',
        children: null,
        mime_type: 'image/gif',
        delta: null,
        drive_id: 'T012AB3C4',
        visibility: true,
      },
    ]);
  });

  it.each([
    ['was deleted', 'tombstone', 'deleted'],
    ['the workspace’s plan hides', 'hidden_by_limit', null],
  ])('that %s is hidden, with what little is told of it', (_what, mode, delta) => {
    const [item] = fileItems(message({ files: [{ id: 'F1', mode }] }), PLACE);
    expect(item).toMatchObject({ visibility: false, delta, name: null, url: null, mime_type: null });
  });

  it.each([
    [{ name: null }, { name: 'Bill Air' }],
    [{ name: '', title: '' }, { name: null }],
    [{ permalink: 'javascript:alert(1)' }, { url: null }],
    [{ created: 0, timestamp: 1_512_000_000 }, { creation_time: '2017-11-30T00:00:00.000Z' }],
    // Slack Connect: nothing but the id, until files.info is asked.
    [
      { ...nothingElse(), id: 'F1', file_access: 'check_file_info' },
      { name: null, visibility: true },
    ],
  ])('with %j has %j', (changes, expected) => {
    expect(fileItems(message({ files: [file(changes)] }), PLACE)[0]).toMatchObject(expected);
  });

  it('that is twice with one message is there once, and one without an id not at all', () => {
    const files = [file(), file({ title: 'again' }), file({ id: null }), file({ id: '../F1' }), null, 'F1'];
    expect(fileItems(message({ files }), PLACE)).toHaveLength(1);
    expect(fileItems(message({ files, ts: 'x' }), PLACE)).toEqual([]);
  });
});

function nothingElse(): Record<string, undefined> {
  return Object.fromEntries(Object.keys(file()).map((name) => [name, undefined]));
}
