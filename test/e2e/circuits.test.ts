import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OutboundClient } from '../../src/outbound/outbound-client.ts';
import { eventually } from '../support/eventually.ts';
import type { Browser } from '../support/http-browser.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { SandboxControl } from '../support/sandbox-control.ts';

const LOAD = '/integrations/airtable/load';
const BASES = { ...OWNER, item_types: ['base'] };

let patchbay: RunningPatchbay;
let sandbox: SandboxControl;
let browser: Browser;

beforeAll(async () => {
  patchbay = await startPatchbay({ environment: { REFRESH_AHEAD: 'false' } });
  sandbox = new SandboxControl(patchbay.sandbox);
  browser = patchbay.newBrowser();
  await browser.connect('airtable', OWNER);
  await browser.connect('notion', OWNER);
});
afterAll(() => patchbay.close());

interface Health {
  readonly status: string;
  readonly info: { readonly circuits: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

async function health(): Promise<Health> {
  const response = await fetch(`${patchbay.url}/health`);
  expect(response.status).toBe(200);
  return (await response.json()) as Health;
}

async function statusOf(integration: string): Promise<unknown> {
  const { json } = await browser.get('/integrations');
  const all = json['integrations'] as readonly Readonly<Record<string, unknown>>[];
  return all.find((one) => one['integration'] === integration)?.['status'];
}

describe('A provider that goes down and comes back', () => {
  it('is all well at first: every circuit is shown, and closed', async () => {
    const { info } = await health();
    const closed = { token: { state: 'closed' }, api: { state: 'closed' } };
    expect(info.circuits).toEqual({ status: 'up', airtable: closed, notion: closed, hubspot: closed, slack: closed });
    expect(await statusOf('airtable')).toBe('available');
  });

  it('is left alone after ten failures: 503 with Retry-After, at once, and nobody else suffers', async () => {
    await sandbox.reset();
    await sandbox.fault({ provider: 'airtable', endpoint: 'api', mode: 'status', status: 500 });
    await eventually(
      () => browser.post(LOAD, BASES),
      ({ status }) => status === 503,
    );
    const { status, json, headers } = await browser.post(LOAD, BASES);
    expect({ status, json }).toMatchObject({
      status: 503,
      json: { error: 'provider_unavailable', details: { integration: 'airtable' } },
    });
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(5);
    const { requests } = await sandbox.stats('airtable');
    expect(Object.values(requests).reduce((sum, count) => sum + count, 0)).toBe(10);
    expect((await browser.post('/integrations/notion/load', OWNER)).status).toBe(200);
  });

  it('is told of in the health, the catalog and the log', async () => {
    const { status, info } = await health();
    expect(status).toBe('ok');
    expect(info.circuits['airtable']).toEqual({
      token: { state: 'closed' },
      api: { state: 'open', reason: 'server_error', failures: 10, next_trial_at: expect.any(String) },
    });
    expect(await statusOf('airtable')).toBe('unavailable');
    expect(await statusOf('notion')).toBe('available');
    const lines = patchbay.log.filter((line) => line.includes('circuit open'));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ integration: 'airtable', endpoint: 'api', reason: 'server_error', failures: 10 }),
    ]);
    expect(patchbay.application.get(OutboundClient, { strict: false }).retryBudgets().get('airtable')).toBeLessThan(
      500,
    );
  });

  it('does not make readiness a lie', async () => {
    expect((await fetch(`${patchbay.url}/health/ready`)).status).toBe(200);
  });

  it('is asked once more when the time has come, and is back', async () => {
    await sandbox.clearFaults();
    await eventually(
      () => statusOf('airtable'),
      (status) => status === 'degraded',
    );
    expect((await browser.post(LOAD, BASES)).status).toBe(200);
    expect(await statusOf('airtable')).toBe('available');
    expect((await health()).info.circuits['airtable']?.['api']).toEqual({ state: 'closed' });
  });
});
