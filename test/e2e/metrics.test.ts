import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { STATUS_BY_ERROR_CODE } from '../../src/errors/error-code.ts';
import { eventually } from '../support/eventually.ts';
import type { Browser } from '../support/http-browser.ts';
import { startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { SandboxControl } from '../support/sandbox-control.ts';

const TOKEN = 'canary-of-a-scraper-0001';
const CANARIES = { user_id: 'canary-user', org_id: 'canary-org' };

async function scrape(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/metrics`, { headers });
}

/** The sample's value, labels in any order; undefined when there is none. */
function valueOf(text: string, name: string, labels: Record<string, string> = {}): number | undefined {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const found = text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .find((line) => wanted.every((label) => line.includes(label)));
  return found === undefined ? undefined : Number(found.split(' ').at(-1));
}

describe('The metrics', () => {
  let patchbay: RunningPatchbay;
  let sandbox: SandboxControl;
  let browser: Browser;
  const read = async () => (await scrape(patchbay.url)).text();

  beforeAll(async () => {
    patchbay = await startPatchbay({ environment: { REFRESH_AHEAD: 'false' } });
    sandbox = new SandboxControl(patchbay.sandbox);
    browser = patchbay.newBrowser();
    await browser.connect('airtable', CANARIES);
    await browser.post('/integrations/airtable/load', CANARIES);
    await browser.get('/canary-path/of-somebody?canary=query');
    await browser.unsigned('GET', '/connections');
    await sandbox.expire('airtable', 'access');
    await sandbox.fault({ provider: 'airtable', endpoint: 'api', mode: 'status', status: 503, times: 1 });
    await browser.post('/integrations/airtable/load', CANARIES);
  });
  afterAll(() => patchbay.close());

  it('are in Prometheus’ text format', async () => {
    const answer = await scrape(patchbay.url);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    const lines = (await answer.text()).split('\n').filter((line) => line !== '');
    const sample = /^[a-z_]+(?:\{(?:[a-z_]+="[^"\\]*",?)*\})? -?(?:\d[\d.e+-]*|NaN|\+Inf)$/;
    expect(lines.filter((line) => !line.startsWith('# ') && !sample.test(line))).toEqual([]);
  });

  it('count requests by route and status, and refusals by their code', async () => {
    const text = await read();
    const count = 'patchbay_http_request_duration_seconds_count';
    expect(valueOf(text, count, { method: 'POST', route: '/integrations/airtable/load', status: '200' })).toBe(2);
    expect(valueOf(text, count, { route: 'none', status: '404' })).toBe(1);
    expect(valueOf(text, 'patchbay_http_errors_total', { error: 'not_found' })).toBe(1);
    expect(valueOf(text, 'patchbay_http_errors_total', { error: 'signature_required' })).toBe(1);
  });

  it('count what was asked of providers, and what came of it', async () => {
    const text = await read();
    const airtable = { integration: 'airtable', endpoint: 'api' };
    const count = 'patchbay_outbound_attempt_duration_seconds_count';
    expect(valueOf(text, count, { ...airtable, outcome: '2xx' })).toBeGreaterThan(0);
    expect(valueOf(text, count, { ...airtable, outcome: '5xx' })).toBe(1);
    expect(valueOf(text, count, { ...airtable, outcome: '401' })).toBe(1);
    expect(valueOf(text, 'patchbay_outbound_retries_total', airtable)).toBe(1);
    expect(valueOf(text, 'patchbay_circuit_state', { ...airtable, state: 'closed' })).toBe(1);
    expect(valueOf(text, 'patchbay_retry_budget', { integration: 'airtable' })).toBeGreaterThan(0);
    expect(valueOf(text, 'patchbay_pacing_total', { integration: 'airtable', outcome: 'admitted' })).toBeGreaterThan(0);
    expect(valueOf(text, 'patchbay_token_refreshes_total', { integration: 'airtable', outcome: 'renewed' })).toBe(1);
  });

  it('tell of the store, the keys and the process', async () => {
    const text = await read();
    const store = 'patchbay_store_operation_duration_seconds_count';
    expect(valueOf(text, store, { operation: 'compareAndSet', outcome: 'ok' })).toBeGreaterThan(0);
    expect(valueOf(text, 'patchbay_key_seals_total')).toBeGreaterThan(0);
    expect(valueOf(text, 'patchbay_requests_in_flight')).toBe(0);
    expect(valueOf(text, 'patchbay_draining')).toBe(0);
    for (const name of ['process_resident_memory_bytes', 'nodejs_heap_size_used_bytes', 'process_cpu_seconds_total']) {
      expect(valueOf(text, name)).toBeGreaterThan(0);
    }
  });

  it('count an authorization that was ended by the provider as dead', async () => {
    await browser.connect('hubspot', CANARIES);
    await sandbox.expire('hubspot', 'grant');
    expect((await browser.post('/integrations/hubspot/load', CANARIES)).status).toBe(409);
    const text = await read();
    expect(valueOf(text, 'patchbay_token_refreshes_total', { integration: 'hubspot', outcome: 'dead' })).toBe(1);
  });

  it('are all told of in the operations guide, and the guide tells of no other', async () => {
    const guide = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'operations.md'), 'utf8');
    const names = [...(await read()).matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name);
    const table = guide.slice(guide.indexOf('| metric |'), guide.indexOf('### Alerts'));
    const endings = [...table.matchAll(/`…(\w+)`/g)].map(([, ending = '']) => ending);
    const isTold = (name: string) => table.includes(`\`${name}\``) || endings.some((ending) => name.endsWith(ending));
    expect(names.filter((name) => !isTold(name))).toEqual([]);
    const cited = [...guide.matchAll(/\b(?:patchbay|nodejs|process)_[a-z_]*[a-z]\b/g)].map(([name]) => name);
    const isThere = (name: string) => names.includes(name.replace(/_count$/, ''));
    expect([...new Set(cited)].filter((name) => !isThere(name))).toEqual([]);
  });

  it('names nobody, and holds no secret', async () => {
    const text = await read();
    expect(text).not.toMatch(/canary/i);
    expect(text).not.toMatch(/con_[A-Za-z0-9_-]{8,}/);
    const words = [...text.matchAll(/="([^"]*)"/g)].map(([, word = '']) => word);
    // A route's pattern is the longest there is.
    expect(words.filter((word) => word.length > 60)).toEqual([]);
    const errors = [...text.matchAll(/patchbay_http_errors_total\{error="(\w+)"/g)].map(([, code = '']) => code);
    expect(errors.filter((code) => !(code in STATUS_BY_ERROR_CODE))).toEqual([]);
  });

  it('have no more series after requests for what isn’t there', async () => {
    const seriesOf = (text: string) => text.split('\n').filter((line) => line.includes('_http_request')).length;
    const before = seriesOf(await read());
    for (let at = 0; at < 5; at += 1) {
      await browser.get(`/nothing/${at}`);
      await browser.get(`/integrations/unknown-${at}`);
    }
    expect(seriesOf(await read())).toBe(before);
  });
});

