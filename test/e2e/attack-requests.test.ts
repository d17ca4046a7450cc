import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { eventually } from '../support/eventually.ts';
import type { Browser } from '../support/http-browser.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { describeWithRedis, startRedis } from '../support/redis-server.ts';
import { SandboxControl } from '../support/sandbox-control.ts';

const LOAD = '/integrations/notion/load';

let patchbay: RunningPatchbay;
let control: SandboxControl;
let browser: Browser;

beforeAll(async () => {
  patchbay = await startPatchbay();
  control = new SandboxControl(patchbay.sandbox);
  browser = patchbay.newBrowser();
  await browser.connect('notion', OWNER);
});
afterAll(() => patchbay.close());
beforeEach(() => control.reset());

describe('A body', () => {
  it.each([
    ['lists in a known member', (deep: string) => `{"user_id":${deep},"org_id":"acme"}`],
    ['lists in an unknown member', (deep: string) => `{"user_id":"ann","org_id":"acme","x":${deep}}`],
  ])('of thousands of %s is refused like any other nonsense', async (_what, body) => {
    for (const depth of [100, 2_000, 4_000, 20_000]) {
      const answer = await browser.call('POST', LOAD, body('['.repeat(depth) + ']'.repeat(depth)));
      expect([depth, answer.status, answer.json['error']]).toEqual([depth, 400, 'invalid_request']);
    }
  });

  it.each(['cursor', 'item_types', 'page_size', 'modified_since', 'connection_id'])(
    'whose %s is null means that it was left out',
    async (member) => {
      const without = await browser.post(LOAD, OWNER);
      const withNull = await browser.post(LOAD, { ...OWNER, [member]: null });
      expect([withNull.status, withNull.json['items']]).toEqual([200, without.json['items']]);
    },
  );

  it('that would begin an authorization may hold nulls as well', async () => {
    const answer = await browser.post('/integrations/notion/authorize', { ...OWNER, scopes: null, return_url: null });
    expect(answer.status).toBe(200);
  });

  it.each(['2026-W01-1', '2026-001', '20260101', '2026-01', '2026-01-01T10', '2026-01-01T10:00:00,5Z'])(
    'with the time %s is refused: we would read it as another, or none',
    async (modified_since) => {
      const answer = await browser.post(LOAD, { ...OWNER, modified_since });
      expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_request']);
    },
  );

  it.each(['2020-01-01', '2020-01-01T10:00:00Z', '2020-01-01T10:00:00.123+02:00'])(
    'with the time %s is taken',
    async (modified_since) => {
      const answer = await browser.post(LOAD, { ...OWNER, modified_since });
      expect(answer.status).toBe(200);
      expect(answer.json['items']).not.toHaveLength(0);
    },
  );
});

describe('A callback', () => {
  it('is not used up by a HEAD, as link checkers send them', async () => {
    const begun = await browser.begin('notion', OWNER);
    const location = await browser.decide(begun.authorization_url, 'approve');
    const head = await browser.call('HEAD', location.pathname + location.search);
    expect([head.status, head.headers.get('allow')]).toEqual([405, 'GET']);
    expect((await browser.arrive(location)).status).toBe(200);
  });
});

describe('A caller', () => {
  it('who hangs up is no failure of ours', async () => {
    await control.fault({ provider: 'notion', endpoint: 'api', mode: 'hang' });
    const hangUp = new AbortController();
    const id = 'a-caller-who-hangs-up';
    const body = JSON.stringify(OWNER);
    const headers = { ...(await browser.signature('POST', LOAD, body)), 'x-request-id': id };
    const call = fetch(patchbay.url + LOAD, { method: 'POST', headers, body, signal: hangUp.signal });
    call.catch(() => undefined);
    await eventually(
      () => control.stats('notion'),
      ({ requests }) => Object.keys(requests).length > 0,
    );
    hangUp.abort();
    const lines = () => patchbay.log.filter((line) => line.includes(id));
    await eventually(
      () => Promise.resolve(lines()),
      (found) => found.length > 0,
    );
    await browser.get('/health/live');
    expect(lines().filter((line) => line.includes('unexpected error'))).toEqual([]);
  });

  it('who expects the moon gets an answer like everyone', async () => {
    const answer = await sent(
      'GET /health/live HTTP/1.1\r\nHost: HOST\r\nExpect: the-moon\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('who sends a state to where none belongs does not find it in the log', async () => {
    const { state } = await browser.begin('notion', OWNER);
    await browser.get(`/integrations/nowhere/authorizations/${state}`);
    await browser.call('PUT', `/integrations/notion/authorizations/${state}`);
    expect(patchbay.log.join('')).not.toContain(state);
  });
});

/** Sends bytes as they are and gives back all that comes. */
function sent(bytes: string): Promise<string> {
  const { host, port } = new URL(patchbay.url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.on('close', () => resolve(answer)).on('error', reject);
    socket.write(bytes.replace('HOST', host));
  });
}

describeWithRedis('Without its store', () => {
  it('the service says so, to probes as well, and nothing hangs', async () => {
    const redis = await startRedis();
    const other = await startPatchbay({ environment: { REDIS_URL: redis.url }, deadlines: {} });
    try {
      const probe = other.newBrowser();
      expect((await probe.get('/connections?user_id=ann&org_id=acme')).status).toBe(200);
      await redis.kill();
      const refused = await probe.get('/connections?user_id=ann&org_id=acme');
      expect([refused.status, refused.json['error']]).toEqual([503, 'storage_unavailable']);
      for (const path of ['/health', '/health/ready']) {
        const answer = await probe.unsigned('GET', path);
        expect([path, answer.status, answer.json['status']]).toEqual([path, 503, 'error']);
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
      expect((await probe.unsigned('GET', '/health/live')).status).toBe(200);
      await redis.restart();
      await eventually(
        () => probe.unsigned('GET', '/health/ready'),
        (answer) => answer.status === 200,
      );
    } finally {
      await other.close();
      await redis.stop();
    }
  });
});
