import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { RequestGate } from '../../src/process/request-gate.ts';
import { SlowReaders } from '../../src/process/slow-readers.ts';
import { eventually } from '../support/eventually.ts';
import type { Answer, Browser } from '../support/http-browser.ts';
import { LONG_DEADLINES, OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { SandboxControl } from '../support/sandbox-control.ts';

const LOAD = '/integrations/airtable/load';
const BASES = { ...OWNER, item_types: ['base'] };
const LIMIT = 3;

let patchbay: RunningPatchbay;
let sandbox: SandboxControl;
let browser: Browser;

beforeAll(async () => {
  patchbay = await startPatchbay({
    environment: { MAX_REQUESTS_IN_FLIGHT: String(LIMIT), REFRESH_AHEAD: 'false', RATE_LIMIT_PER_MINUTE: '1000' },
    // The provider answers when a test says so.
    deadlines: LONG_DEADLINES,
  });
  sandbox = new SandboxControl(patchbay.sandbox);
  browser = patchbay.newBrowser();
  await browser.connect('airtable', OWNER);
});
beforeEach(() => sandbox.reset());
afterAll(() => patchbay.close());

const gate = () => patchbay.application.get(RequestGate, { strict: false });

async function callsMade(): Promise<number> {
  const { requests } = await sandbox.stats('airtable');
  return Object.values(requests).reduce((sum, count) => sum + count, 0);
}

/** Loads that take up every place, and how to let them go on. */
async function busy(): Promise<() => Promise<Answer[]>> {
  await sandbox.fault({ provider: 'airtable', endpoint: 'api', mode: 'slow', delay_ms: 600_000 });
  const loads = Array.from({ length: LIMIT }, () => browser.post(LOAD, BASES));
  await eventually(callsMade, (count) => count === LIMIT);
  return async () => {
    await sandbox.clearFaults();
    return Promise.all(loads);
  };
}

describe('A process that has its hands full', () => {
  it('refuses what is too much at once, in the envelope, and serves what it took on', async () => {
    const goOn = await busy();
    const askedAt = performance.now();
    const refused = await browser.unsigned('POST', LOAD, JSON.stringify(BASES), {
      'content-type': 'application/json',
      'x-request-id': 'overload-test-0001',
      origin: patchbay.url,
    });
    expect(refused.status).toBe(503);
    // Not at once: whoever asks again as soon as it is refused is slowed down.
    expect(performance.now() - askedAt).toBeGreaterThan(150);
    expect(refused.json).toEqual({
      error: 'service_unavailable',
      message: expect.any(String),
      details: { request_id: 'overload-test-0001', retry_after: 1 },
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('x-request-id')).toBe('overload-test-0001');
    expect(refused.headers.get('access-control-allow-origin')).toBe(patchbay.url);
    expect(
      (await fetch(patchbay.url + LOAD, { headers: { origin: 'https://evil.example' } })).headers.get(
        'access-control-allow-origin',
      ),
    ).toBeNull();
    expect(await callsMade()).toBe(LIMIT);
    expect((await goOn()).map(({ status }) => status)).toEqual(Array.from({ length: LIMIT }, () => 200));
    expect((await browser.post(LOAD, BASES)).status).toBe(200);
  });

  it('asks the popup that comes back from a provider for a moment, and lets it connect afterwards', async () => {
    const { authorization_url } = await browser.begin('notion', OWNER);
    const location = await browser.decide(authorization_url, 'approve');
    const goOn = await busy();
    const { status, headers, text } = await browser.arrive(location);
    expect([status, headers.get('retry-after')]).toEqual([503, '2']);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(text) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers.get('content-security-policy')).toMatch(`default-src 'none'; style-src 'sha256-${hash}';`);
    // Without an address: at the one it has.
    expect(text).toContain('<meta http-equiv="refresh" content="2">');
    for (const secret of location.searchParams.values()) expect(text).not.toContain(secret);
    const { pathname, search } = location;
    expect((await browser.unsigned('GET', pathname + search)).json).toMatchObject({ error: 'service_unavailable' });
    expect((await browser.unsigned('GET', '/integrations', undefined, { accept: 'text/html' })).json).toMatchObject({
      error: 'service_unavailable',
    });
    await goOn();
    expect((await browser.arrive(location)).text).toContain('data-status="connected"');
  });

  it('answers a HEAD without a body, and ends the connection of one who sends more than is read', async () => {
    const goOn = await busy();
    const head = await fetch(`${patchbay.url}/integrations`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([503, '']);
    const large = await fetch(patchbay.url + LOAD, { method: 'POST', body: 'x'.repeat(200_000) });
    expect([large.status, large.headers.get('connection')]).toEqual([503, 'close']);
    await large.text();
    await goOn();
  });

  it('lets probes and metrics through, and says how many it refused', async () => {
    const goOn = await busy();
    const before = gate().refused.overloaded;
    for (const path of ['/health', '/health/live', '/health/ready']) {
      expect([path, (await fetch(patchbay.url + path)).status]).toEqual([path, 200]);
    }
    // What only looks like one is none.
    expect((await fetch(`${patchbay.url}/health/../integrations`)).status).toBe(503);
    expect((await fetch(`${patchbay.url}/healthy`)).status).toBe(503);
    const metrics = await (await fetch(`${patchbay.url}/metrics`)).text();
    expect(metrics).toContain(`patchbay_requests_shed_total{reason="overloaded"} ${before + 2}`);
    expect(metrics).toContain(`patchbay_requests_in_flight ${LIMIT}`);
    const health = (await (await fetch(`${patchbay.url}/health`)).json()) as { info: { process: unknown } };
    expect(health.info.process).toMatchObject({
      status: 'up',
      requests: { in_flight: LIMIT, waiting: 0, limit: LIMIT },
    });
    await goOn();
  });

  it('spends nobody’s rate limit on what it refuses', async () => {
    const goOn = await busy();
    const { headers } = await browser.unsigned('GET', '/integrations');
    expect(headers.get('ratelimit')).toBeNull();
    await goOn();
  });
});

describe('Who asks for more than he reads', () => {
  it('has his connection cut, and his places are free', async () => {
    await patchbay.restart({ MAX_REQUESTS_IN_FLIGHT: '200', MAX_LOOP_DELAY_MS: '0' });
    const { hostname, port, host } = new URL(patchbay.url);
    const readers = patchbay.application.get(SlowReaders, { strict: false });
    const client = connect(Number(port), hostname).pause();
    client.on('error', () => undefined);
    client.write(`GET /openapi.json HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(100));
    await eventually(
      () => gate().inFlight,
      (count) => count > 0,
    );
    // Until the kernel takes no more, some are still on their way.
    let now = performance.now();
    await eventually(
      () => {
        readers.look((now += 15_000));
        return gate().inFlight;
      },
      (count) => count === 0,
    );
    expect(readers.cut).toBe(1);
    expect(await (await fetch(`${patchbay.url}/metrics`)).text()).toContain('patchbay_slow_readers_total 1');
    client.destroy();
  });
});

describe('A process that more is asked of than it can do', () => {
  it('serves some in good time and refuses the others, and serves everybody again when that is over', async () => {
    const flooded = await startPatchbay({ environment: { MAX_REQUESTS_IN_FLIGHT: '20', MAX_LOOP_DELAY_MS: '200' } });
    const visitor = flooded.newBrowser();
    const door = flooded.application.get(RequestGate, { strict: false });
    const ask = async () => (await visitor.unsigned('GET', '/integrations')).status;
    const statuses: number[] = [];
    // They come at once, for as long as it takes until there are too many for a burst.
    await eventually(
      async () => {
        statuses.push(...(await Promise.all(Array.from({ length: 300 }, ask))));
        return statuses.includes(503);
      },
      (is) => is,
    );
    expect(new Set(statuses)).toEqual(new Set([401, 503]));
    expect(door.refused.overloaded).toBeGreaterThan(0);
    await eventually(
      async () => new Set(await Promise.all(Array.from({ length: 2 }, ask))),
      (found) => found.size === 1 && found.has(401),
    );
    expect([door.inFlight, door.waiting]).toEqual([0, 0]);
    await flooded.close();
  });
});
