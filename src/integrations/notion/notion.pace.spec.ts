import { expect, it } from '@jest/globals';
import { notionPace } from './notion.pace.ts';

it('counts every call to Notion for its connection, at the number that holds on every plan', () => {
  const pace = { resource: 'connection', of: ['app', 'bot-1'], limit: 180, windowMs: 60_000 };
  for (const path of [
    '/search',
    '/databases/d1',
    '/data_sources/s1/query',
    '/blocks/b1/children',
    '/comments',
    '/users',
  ]) {
    expect(notionPace({ clientId: 'app', account: 'bot-1', path })).toEqual(pace);
  }
});

it('knows the workspace, whose own limit is told by a 429 alone, where the connection does', () => {
  const call = { clientId: 'app', account: 'bot-1', path: '/search' };
  expect(notionPace({ ...call, within: 'w1' }).within).toEqual({ resource: 'workspace', of: ['w1'] });
  expect(notionPace(call)).not.toHaveProperty('within');
});
