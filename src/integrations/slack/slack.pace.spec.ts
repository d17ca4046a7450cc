import { describe, expect, it } from '@jest/globals';
import { slackPace } from './slack.pace.ts';

describe('the pace of calls to Slack', () => {
  it.each([
    ['conversations.list', 20],
    ['users.list', 20],
    ['conversations.info', 50],
    ['conversations.history', 50],
    ['conversations.replies', 50],
    ['users.conversations', 50],
    ['auth.test', 100],
    ['users.info', 100],
    ['a.method.nobody.looked.up', 20],
  ])('counts %s for its workspace, %i a minute', (method, limit) => {
    expect(slackPace({ clientId: 'app', account: 'T1', path: `/${method}` })).toEqual({
      resource: method,
      of: ['app', 'T1', method],
      limit,
      windowMs: 60_000,
      within: { resource: 'workspace', of: ['app', 'T1'] },
    });
  });

  it.each([
    ['conversations.history', 1],
    ['conversations.replies', 1],
    ['conversations.list', 20],
  ])('of an app outside the Marketplace has %s %i a minute', (method, limit) => {
    const call = { clientId: 'app', account: 'T1', path: `/${method}`, switches: { MARKETPLACE: false } };
    expect(slackPace(call)).toMatchObject({ limit, windowMs: 60_000 });
  });

  // Its connections are told apart by user, Slack's limits are not.
  it('counts a personal installation for the workspace as well', () => {
    const path = '/users.list';
    expect(slackPace({ clientId: 'app', account: 'T1:U1', path })).toEqual(
      slackPace({ clientId: 'app', account: 'T1', path }),
    );
  });
});
