import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Secret } from '../errors/secret.ts';
import { json, startProviderStub, type Answer, type ProviderStub } from '../outbound/fixtures/provider-stub.ts';
import { stopTime } from '../outbound/fixtures/stopped-clock.ts';
import { testClient } from '../outbound/fixtures/test-client.ts';
import type { OutboundClient } from '../outbound/outbound-client.ts';
import { WindowStore } from '../outbound/pacing/fixtures/window-store.ts';
import { paceLane } from '../outbound/pacing/pace.ts';
import { Pacer } from '../outbound/pacing/pacer.ts';
import type { PaceWait } from '../outbound/pacing/waiter.ts';
import { path } from '../outbound/provider-path.ts';
import { ApiPacing, type ApiUse } from './api-pacing.ts';
import type { IntegrationDescriptor } from './integration-descriptor.ts';
import { ProviderApi } from './provider-api.ts';
import { registry } from './registry.ts';

let provider: ProviderStub;
let outbound: OutboundClient;
let pacer: Pacer;

beforeEach(async () => {
  stopTime();
  for (const level of ['warn', 'log'] as const) jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
  provider = await startProviderStub();
  outbound = testClient();
  pacer = new Pacer(new WindowStore());
});

afterEach(async () => {
  jest.restoreAllMocks();
  jest.useRealTimers();
  pacer.close();
  await outbound.close();
  await provider.close();
});

function api(integration: string, use: Partial<ApiUse> = {}, accountId = 'account-1'): ProviderApi {
  const found = registry.find(({ descriptor }) => descriptor.name === integration)?.descriptor;
  const descriptor = found as IntegrationDescriptor;
  const connection = { connectionId: 'con_1', clientId: 'app', account: { id: accountId, name: null } };
  const tokens = { current: () => new Secret('token'), replace: () => Promise.reject(new Error('Not this time.')) };
  return new ProviderApi(
    descriptor,
    provider.url,
    outbound,
    tokens,
    new ApiPacing(pacer, descriptor, { factor: 1 }, { connection, ...use }),
  );
}

const refused = (retry_after: number) => ({ code: 'provider_rate_limited', details: { retry_after } });

describe('an account after a refusal for too many calls', () => {
  it.each<[string, string, Answer, number]>([
    ['hubspot', 'a 429 with Retry-After', json({}, 429, { 'retry-after': '40' }), 40],
    ['airtable', 'Airtable’s 429, which names no time', json({ errors: [{ error: 'RATE_LIMIT_REACHED' }] }, 429), 30],
    ['hubspot', 'HubSpot’s daily limit', json({ policyName: 'DAILY' }, 429), 3600],
    ['notion', 'Notion’s overload', json({ additional_data: { retry_after: '50' } }, 529), 50],
    ['slack', 'Slack’s 200 that says ratelimited', json({ ok: false, error: 'ratelimited' }), 30],
    ['slack', 'a 429 that asks for a year: an hour', json({}, 429, { 'retry-after': '31536000' }), 3600],
    [
      'notion',
      'a body that asks for a year: an hour',
      json({ additional_data: { retry_after: '31536000' } }, 529),
      3600,
    ],
  ])('is left alone: %s, %s', async (integration, _what, answer, seconds) => {
    provider.answer = answer;
    await expect(api(integration).get({ path: path`/first` })).rejects.toMatchObject({ code: 'provider_rate_limited' });
    const sent = provider.requests.length;
    provider.answer = json({ ok: true });
    // By another load, and for whatever else of the account.
    for (const to of [path`/first`, path`/second`]) {
      await expect(api(integration).get({ path: to })).rejects.toMatchObject(refused(seconds));
    }
    expect(provider.requests).toHaveLength(sent);
    await api(integration, {}, 'account-2').get({ path: path`/first` });
    expect(provider.requests).toHaveLength(sent + 1);
  });

  it.each<[string, Answer]>([
    ['airtable', json({ error: { type: 'PUBLIC_API_BILLING_LIMIT_EXCEEDED' } }, 429, { 'retry-after': '30' })],
    ['hubspot', json({ category: 'MISSING_SCOPES' }, 403)],
  ])('is not left alone at %s for a refusal of another kind', async (integration, answer) => {
    provider.answer = answer;
    await expect(api(integration).get({ path: path`/first` })).rejects.toMatchObject({ code: 'provider_error' });
    provider.answer = json({ ok: true });
    await api(integration).get({ path: path`/first` });
  });
});

