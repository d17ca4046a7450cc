import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { registry } from '../../src/integrations/registry.ts';
import { clockStandsStill, onlyTheDateIsFake } from '../support/fake-date.ts';
import type { Answer, Browser } from '../support/http-browser.ts';
import { loadAll, type Item } from '../support/load-all.ts';
import { LONG_DEADLINES, OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { SandboxControl } from '../support/sandbox-control.ts';

/** A call may last as long as a slow machine makes it, but no provider that asks to wait for a minute is waited for. */
const DEADLINES = { ...LONG_DEADLINES, outbound: { ...LONG_DEADLINES.outbound, callTimeoutMs: 60_000 } };

/** What the callback page tells whoever waits for it. */
function told(page: Answer): Record<string, unknown> {
  const [, json = '{}'] = /const message = (\{.*\});/.exec(page.text) ?? [];
  return JSON.parse(json) as Record<string, unknown>;
}

let patchbay: RunningPatchbay;
let control: SandboxControl;
let browser: Browser;
/** A new one for each test, so that no test sees another's connections. */
let owner: { readonly user_id: string; readonly org_id: string };
let count = 0;

beforeAll(async () => {
  patchbay = await startPatchbay({ sandbox: { items: 5 }, deadlines: DEADLINES });
  control = new SandboxControl(patchbay.sandbox);
});
afterAll(() => patchbay.close());
beforeEach(async () => {
  browser = patchbay.newBrowser();
  owner = { ...OWNER, user_id: `user-${(count += 1)}` };
  await control.reset();
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe.each(registry.map(({ descriptor }) => descriptor))('The integration $name', (descriptor) => {
  const { name } = descriptor;
  const path = `/integrations/${name}`;

  const connections = async (): Promise<Record<string, unknown>[]> => {
    const answer = await browser.get(`/connections?user_id=${owner.user_id}&org_id=${owner.org_id}`);
    return answer.json['connections'] as Record<string, unknown>[];
  };
  const outcome = async (state: string) => (await browser.get(`${path}/authorizations/${state}`)).json;

  it('connects an account and says whose it is', async () => {
    const { authorization_url, state, expires_in } = await browser.begin(name, owner);
    expect(expires_in).toBe(600);
    expect(await outcome(state)).toEqual({ status: 'pending' });

    const page = await browser.arrive(await browser.decide(authorization_url, 'approve'));
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    const [connection] = await connections();
    expect(connection).toMatchObject({ integration: name, ...owner, status: 'active' });
    expect(connection?.['connection_id']).toMatch(/^con_[\w-]{22}$/);
    expect(connection?.['account']).toEqual({ id: expect.any(String), name: expect.any(String) });
    const connection_id = connection?.['connection_id'];
    expect(told(page)).toEqual({
      type: 'patchbay.connection',
      integration: name,
      status: 'connected',
      connection_id,
      state,
    });
    expect(await outcome(state)).toEqual({ status: 'connected', connection_id });
  });

  it('answers credentials with the connection and never with a token', async () => {
    await browser.connect(name, owner);
    const answer = await browser.post(`${path}/credentials`, owner);
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.json)).toEqual(['connection']);
    expect(answer.json['connection']).toMatchObject({ integration: name, status: 'active' });
    const refused = await browser.post(`${path}/credentials`, { ...owner, include: ['access_token'] });
    expect([refused.status, refused.json['error']]).toEqual([403, 'forbidden']);
  });

  it('loads every item of every default type exactly once, whatever the page size', async () => {
    await browser.connect(name, owner);
    const whole = await loadAll(browser, name, { ...owner, page_size: 1000 });
    expect(new Set(whole.map((item) => item.type))).toEqual(new Set(descriptor.defaultItemTypes));
    expect(new Set(whole.map((item) => item.id)).size).toBe(whole.length);
    for (const pageSize of [1, 3]) {
      const chunked = await loadAll(browser, name, { ...owner, page_size: pageSize });
      expect(chunked.map((item) => item.id)).toEqual(whole.map((item) => item.id));
    }
  });

  it('refuses an item type that it does not have', async () => {
    await browser.connect(name, owner);
    const answer = await browser.post(`${path}/load`, { ...owner, item_types: ['unicorn'] });
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_request']);
  });

  it('takes a denial for the answer it is, and uses up the state', async () => {
    const { authorization_url, state } = await browser.begin(name, owner);
    const location = await browser.decide(authorization_url, 'deny');
    const page = await browser.arrive(location);
    expect(page.status).toBe(200);
    expect(told(page)).toMatchObject({ status: 'denied', state });
    expect(await outcome(state)).toEqual({ status: 'denied', error: 'access_denied' });
    expect(await connections()).toEqual([]);
    expect((await browser.arrive(location)).status).toBe(410);
  });

  it('refuses a state it never gave, and exchanges nothing', async () => {
    const query = new URLSearchParams({ code: 'a-code', state: 'a-state-nobody-ever-gave-out-to-anyone' });
    const answer = await browser.get(`${path}/oauth2callback?${query.toString()}`);
    expect([answer.status, answer.json['error']]).toEqual([410, 'authorization_expired']);
    expect((await control.stats(name)).exchanges).toBe(0);
  });

  it('refuses a state older than ten minutes, and calls it expired', async () => {
    const { authorization_url, state } = await browser.begin(name, owner);
    const location = await browser.decide(authorization_url, 'approve');
    onlyTheDateIsFake(Date.now() + 601_000);
    expect((await browser.arrive(location)).status).toBe(410);
    expect(await outcome(state)).toEqual({ status: 'expired' });
    expect((await control.stats(name)).exchanges).toBe(0);
  });

  it('exchanges a code once, however often the callback arrives at the same time', async () => {
    const { authorization_url } = await browser.begin(name, owner);
    const location = await browser.decide(authorization_url, 'approve');
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.arrive(location)));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 410)).toHaveLength(19);
    expect((await control.stats(name)).exchanges).toBe(1);
  });

  it('refuses a response that arrives with another browser, and leaves it to the one that began', async () => {
    const { authorization_url } = await browser.begin(name, owner);
    const location = await browser.decide(authorization_url, 'approve');
    const stranger = await patchbay.newBrowser().arrive(location);
    expect(stranger.status).toBe(400);
    expect((await control.stats(name)).exchanges).toBe(0);
    expect(await connections()).toEqual([]);
    expect((await browser.arrive(location)).status).toBe(200);
  });

  it('refuses a response that was meant for another integration', async () => {
    const other = registry.find((one) => one.descriptor.name !== name)?.descriptor.name ?? '';
    const { authorization_url } = await browser.begin(name, owner);
    const location = await browser.decide(authorization_url, 'approve');
    location.pathname = `/integrations/${other}/oauth2callback`;
    expect((await browser.arrive(location)).status).toBe(400);
    expect((await control.stats(name)).exchanges).toBe(0);
    expect((await control.stats(other)).exchanges).toBe(0);
  });

  it('says so when the code is refused, and connects nothing', async () => {
    const { authorization_url, state } = await browser.begin(name, owner);
    const location = await browser.decide(authorization_url, 'approve');
    location.searchParams.set('code', 'not-the-code-it-gave');
    const page = await browser.arrive(location);
    expect(page.status).toBe(502);
    expect(told(page)).toMatchObject({ status: 'failed', error: 'provider_error', state });
    expect(await outcome(state)).toEqual({ status: 'failed', error: 'provider_error' });
    expect(await connections()).toEqual([]);
  });

  it.each([
    ['is down', 'reset', 503, 'provider_unavailable'],
    ['answers a page where JSON belongs', 'html', 502, 'provider_protocol_error'],
    ['cuts its answer off', 'truncate', [502, 503], /provider_(?:protocol_error|unavailable)/],
    ['sends us elsewhere', 'redirect', 502, 'provider_protocol_error'],
    ['sends more than anyone would', 'huge', 502, 'provider_protocol_error'],
  ])('ends the authorization honestly when the token endpoint %s', async (_what, mode, status, error) => {
    const { authorization_url } = await browser.begin(name, owner);
    const location = await browser.decide(authorization_url, 'approve');
    await control.fault({ provider: name, endpoint: 'token', mode });
    const page = await browser.arrive(location);
    expect([status].flat()).toContain(page.status);
    expect(told(page)['error']).toMatch(error);
    expect(await connections()).toEqual([]);
  });

  it.each([
    ['is down', 'reset', 503, 'provider_unavailable'],
    ['answers a page where JSON belongs', 'html', 502, 'provider_protocol_error'],
    ['sends us elsewhere', 'redirect', 502, 'provider_protocol_error'],
    ['fails', 'status', 502, 'provider_error'],
  ])('answers a load in the envelope when the API %s', async (_what, mode, status, error) => {
    await browser.connect(name, owner);
    await control.fault({ provider: name, endpoint: 'api', mode, ...(mode === 'status' ? { status: 500 } : {}) });
    // Of one type: an outage met by several is long enough to open the circuit, and to close the next test's way.
    const query = { ...owner, item_types: descriptor.defaultItemTypes.slice(0, 1) };
    const answer = await browser.post(`${path}/load`, query);
    expect([answer.status, answer.json['error']]).toEqual([status, error]);
    expect(answer.json['details']).toMatchObject({ request_id: answer.headers.get('x-request-id'), integration: name });
    expect((await control.stats(name)).requests['GET /elsewhere']).toBeUndefined();
    // The circuit counts failures in a row: with a success it begins anew.
    await control.clearFaults();
    expect((await browser.post(`${path}/load`, query)).status).toBe(200);
  });

  it('gets over one failing call by itself', async () => {
    await browser.connect(name, owner);
    await control.fault({ provider: name, endpoint: 'api', mode: 'status', status: 503, times: 1 });
    expect((await browser.post(`${path}/load`, owner)).status).toBe(200);
  });

  it('passes on how long the provider wants us to wait, and makes no call meanwhile', async () => {
    onlyTheDateIsFake(Date.now());
    clockStandsStill();
    await browser.connect(name, owner);
    await control.fault({ provider: name, endpoint: 'api', mode: 'status', status: 429, retry_after: 77 });
    const answer = await browser.post(`${path}/load`, owner);
    const { requests } = await control.stats(name);
    await control.clearFaults();
    const next = await browser.post(`${path}/load`, owner);
    for (const { status, json, headers } of [answer, next]) {
      expect([status, json['error'], headers.get('retry-after')]).toEqual([503, 'provider_rate_limited', '77']);
    }
    expect((await control.stats(name)).requests).toEqual(requests);
    // The embedded store forgets the wait with the process.
    await patchbay.restart();
  });

  it('refreshes once when the API no longer takes the token, and goes on', async () => {
    await browser.connect(name, owner);
    await control.expire(name, 'access');
    const answers = await Promise.all(Array.from({ length: 10 }, () => browser.post(`${path}/load`, owner)));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 10 }, () => 200));
    const stats = await control.stats(name);
    expect(stats.refreshes).toBe(1);
    expect(stats.rotated_token_reuse).toBe(0);
  });

  it('asks for a new authorization when the grant is gone, and connecting again heals the same connection', async () => {
    await browser.connect(name, owner);
    const [before] = await connections();
    await control.expire(name, 'grant');
    const answer = await browser.post(`${path}/load`, owner);
    expect([answer.status, answer.json['error']]).toEqual([409, 'reauthorization_required']);
    expect((await connections())[0]).toMatchObject({ status: 'reauthorization_required' });
    const calls = (await control.stats(name)).requests;
    expect((await browser.post(`${path}/load`, owner)).status).toBe(409);
    expect((await control.stats(name)).requests).toEqual(calls);

    await browser.connect(name, owner);
    const after = await connections();
    expect(after).toHaveLength(1);
    expect(after[0]).toMatchObject({ connection_id: before?.['connection_id'], status: 'active' });
    expect((await browser.post(`${path}/load`, owner)).status).toBe(200);
  });

  it('disconnects: forgets the grant, and revokes it where the provider can', async () => {
    await browser.connect(name, owner);
    const query = new URLSearchParams(owner).toString();
    const answer = await browser.call('DELETE', `${path}/credentials?${query}`);
    expect(answer.status).toBe(200);
    const { revocations } = await control.stats(name);
    expect(answer.json).toEqual({ deleted: true, revoked: revocations > 0 });
    expect(await connections()).toEqual([]);
    const again = await browser.call('DELETE', `${path}/credentials?${query}`);
    expect([again.status, again.json['error']]).toEqual([404, 'connection_not_found']);
  });

  it('forgets the grant even when the provider cannot be asked to revoke it', async () => {
    await browser.connect(name, owner);
    await control.fault({ provider: name, mode: 'reset' });
    const answer = await browser.call('DELETE', `${path}/credentials?${new URLSearchParams(owner).toString()}`);
    expect([answer.status, answer.json]).toEqual([200, { deleted: true, revoked: false }]);
    expect(await connections()).toEqual([]);
  });

  it('keeps a connection for each account, and means the latest where none is named', async () => {
    await browser.connect(name, owner);
    const { authorization_url } = await browser.begin(name, owner);
    const second = await browser.secondAccount(authorization_url);
    await browser.arrive(await browser.decide(authorization_url, 'approve', { account: second }));
    const [latest, first, ...more] = await connections();
    expect(more).toEqual([]);
    expect((latest?.['account'] as { id: string }).id).not.toBe((first?.['account'] as { id: string }).id);
    const answer = await browser.post(`${path}/credentials`, owner);
    expect((answer.json['connection'] as Item)['connection_id']).toBe(latest?.['connection_id']);
    const named = await browser.post(`${path}/credentials`, { ...owner, connection_id: first?.['connection_id'] });
    expect((named.json['connection'] as Item)['connection_id']).toBe(first?.['connection_id']);
  });
});
