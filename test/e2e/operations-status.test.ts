import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { integrationNames } from '../../src/integrations/registry.ts';
import type { StatusResponse } from '../../src/operations/dto/status.response.dto.ts';
import { eventually } from '../support/eventually.ts';
import type { Answer, Browser } from '../support/http-browser.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { newClient, newSession, type SignedCaller } from '../support/signed-caller.ts';

const STATUS = '/operations/status';
const CANARIES = { user_id: 'canary-user', org_id: 'canary-org' };

let patchbay: RunningPatchbay;
let sandbox: SandboxControl;
let operator: SignedCaller;
let browser: Browser;

beforeAll(async () => {
  patchbay = await startPatchbay();
  sandbox = new SandboxControl(patchbay.sandbox);
  operator = await newClient(patchbay, { permissions: ['operations:read'] });
  browser = patchbay.newBrowser();
});
afterAll(() => patchbay.close());

async function read(caller = operator): Promise<StatusResponse> {
  const { status, json } = await caller.call('GET', STATUS);
  expect(status).toBe(200);
  return json as unknown as StatusResponse;
}

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
  it('counts what was asked and how it ended, in intervals that cover the time since the start', async () => {
    const first = await read();
    // From here on all that was asked earlier is in it.
    const before = await eventually(
      () => read(),
      ({ timeline }) => timeline.intervals > first.timeline.intervals,
    );
    const since = (status: StatusResponse, what: 'served' | 'refused') =>
      total(status.requests.answers[what]) - total(before.requests.answers[what]);
    await browser.get('/integrations');
    await browser.get('/nowhere');
    const after = await eventually(
      () => read(),
      (status) => since(status, 'refused') > 0,
    );
    // The look itself is not counted, nor are the probes.
    expect([since(after, 'served'), since(after, 'refused')]).toEqual([1, 1]);
    const { first_at, interval_in, last_interval_in, intervals } = after.timeline;
    const coveredMs = ((intervals - 1) * interval_in + last_interval_in) * 1000;
    expect(Math.abs(Date.now() - Date.parse(first_at) - coveredMs)).toBeLessThan(5_000);
    for (const list of listsOf(after)) expect(list).toHaveLength(intervals);
    expect(after.requests.p95_in.filter((value) => value !== null).length).toBeGreaterThan(0);
    expect(after.process.id).toBe(before.process.id);
  });

  it('tells of a circuit that opened, of why, of the next trial, and of calls and refreshes', async () => {
    await browser.connect('airtable', CANARIES);
    await sandbox.expire('airtable', 'access');
    expect((await browser.post('/integrations/airtable/load', CANARIES)).status).toBe(200);
    await sandbox.fault({ provider: 'airtable', endpoint: 'api', mode: 'status', status: 500 });
    const apiOf = (seen: StatusResponse) => of(seen, 'airtable').circuits.find(({ endpoint }) => endpoint === 'api')!;
    const status = await eventually(
      async () => {
        await browser.post('/integrations/airtable/load', CANARIES);
        return read();
      },
      (seen) => Math.max(...apiOf(seen).states) === 2 && total(of(seen, 'airtable').failures) >= 10,
    );
    const airtable = of(status, 'airtable');
    const api = apiOf(status);
    expect(api).toMatchObject({ state: 'open', reason: 'server_error', failures: 10 });
    expect(Date.parse(api.next_trial_at ?? '')).toBeGreaterThan(Date.now() - 10_000);
    expect(total(airtable.refreshes.renewed)).toBe(1);
    expect(total(airtable.attempts)).toBeGreaterThan(total(airtable.failures));
    expect(total(airtable.pacing.admitted)).toBeGreaterThan(0);
    expect(airtable.lately.p95_in).toBeGreaterThan(0);
    expect(total(status.store.operations)).toBeGreaterThan(0);
    expect(of(status, 'notion').circuits.map(({ state }) => state)).toEqual(['closed', 'closed']);
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

/** Every list of numbers anywhere in it. */
function listsOf(node: unknown): unknown[][] {
  if (Array.isArray(node) && node.every((value) => value === null || typeof value === 'number')) return [node];
  return typeof node === 'object' && node !== null ? Object.values(node).flatMap(listsOf) : [];
}