describe('a workspace of Notion, after a 429', () => {
  const throttled = (rate_limit_reason: string) =>
    json({ code: 'rate_limited', additional_data: { rate_limit_reason, retry_after: '50' } }, 429);
  const use = (id: string, within: string) => ({
    connection: { connectionId: id, clientId: 'app', account: { id, within } },
  });

  it.each([
    ['is left alone by all connections to it when the limit was its own', 'public_api_space_request_rate_limit', 1],
    ['is open to its other connections when the limit was one connection’s', 'public_api_request_rate_limit', 2],
  ])('%s', async (_what, reason, answered) => {
    provider.answer = throttled(reason);
    const first = api('notion', use('bot-1', 'w1'));
    await expect(first.get({ path: path`/search` })).rejects.toMatchObject(refused(50));
    provider.answer = json({ ok: true });
    const calls = [first, api('notion', use('bot-2', 'w1')), api('notion', use('bot-3', 'w2'))];
    const outcomes = await Promise.allSettled(calls.map((notion) => notion.get({ path: path`/search` })));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(answered);
    expect(outcomes[0]?.status).toBe('rejected');
  });
});

describe('a call for an account that nobody knows yet', () => {
  const use = (connectionId: string) => ({ connection: { connectionId, clientId: 'app' } });

  it('counts, with all others of its kind', async () => {
    const pace = jest.spyOn(pacer, 'admit');
    await api('airtable', use('one')).get({ path: path`/meta/whoami` });
    await api('airtable', use('two')).get({ path: path`/meta/whoami` });
    const lanes = pace.mock.calls.map(([{ lane }]) => lane);
    expect(lanes).toHaveLength(2);
    expect(lanes[0]).toEqual(lanes[1]);
  });

  // Whoever has his own account refused would shut out everybody who connects.
  it('keeps no other from being made when it is refused', async () => {
    provider.answer = json({ errors: [{ error: 'RATE_LIMIT_REACHED' }] }, 429, { 'retry-after': '40' });
    const call = { path: path`/meta/whoami` };
    await expect(api('airtable', use('one')).get(call)).rejects.toMatchObject(refused(40));
    provider.answer = json({ id: 'usrAnn' });
    await expect(api('airtable', use('two')).get(call)).resolves.toEqual({ id: 'usrAnn' });
  });
});

it.each(registry)(
  'every call of $descriptor.name counts for something, under a name the store takes',
  ({ descriptor }) => {
    const { name, api } = descriptor;
    for (const account of ['a', 'b', 'ö {a}']) {
      const lane = paceLane(name, api.pace({ path: '/what ever/{is}?called', clientId: 'app', account }));
      expect(lane.limit).toBeGreaterThanOrEqual(1);
      expect(lane.key).toMatch(/^pace\/[a-z0-9-]+\/[\w-]{43}$/);
    }
  },
);

it('tells who asked for it that a call waits, and for how long', async () => {
  const waits: PaceWait[] = [];
  const caller = new AbortController();
  const hubspot = api('hubspot', {
    onWait: (wait) => {
      waits.push(wait);
      caller.abort(new Error('Heard enough.'));
    },
  });
  const call = { path: path`/crm/v3/objects/contacts/search`, json: {} };
  await Promise.all(Array.from({ length: 5 }, () => hubspot.post(call)));
  await expect(hubspot.post({ ...call, signal: caller.signal })).rejects.toThrow('Heard enough.');
  expect(waits).toEqual([{ integration: 'hubspot', resource: 'search', waitMs: expect.any(Number) }]);
  expect(provider.requests).toHaveLength(5);
});

it('tells who asked for it how long a provider has a call wait that it refused', async () => {
  const waits: PaceWait[] = [];
  provider.answer = json({}, 429, { 'retry-after': '40' });
  const hubspot = api('hubspot', { onWait: (wait) => void waits.push(wait) });
  await expect(hubspot.get({ path: path`/crm/v3/objects/contacts` })).rejects.toMatchObject(refused(40));
  expect(waits).toEqual([{ integration: 'hubspot', resource: expect.any(String), waitMs: 40_000 }]);
});