/** As by a proxy or a scraper that knows the process by another name. */
function scrapeAs(host: string, url: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/metrics', agent: false, headers: { ...headers, host } };
    request(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe('Who may read the metrics', () => {
  async function asked(
    environment: Record<string, string>,
    host: string,
    headers: Record<string, string> = {},
  ): Promise<number | undefined> {
    const patchbay = await startPatchbay({ environment });
    try {
      return await scrapeAs(host, patchbay.url, headers);
    } finally {
      await patchbay.close();
    }
  }
  const right = { authorization: `Bearer ${TOKEN}` };

  it('is not there where people see another address than this machine’s, unless the operator says so', async () => {
    const seen = { DEMO: 'false', PUBLIC_URL: 'https://patchbay.example' };
    expect(await asked(seen, 'patchbay.example')).toBe(404);
    expect(await asked({ ...seen, METRICS: 'true' }, 'patchbay.example')).toBe(200);
  });

  it('is not there where it is turned off', async () => {
    const seen = { DEMO: 'false', PUBLIC_URL: 'https://patchbay.example', METRICS: 'false', METRICS_TOKEN: TOKEN };
    expect(await asked(seen, 'patchbay.example', right)).toBe(404);
  });

  it('with a token is for who brings it', async () => {
    const patchbay = await startPatchbay({ environment: { METRICS_TOKEN: TOKEN, RATE_LIMIT_PER_MINUTE: '20' } });
    try {
      const statusFor = async (authorization?: string) =>
        (await scrape(patchbay.url, authorization === undefined ? {} : { authorization })).status;
      expect(await statusFor()).toBe(403);
      expect(await statusFor(`Bearer ${TOKEN}x`)).toBe(403);
      expect(await statusFor(`Basic ${TOKEN}`)).toBe(403);
      // As often as it likes: one Prometheus asks many replicas.
      for (let time = 0; time < 30; time += 1) expect(await statusFor(`Bearer ${TOKEN}`)).toBe(200);
      const refused = await eventually(
        () => statusFor(),
        (status) => status !== 403,
      );
      expect(refused).toBe(429);
      expect(patchbay.log.join('\n')).not.toContain(TOKEN);
    } finally {
      await patchbay.close();
    }
  });

  it('may ask by the process’ address instead of its name with the token alone', async () => {
    expect(await asked({ METRICS_TOKEN: TOKEN }, '10.0.0.9:8000', right)).toBe(200);
    expect(await asked({ METRICS: 'true' }, '10.0.0.9:8000', right)).toBe(403);
  });
});
