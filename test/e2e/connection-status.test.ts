import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser } from '../support/http-browser.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { newClient, type SignedCaller } from '../support/signed-caller.ts';

const TWO_MINUTES = 120;

let patchbay: RunningPatchbay;
let sandbox: SandboxControl;
let browser: Browser;

beforeAll(async () => {
  const environment = { REFRESH_AHEAD: 'false' };
  patchbay = await startPatchbay({ environment, sandbox: { lives: { accessLifeSeconds: TWO_MINUTES } } });
  sandbox = new SandboxControl(patchbay.sandbox);
});
afterAll(() => patchbay.close());
beforeEach(async () => {
  await sandbox.reset();
  browser = patchbay.newBrowser();
});

const AIRTABLE = '/integrations/airtable';

async function listed(): Promise<Record<string, unknown>> {
  const { json } = await browser.get(
    `/connections?user_id=${OWNER.user_id}&org_id=${OWNER.org_id}&integration=airtable`,
  );
  const [connection] = json['connections'] as Record<string, unknown>[];
  return connection ?? {};
}

const millis = (time: unknown): number => Date.parse(String(time));

function expectBetween(time: unknown, startedAt: number): void {
  expect(millis(time)).toBeGreaterThanOrEqual(startedAt);
  expect(millis(time)).toBeLessThanOrEqual(Date.now());
}

describe('A connection', () => {
  it('tells what was asked and what was granted, and when it will be refreshed', async () => {
    await browser.connect('airtable', { ...OWNER, scopes: ['schema.bases:read', 'user.email:read'] });
    const connection = await listed();
    expect(connection).toMatchObject({
      status: 'active',
      reason: null,
      ended_at: null,
      requested_scopes: ['schema.bases:read', 'user.email:read'],
      last_refreshed_at: null,
      refresh_failure: null,
    });
    expect(connection['scopes']).toEqual(expect.arrayContaining(['schema.bases:read']));
    const aheadMs = millis(connection['expires_at']) - millis(connection['next_refresh_at']);
    expect(aheadMs).toBeGreaterThanOrEqual((TWO_MINUTES / 2) * 1000);
  });

  it('tells the use of it that was only just made', async () => {
    await browser.connect('airtable', OWNER);
    const startedAt = Date.now();
    await browser.post(`${AIRTABLE}/credentials`, OWNER);
    expectBetween((await listed())['last_used_at'], startedAt);
  });

  it('tells why it has ended, and since when, until it is connected again under the same id', async () => {
    const before = await browser.connect('airtable', OWNER);
    await sandbox.expire('airtable', 'grant');
    const startedAt = Date.now();
    const load = await browser.post(`${AIRTABLE}/load`, OWNER);
    expect(load).toMatchObject({ status: 409, json: { error: 'reauthorization_required' } });
    const ended = await listed();
    expect(ended).toMatchObject({
      status: 'reauthorization_required',
      reason: 'grant_revoked',
      next_refresh_at: null,
    });
    expectBetween(ended['ended_at'], startedAt);
    await browser.connect('airtable', OWNER);
    const healed = await listed();
    expect(healed).toMatchObject({ status: 'active', reason: null, ended_at: null });
    expect(healed['connection_id']).toBe(ended['connection_id']);
    expect(before).toBeDefined();
  });

  it('tells of a refresh that failed for now, and of the next one that worked', async () => {
    await browser.connect('airtable', OWNER);
    await sandbox.fault({
      provider: 'airtable',
      endpoint: 'token',
      grant_type: 'refresh_token',
      mode: 'status',
      status: 503,
    });
    await sandbox.expire('airtable', 'access');
    expect((await browser.post(`${AIRTABLE}/load`, OWNER)).status).toBe(502);
    expect(await listed()).toMatchObject({
      status: 'active',
      refresh_failure: { error: 'provider_error', failures: 1 },
      last_refreshed_at: null,
    });
    await sandbox.reset();
    const startedAt = Date.now();
    expect((await browser.post(`${AIRTABLE}/load`, OWNER)).status).toBe(200);
    const recovered = await listed();
    expect(recovered['refresh_failure']).toBeNull();
    expectBetween(recovered['last_refreshed_at'], startedAt);
  });
});

describe('A connection that was made with another OAuth client', () => {
  it('asks to be connected again, and says that this is why', async () => {
    const other = await startPatchbay({
      sandbox: { clients: [{ provider: 'airtable', clientId: 'another', clientSecret: 'another-secret-1' }] },
    });
    try {
      const visitor = other.newBrowser();
      await visitor.connect('airtable', OWNER);
      await other.restart({
        AIRTABLE_CLIENT_ID: 'another',
        AIRTABLE_CLIENT_SECRET: 'another-secret-1',
        AIRTABLE_AUTHORIZATION_URL: `${other.sandbox.url}/airtable/oauth2/v1/authorize`,
        AIRTABLE_TOKEN_URL: `${other.sandbox.url}/airtable/oauth2/v1/token`,
        AIRTABLE_API_URL: `${other.sandbox.url}/airtable`,
      });
      const { json } = await other.newBrowser().get(`/connections?user_id=${OWNER.user_id}&org_id=${OWNER.org_id}`);
      expect(json['connections']).toEqual([
        expect.objectContaining({
          status: 'reauthorization_required',
          reason: 'client_changed',
          next_refresh_at: null,
        }),
      ]);
    } finally {
      await other.close();
    }
  });
});

describe('A backend’s access token', () => {
  let backend: SignedCaller;

  beforeAll(async () => {
    backend = await newClient(patchbay, { permissions: ['connections:read', 'tokens:read'] });
  });

  const token = () => backend.call('POST', `${AIRTABLE}/credentials`, { ...OWNER, include: ['access_token'] });

  it('is good for another minute at least, and works at the provider', async () => {
    await browser.connect('airtable', OWNER);
    const { status, json } = await token();
    expect(status).toBe(200);
    expect(json['expires_in']).toBeGreaterThanOrEqual(60);
    const whoami = await fetch(`${patchbay.sandbox.url}/airtable/v0/meta/whoami`, {
      headers: { authorization: `Bearer ${String(json['access_token'])}` },
    });
    expect(whoami.status).toBe(200);
  });

  it('is entered into the audit trail: to whom, of which connection, when, and not the token', async () => {
    await browser.connect('airtable', OWNER);
    const startedAt = Date.now();
    const { json, headers } = await token();
    const entries = patchbay.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    const entry = entries.findLast(({ log }) => log === 'audit');
    expect(entry).toMatchObject({
      event: 'access_token_handed_out',
      caller: backend.key.keyId,
      connection_id: (json['connection'] as Record<string, unknown>)['connection_id'],
      integration: 'airtable',
      ...OWNER,
      request_id: headers.get('x-request-id'),
    });
    expectBetween(entry?.['time'], startedAt);
    expect(patchbay.log.join('\n')).not.toContain(String(json['access_token']));
  });

  it('is audited however quiet the log is, and nothing is where none was handed out', async () => {
    const quiet = await startPatchbay({ environment: { LOG_LEVEL: 'fatal' } });
    try {
      await quiet.newBrowser().connect('airtable', OWNER);
      const caller = await newClient(quiet);
      await caller.call('POST', `${AIRTABLE}/credentials`, OWNER);
      expect(quiet.log).toEqual([]);
      await caller.call('POST', `${AIRTABLE}/credentials`, { ...OWNER, include: ['access_token'] });
      expect(quiet.log).toHaveLength(1);
      expect(quiet.log[0]).toContain('access_token_handed_out');
    } finally {
      await quiet.close();
    }
  });
});
