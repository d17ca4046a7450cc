import { describe, expect, it } from '@jest/globals';
import { channel, user } from './fixtures/slack-answers.ts';
import { channelItem, slackAccount, userItem } from './slack.mapper.ts';

describe('a channel', () => {
  it('is read into an item: `created` in seconds, `updated` in milliseconds', () => {
    expect(channelItem(channel())).toEqual({
      id: 'C012AB3CD',
      type: 'channel',
      directory: true,
      parent_path_or_name: null,
      parent_id: null,
      name: 'general',
      creation_time: '2015-12-04T18:14:49.000Z',
      last_modified_time: '2023-03-07T22:54:24.302Z',
      url: 'https://slack.com/app_redirect?team=T012AB3C4&channel=C012AB3CD',
      children: null,
      mime_type: null,
      delta: null,
      drive_id: 'T012AB3C4',
      visibility: true,
    });
  });

  it.each([
    ['private', { id: 'G012AB3CD', is_private: true, is_group: true }],
    ['shared within an organisation', { is_shared: true, is_org_shared: true, shared_team_ids: ['T1', 'T2'] }],
    ['shared with another company', { is_shared: true, is_ext_shared: true, conversation_host_id: 'T9' }],
  ])('that is %s is one like any other, of the workspace it was listed for', (_what, changes) => {
    expect(channelItem(channel(changes))).toMatchObject({ name: 'general', drive_id: 'T012AB3C4', visibility: true });
  });

  it.each([['🚀-launch'], ['خطة-الربع-الأول'], ['東京-office'], ['x'.repeat(100_000)]])('may have any name', (name) => {
    expect(channelItem(channel({ name }))?.name).toBe(name);
  });

  it('that is archived is hidden', () => {
    expect(channelItem(channel({ is_archived: true }))?.visibility).toBe(false);
  });

  it('of a workspace that isn’t named has no link', () => {
    const item = channelItem(channel({ context_team_id: undefined }));
    expect(item).toMatchObject({ url: null, drive_id: null });
  });

  it('gives an id no way out of its link', () => {
    expect(channelItem(channel({ id: 'C1&team=T9#' }))?.url).toBe(
      'https://slack.com/app_redirect?team=T012AB3C4&channel=C1%26team%3DT9%23',
    );
  });

  it('with nothing but an id is an item still', () => {
    const odd = { id: 'C1', name: 7, created: 'then', updated: 0, is_archived: 'no' };
    expect(channelItem(odd)).toMatchObject({
      name: null,
      creation_time: null,
      last_modified_time: null,
      url: null,
      visibility: true,
    });
  });

  it.each([[undefined], [null], [''], [7], [{}]])('is skipped when its id is %j', (id) => {
    expect(channelItem(channel({ id }))).toBeUndefined();
  });
});

describe('a user', () => {
  it('is read into an item: `updated` in seconds', () => {
    expect(userItem(user())).toMatchObject({
      id: 'W012A3CDE',
      type: 'user',
      directory: false,
      name: 'Egon Spengler',
      creation_time: null,
      last_modified_time: '2017-08-07T20:44:46.000Z',
      url: null,
      drive_id: 'T012AB3C4',
      visibility: true,
    });
  });

  it('of another workspace is of that one', () => {
    expect(userItem(user({ team_id: 'T9', is_stranger: true }))?.drive_id).toBe('T9');
    expect(userItem(user({ team_id: null }))?.drive_id).toBeNull();
  });

  it('may have any name', () => {
    for (const real_name of ['Ada 🦊', 'ليلى حداد', 'x'.repeat(100_000)])
      expect(userItem(user({ real_name }))?.name).toBe(real_name);
  });

  it.each([
    [{ real_name: undefined }, 'Egon Spengler'],
    [{ real_name: '', profile: { display_name: 'egon' } }, 'egon'],
    [{ real_name: null, profile: null }, 'spengler'],
    [{ real_name: 7, profile: 'x', name: '' }, null],
  ])('with %j is called %j', (changes, name) => {
    expect(userItem(user(changes))?.name).toBe(name);
  });

  it('that was deactivated is hidden', () => {
    expect(userItem(user({ deleted: true }))?.visibility).toBe(false);
  });

  it.each([[undefined], [null], [''], [7]])('is skipped when its id is %j', (id) => {
    expect(userItem(user({ id }))).toBeUndefined();
  });
});

describe('the account of a grant', () => {
  const team = { id: 'T01', name: 'Acme' };
  const authed_user = { id: 'U01' };

  it.each([
    ['a workspace', { team, bot_user_id: 'U0BOT', authed_user }, 'T01', 'Acme'],
    [
      'an organisation',
      { team: null, enterprise: { id: 'E01', name: 'Big' }, is_enterprise_install: true, bot_user_id: 'U0BOT' },
      'E01',
      'Big',
    ],
    ['a workspace of an organisation', { team, enterprise: { id: 'E01' }, bot_user_id: 'U0BOT' }, 'T01', 'Acme'],
    ['a person, where there is no bot', { team, authed_user }, 'T01:U01', 'Acme'],
    ['nobody that is named', { team: 'x', authed_user }, undefined, undefined],
  ])('is %s', (_what, grant, id, name) => {
    expect(slackAccount(grant)).toEqual({ id, name });
  });
});
