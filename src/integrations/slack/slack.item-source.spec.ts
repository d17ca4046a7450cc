import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../../errors/secret.ts';
import { PositionExpired } from '../../items/item-source.ts';
import { inTurn, json, startProviderStub, type ProviderStub } from '../../outbound/fixtures/provider-stub.ts';
import { testClient } from '../../outbound/fixtures/test-client.ts';
import type { OutboundClient } from '../../outbound/outbound-client.ts';
import { ProviderApi } from '../provider-api.ts';
import { channel, user } from './fixtures/slack-answers.ts';
import { slackDescriptor } from './slack.descriptor.ts';
import { SlackItemSource } from './slack.item-source.ts';
import { MARKETPLACE_OR_INTERNAL } from './slack.limits.ts';

let slack: ProviderStub;
let outbound: OutboundClient;
let source: SlackItemSource;
let tokens: readonly string[];

beforeEach(async () => {
  slack = await startProviderStub();
  outbound = testClient();
  let given = 0;
  tokens = ['token-1', 'token-2'];
  const api = new ProviderApi(slackDescriptor, `${slack.url}/api`, outbound, {
    current: () => new Secret(tokens[given] ?? ''),
    replace: () => Promise.resolve(new Secret(tokens[++given] ?? '')),
  });
  source = new SlackItemSource(api, MARKETPLACE_OR_INTERNAL);
});

afterEach(async () => {
  await outbound.close();
  await slack.close();
});

describe('Slack’s channels', () => {
  it('are listed, private and archived ones too', async () => {
    slack.answer = json({ ok: true, channels: [channel(), {}, null], response_metadata: { next_cursor: '' } });
    const page = await source.page({ itemType: 'channel', limit: 1000 });
    expect(page).toMatchObject({ items: [{ id: 'C012AB3CD' }] });
    expect(page.next).toBeUndefined();
    const { method, url, headers } = slack.requests[0]!;
    expect(`${method} ${url.pathname}`).toBe('GET /api/conversations.list');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      types: 'public_channel,private_channel',
      exclude_archived: 'false',
      limit: '200',
    });
    expect(headers.authorization).toBe('Bearer token-1');
  });

  it('go on after an empty page, by a cursor with any characters', async () => {
    slack.answer = inTurn(
      json({ ok: true, channels: [], response_metadata: { next_cursor: 'dGVhbTpDMD&x=' } }),
      json({ ok: true, channels: [channel()] }),
    );
    const first = await source.page({ itemType: 'channel', limit: 7 });
    expect(first).toEqual({ items: [], next: 'dGVhbTpDMD&x=' });
    const second = await source.page({ itemType: 'channel', limit: 7, position: first.next! });
    expect(second.items).toHaveLength(1);
    expect(second.next).toBeUndefined();
    expect(slack.requests[1]?.url.searchParams.get('cursor')).toBe('dGVhbTpDMD&x=');
    expect(slack.requests[1]?.url.searchParams.get('limit')).toBe('7');
  });

  it('are begun anew when Slack no longer knows the cursor', async () => {
    slack.answer = json({ ok: false, error: 'invalid_cursor' });
    const page = source.page({ itemType: 'channel', limit: 7, position: 'dGVhbTpDMDYxRkE1UEI=' });
    await expect(page).rejects.toThrow(PositionExpired);
    await expect(source.page({ itemType: 'channel', limit: 7 })).rejects.toMatchObject({
      code: 'provider_error',
      message: 'Slack refused the call (invalid_cursor).',
    });
  });

  it('are none, and no more, in an answer that makes no sense', async () => {
    slack.answer = json({ ok: true, channels: 'none', response_metadata: 'more' });
    expect(await source.page({ itemType: 'channel', limit: 7 })).toEqual({ items: [] });
  });
});

describe('Slack’s users', () => {
  it('are listed', async () => {
    slack.answer = json({ ok: true, members: [user()], response_metadata: { next_cursor: 'c1' } });
    const page = await source.page({ itemType: 'user', limit: 1000, modifiedSince: new Date(0) });
    expect(page).toMatchObject({ items: [{ id: 'W012A3CDE' }], next: 'c1' });
    const { url } = slack.requests[0]!;
    expect(url.pathname).toBe('/api/users.list');
    expect(Object.fromEntries(url.searchParams)).toEqual({ limit: '200' });
  });
});

describe('a 200 that says no', () => {
  it('has the token replaced once when it has expired', async () => {
    slack.answer = inTurn(json({ ok: false, error: 'token_expired' }), json({ ok: true, members: [user()] }));
    expect((await source.page({ itemType: 'user', limit: 7 })).items).toHaveLength(1);
    expect(slack.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('says how long to wait when there were too many', async () => {
    slack.answer = json({ ok: false, error: 'ratelimited' });
    await expect(source.page({ itemType: 'user', limit: 7 })).rejects.toMatchObject({
      code: 'provider_rate_limited',
      details: { retry_after: 30 },
    });
  });

  it('is an error when Slack wants a limit after all', async () => {
    slack.answer = json({ ok: false, error: 'limit_required' });
    await expect(source.page({ itemType: 'user', limit: 7 })).rejects.toMatchObject({
      message: 'Slack refused the call (limit_required).',
    });
  });

  it('is an error with Slack’s own code', async () => {
    slack.answer = json({ ok: false, error: 'missing_scope', needed: 'users:read' });
    await expect(source.page({ itemType: 'user', limit: 7 })).rejects.toMatchObject({
      code: 'provider_error',
      message: 'Slack refused the call (missing_scope).',
    });
  });
});
