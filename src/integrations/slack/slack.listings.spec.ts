import { describe, expect, it } from '@jest/globals';
import { PositionExpired } from '../../items/item-source.ts';
import { channel } from './fixtures/slack-answers.ts';
import { channelListing, readListing, readPosition, threadListing, writePosition } from './slack.listings.ts';

const TS = '1512085950.000216';

describe('the listing of a channel', () => {
  it.each([
    [{}, { channel: 'C012AB3CD', team: 'T012AB3C4', name: 'general' }],
    [{ name: 'проект-東京-🚀' }, { channel: 'C012AB3CD', team: 'T012AB3C4', name: 'проект-東京-🚀' }],
    [{ name: 'not / as Slack\nhas it' }, { channel: 'C012AB3CD', team: 'T012AB3C4', name: 'not / as Slack\nhas it' }],
    [
      { name: '', context_team_id: null },
      { channel: 'C012AB3CD', team: null, name: null },
    ],
    [{ name: 'x'.repeat(100_000) }, { channel: 'C012AB3CD', team: 'T012AB3C4', name: null }],
  ])('for %j is short, and read as it was written', (changes, expected) => {
    const listing = channelListing(channel(changes))!;
    expect(listing.length).toBeLessThan(200);
    expect(readListing(listing)).toEqual(expected);
  });

  it.each([[undefined], [7], [''], ['C1/../x'], ['C1 T1']])('is none for the id %j', (id) => {
    expect(channelListing(channel({ id }))).toBeUndefined();
  });
});

describe('the listing of a thread', () => {
  it.each([['T012AB3C4'], [null]])('of the workspace %j is read as it was written', (team) => {
    const listing = threadListing({ channel: 'C1', team, name: 'general' }, TS);
    expect(readListing(listing)).toEqual({ channel: 'C1', thread: TS, team });
  });

  it.each([[''], ['c1 T1'], ['C1'], ['C1/now T1'], [`../${TS} T1`], [`C1/${TS}`]])('is not %j', (listing) => {
    expect(() => readListing(listing)).toThrow(expect.objectContaining({ code: 'cursor_invalid' }));
  });
});

describe('a position among messages', () => {
  it.each([[{ ts: TS }], [{ ts: TS, cursor: 'bmV4 dD=' }], [{ cursor: 'bmV4dD=' }]])(
    'that is %j is read as it was written',
    (position) => {
      expect(readPosition(writePosition(position))).toEqual({ ts: undefined, cursor: undefined, ...position });
    },
  );

  it('is the start when there is none', () => {
    expect(readPosition(undefined)).toEqual({});
  });

  it.each([[''], ['x'], ['1512085950'], [`${TS}x`]])('that is %j leads nowhere', (position) => {
    expect(() => readPosition(position)).toThrow(PositionExpired);
  });
});
