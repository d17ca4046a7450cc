import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { integrationNames } from '../../src/integrations/registry.ts';
import type { StatusResponse } from '../../src/operations/dto/status.response.dto.ts';
import { SAMPLE_EVERY_MS } from '../../src/operations/history/timeline.ts';
import { FIRST_PERIOD_MS } from '../../src/outbound/circuit.ts';
import { OutboundClient } from '../../src/outbound/outbound-client.ts';
import { eventually } from '../support/eventually.ts';
import { clockStandsStill, onlyTimeoutsAreFake } from '../support/fake-date.ts';
import type { Answer, Browser } from '../support/http-browser.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { SandboxControl, type ProviderStats } from '../support/sandbox-control.ts';
import { newClient, newSession, type SignedCaller } from '../support/signed-caller.ts';

interface Health {
  readonly status: string;
  readonly info: { readonly circuits: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

const STATUS = '/operations/status';
const CANARIES = { user_id: 'canary-user', org_id: 'canary-org' };

let patchbay: RunningPatchbay;
let sandbox: SandboxControl;
let operator: SignedCaller;
let browser: Browser;
let clock: ReturnType<typeof clockStandsStill>;

beforeAll(async () => {
  // Nothing is sampled, and an open circuit stays open, until a test moves the time.
  onlyTimeoutsAreFake();
  clock = clockStandsStill();
  patchbay = await startPatchbay({ environment: { REFRESH_AHEAD: 'false' } });
  sandbox = new SandboxControl(patchbay.sandbox);
  operator = await newClient(patchbay, { permissions: ['operations:read'] });
  browser = patchbay.newBrowser();
});
afterAll(async () => {
  await patchbay.close();
  jest.useRealTimers();
  jest.restoreAllMocks();
});

async function read(caller = operator): Promise<StatusResponse> {
  const { status, json } = await caller.call('GET', STATUS);
  expect(status).toBe(200);
  return json as unknown as StatusResponse;
}

const totalCalls = ({ requests }: ProviderStats) => total(Object.values(requests));
const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
const of = ({ providers }: StatusResponse, name: string) => providers.find((one) => one.integration === name)!;

describe('Who may see how the service does', () => {
  const refused = ({ status, json }: Answer) => [status, json['error']];

  it('is a session that was given it by a client that may itself, and that says so', async () => {
    const session = await newSession(patchbay, { ...OWNER, permissions: ['operations:read'] });
    expect((await session.call('GET', '/sessions/current')).json['permissions']).toEqual(['operations:read']);
    expect((await read(session)).providers.map(({ integration }) => integration)).toEqual(integrationNames);
  });

  it('is no other session, and no client without the permission', async () => {
    const others = [
      await newSession(patchbay, OWNER),
      await newClient(patchbay, { permissions: ['sessions:create', 'items:read', 'tokens:read'] }),
    ];
    for (const other of others) expect(refused(await other.call('GET', STATUS))).toEqual([403, 'forbidden']);
    expect((await others[0]!.call('GET', '/sessions/current')).json['permissions']).toEqual([]);
  });

  it('is not whom a client names that may not itself', async () => {
    const backend = await newClient(patchbay, { permissions: ['sessions:create'] });
    const asked = await backend.call('POST', '/sessions', { ...OWNER, permissions: ['operations:read'] });
    expect(refused(asked)).toEqual([403, 'forbidden']);
  });

  it.each([[[]], [['items:read']], [['operations:read', 'tokens:read']], ['*'], [[null]], [{ 0: 'operations:read' }]])(
    'is not said by %j, which is no permission of a session',
    async (permissions) => {
      const backend = await newClient(patchbay);
      expect(refused(await backend.call('POST', '/sessions', { ...OWNER, permissions }))).toEqual([
        400,
        'invalid_request',
      ]);
    },
  );

  it('is whoever tries the demo', async () => {
    const { status, headers } = await browser.get(STATUS);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  });
});

describe('The status', () => {
  it('counts requests and how they ended, in intervals that cover the time since the start', async () => {
    const readNextInterval = () => {
      clock.pass(SAMPLE_EVERY_MS);
      return read();
    };
    const before = await readNextInterval();
    await operator.call('GET', '/integrations');
    await operator.call('GET', '/nowhere');
    const since = (status: StatusResponse, what: 'served' | 'refused') =>
      total(status.requests.answers[what]) - total(before.requests.answers[what]);
    const after = await eventually(readNextInterval, (status) => since(status, 'refused') > 0);
    // The look itself is not counted, nor are the probes.
    expect([since(after, 'served'), since(after, 'refused')]).toEqual([1, 1]);
    const { first_at, interval_in, last_interval_in, intervals } = after.timeline;
    expect(intervals).toBeGreaterThan(before.timeline.intervals);
    const coveredMs = ((intervals - 1) * interval_in + last_interval_in) * 1000;
    const sinceStartMs = Date.parse(after.as_of) - Date.parse(first_at);
    expect(sinceStartMs).toBe(coveredMs);
    for (const list of listsOf(after)) expect(list).toHaveLength(intervals);
    expect(after.requests.p95_in.filter((value) => value !== null).length).toBeGreaterThan(0);
    expect(after.process.id).toBe(before.process.id);
  });

  it('tells of a circuit that opened, of why, of the next trial, and of calls and refreshes', async () => {
    const openedAfter = Date.now();
    await browser.connect('airtable', CANARIES);
    await sandbox.expire('airtable', 'access');
    expect((await browser.post('/integrations/airtable/load', CANARIES)).status).toBe(200);
    await sandbox.fault({ provider: 'airtable', endpoint: 'api', mode: 'status', status: 500 });
    const apiOf = (seen: StatusResponse) => of(seen, 'airtable').circuits.find(({ endpoint }) => endpoint === 'api')!;
    const status = await eventually(
      async () => {
        await browser.post('/integrations/airtable/load', CANARIES);
        clock.pass(SAMPLE_EVERY_MS);
        return read();
      },
      (seen) => Math.max(...apiOf(seen).states) === 2 && total(of(seen, 'airtable').failures) >= 10,
    );
    const airtable = of(status, 'airtable');
    const api = apiOf(status);
    expect(api).toMatchObject({ state: 'open', reason: 'server_error', failures: 10 });
    expect(Date.parse(api.next_trial_at ?? '')).toBeGreaterThan(openedAfter);
    expect(total(airtable.refreshes.renewed)).toBe(1);
    expect(total(airtable.attempts)).toBeGreaterThan(total(airtable.failures));
    expect(total(airtable.pacing.admitted)).toBeGreaterThan(0);
    expect(airtable.lately.p95_in).toBeGreaterThan(0);
    expect(total(status.store.operations)).toBeGreaterThan(0);
    expect(of(status, 'hubspot').circuits.map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  it('names nobody, and holds no secret', async () => {
    const { text } = await operator.call('GET', STATUS);
    expect(text).not.toMatch(/canary/i);
    expect(text).not.toMatch(/(?:con|ses|cli)_[A-Za-z0-9_-]{8,}/);
    expect(text).not.toContain(patchbay.dataDir);
    const words = [...text.matchAll(/"([^"]*)"/g)].map(([, word = '']) => word);
    expect(words.filter((word) => word.length > 30)).toEqual([]);
  });
});

describe('A provider that goes down and comes back', () => {
  const LOAD = '/integrations/slack/load';
  const USERS = { ...OWNER, item_types: ['user'] };
  const health = async (): Promise<Health> => {
    const response = await fetch(`${patchbay.url}/health`);
    expect(response.status).toBe(200);
    return (await response.json()) as Health;
  };
  const statusOf = async (integration: string): Promise<unknown> => {
    const { json } = await browser.get('/integrations');
    const all = json['integrations'] as readonly Readonly<Record<string, unknown>>[];
    return all.find((one) => one['integration'] === integration)?.['status'];
  };

  it('is left alone after ten failures, reported as unavailable, and tried again by one call', async () => {
    const closed = { token: { state: 'closed' }, api: { state: 'closed' } };
    const { circuits } = (await health()).info;
    expect(Object.keys(circuits).sort()).toEqual([...integrationNames, 'status'].sort());
    expect(circuits).toMatchObject({ status: 'up', notion: closed, hubspot: closed, slack: closed });
    expect(await statusOf('slack')).toBe('available');

    for (const integration of ['notion', 'slack']) await browser.connect(integration, OWNER);
    await sandbox.reset();
    await sandbox.fault({ provider: 'slack', endpoint: 'api', mode: 'status', status: 500 });
    await eventually(
      () => browser.post(LOAD, USERS),
      ({ status }) => status === 503,
    );
    // Later calls are refused without asking the provider, and other providers are not affected.
    const { status, json, headers } = await browser.post(LOAD, USERS);
    expect({ status, json }).toMatchObject({
      status: 503,
      json: { error: 'provider_unavailable', details: { integration: 'slack' } },
    });
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(5);
    expect(totalCalls(await sandbox.stats('slack'))).toBe(10);
    expect((await browser.post('/integrations/notion/load', OWNER)).status).toBe(200);

    const { status: overall, info } = await health();
    expect(overall).toBe('ok');
    expect(info.circuits['slack']).toEqual({
      token: { state: 'closed' },
      api: { state: 'open', reason: 'server_error', failures: 10, next_trial_at: expect.any(String) },
    });
    expect((await fetch(`${patchbay.url}/health/ready`)).status).toBe(200);
    expect([await statusOf('slack'), await statusOf('notion')]).toEqual(['unavailable', 'available']);
    const lines = patchbay.log.filter((line) => line.includes('circuit open') && line.includes('slack'));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ integration: 'slack', endpoint: 'api', reason: 'server_error', failures: 10 }),
    ]);
    const budgets = patchbay.application.get(OutboundClient, { strict: false }).retryBudgets();
    expect(budgets.get('slack')).toBeLessThan(500);

    await sandbox.clearFaults();
    jest.advanceTimersByTime(FIRST_PERIOD_MS);
    expect(await statusOf('slack')).toBe('degraded');
    expect((await browser.post(LOAD, USERS)).status).toBe(200);
    expect(await statusOf('slack')).toBe('available');
    expect((await health()).info.circuits['slack']?.['api']).toEqual({ state: 'closed' });
  });
});

/** Every list of numbers anywhere in it. */
function listsOf(node: unknown): unknown[][] {
  if (Array.isArray(node) && node.every((value) => value === null || typeof value === 'number')) return [node];
  return typeof node === 'object' && node !== null ? Object.values(node).flatMap(listsOf) : [];
}
