import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { isLoopback } from '../../sandbox/core/control.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import {
  authorizeUrl,
  closeSandboxes,
  connect,
  control,
  exchangeCode,
  get,
  newCode,
  openSandbox,
  readStats,
  refreshWith,
  type Tokens,
} from './connect.ts';

const BASES = '/airtable/v0/meta/bases';

let sandbox: Sandbox;
let tokens: Tokens;

beforeEach(async () => {
  sandbox = await openSandbox({ items: 10, dripIntervalMs: 1 });
  tokens = await connect(sandbox, 'airtable');
});

afterEach(closeSandboxes);

async function fault(members: Record<string, unknown>): Promise<void> {
  expect(await control(sandbox, 'faults', { provider: 'airtable', ...members })).toMatchObject({ status: 201 });
}

function bases(): Promise<Response> {
  return fetch(sandbox.url + BASES, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
    redirect: 'manual',
    signal: AbortSignal.timeout(20_000),
  });
}

/** The answer's head and its body as a stream of raw bytes, so that a body without end can be looked into. */
async function rawBases(): Promise<IncomingMessage> {
  const request = httpRequest(sandbox.url + BASES, { headers: { authorization: `Bearer ${tokens.access_token}` } });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

async function bytesUpTo(response: IncomingMessage, limit: number): Promise<number> {
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes >= limit) break; // leaving the loop destroys the connection
  }
  return bytes;
}

describe('faults of the sandbox', () => {
  it('answers with the status asked for, in the provider’s own shape, and Retry-After', async () => {
    await fault({ mode: 'status', status: 503, retry_after: 7 });
    const response = await bases();
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(await response.json()).toMatchObject({ error: { type: 'RETRIABLE_ERROR' } });
  });

  it.each([
    ['airtable', '/airtable/v0/meta/whoami', { error: { type: 'SERVER_ERROR' } }],
    ['notion', '/notion/v1/users/me', { object: 'error', code: 'internal_server_error' }],
    ['hubspot', '/hubspot/account-info/v3/details', { status: 'error' }],
    ['slack', '/slack/api/auth.test', { ok: false, error: 'internal_error' }],
  ])('speaks %s’s own error language', async (provider, path, body) => {
    await control(sandbox, 'faults', { provider, mode: 'status' });
    expect(await get(sandbox.url + path, 'x')).toMatchObject({ status: 500, body });
  });

  it('never answers in hang, and lets go when the client does', async () => {
    await fault({ mode: 'hang' });
    const url = sandbox.url + BASES;
    const hanging = new AbortController();
    const answer = fetch(url, { signal: hanging.signal });
    await expect(Promise.race([answer, countedRequests()])).resolves.toBe('counted');
    hanging.abort();
    await expect(answer).rejects.toThrow('abort');
  });

  it('drips the true answer byte by byte', async () => {
    await fault({ mode: 'drip' });
    const response = await rawBases();
    const chunks: number[] = [];
    for await (const chunk of response) {
      chunks.push((chunk as Buffer).length);
      if (chunks.length === 20) break;
    }
    expect(chunks.reduce((sum, length) => sum + length, 0)).toBeLessThan(40);
    expect(Number(response.headers['content-length'])).toBeGreaterThan(200);
  });

  it('truncates the true answer half way through its length', async () => {
    await fault({ mode: 'truncate' });
    const response = await rawBases();
    let bytes = 0;
    response.on('data', (chunk: Buffer) => (bytes += chunk.length));
    const [error] = (await once(response, 'error')) as [Error];
    expect(error.message).toBe('aborted');
    expect(bytes).toBe(Math.floor(Number(response.headers['content-length']) / 2));
  });

  it('resets the connection', async () => {
    await fault({ mode: 'reset' });
    const request = httpRequest(sandbox.url + BASES).end();
    const [error] = (await once(request, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
  });

  it('answers 200 with HTML', async () => {
    await fault({ mode: 'html' });
    const response = await bases();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await response.text()).toContain('<!doctype html>');
  });

  it('pours a huge body for as long as somebody reads', async () => {
    await fault({ mode: 'huge' });
    expect(await bytesUpTo(await rawBases(), 5_000_000)).toBeGreaterThanOrEqual(5_000_000);
  });

  it('sends a small body that inflates without end', async () => {
    await fault({ mode: 'gzip_bomb' });
    const response = await bases();
    let inflated = 0;
    const reader = response.body!.getReader();
    while (inflated < 40_000_000) {
      const { value, done } = (await reader.read()) as { value?: Uint8Array; done: boolean };
      if (done) break;
      inflated += value?.length ?? 0;
    }
    await reader.cancel();
    expect(inflated).toBeGreaterThanOrEqual(40_000_000);
  });

  it('redirects to another host, and counts those who follow', async () => {
    await fault({ mode: 'redirect', times: 1 });
    const response = await bases();
    expect(response.status).toBe(307);
    const location = new URL(response.headers.get('location')!);
    expect(location.host).not.toBe(new URL(sandbox.url).host);
    const { pathname } = location;
    await get(sandbox.url + pathname, tokens.access_token);
    expect((await readStats(sandbox)).airtable.requests['GET /elsewhere']).toBe(1);
  });

  it('gives the true answer late in slow', async () => {
    await fault({ mode: 'slow', delay_ms: 5 });
    expect(await (await bases()).json()).toMatchObject({ bases: expect.any(Array) });
  });

  it('strikes as often as told, and where', async () => {
    await fault({ mode: 'status', endpoint: '/v0/meta/bases', times: 2 });
    await fault({ mode: 'status', status: 502, endpoint: 'token' });
    const whoami = `${sandbox.url}/airtable/v0/meta/whoami`;
    expect((await get(whoami, tokens.access_token)).status).toBe(200);
    expect([(await bases()).status, (await bases()).status, (await bases()).status]).toEqual([500, 500, 200]);
    expect((await refreshWith(sandbox, 'airtable', tokens.refresh_token)).status).toBe(502);
    expect((await fetch(authorizeUrl(sandbox, 'airtable'))).status).toBe(200);
  });

  it('strikes with the probability asked for', async () => {
    const draws = [0.2, 0.4, 0.29];
    const other = await openSandbox({ random: () => draws.shift() ?? 1 });
    await control(other, 'faults', { provider: 'notion', mode: 'status', probability: 0.3 });
    const statuses = [];
    for (let call = 0; call < 3; call++) statuses.push((await get(`${other.url}/notion/v1/users/me`, 'x')).status);
    expect(statuses).toEqual([500, 401, 500]);
  });

  it('forgets all faults at once', async () => {
    await fault({ mode: 'status' });
    const response = await fetch(`${sandbox.url}/_control/faults`, { method: 'DELETE' });
    expect(await response.json()).toEqual({ cleared: 1 });
    expect((await bases()).status).toBe(200);
  });

  /** Resolves once the sandbox has seen the listing: by then a hanging answer hangs. */
  async function countedRequests(): Promise<string> {
    for (;;) {
      if ((await readStats(sandbox)).airtable.requests['GET /v0/meta/bases'] === 1) return 'counted';
    }
  }
});

describe('control of the sandbox', () => {
  it.each([
    ['faults', { provider: 'dropbox', mode: 'hang' }, /provider must be one of/],
    ['faults', { provider: 'slack', mode: 'explode' }, /mode must be one of/],
    ['faults', { provider: 'slack', mode: 'status', status: 700 }, /status must be a whole number from 200 to 599/],
    ['faults', { provider: 'slack', mode: 'hang', probability: 2 }, /probability must be a number from 0 to 1/],
    ['faults', { provider: 'slack', mode: 'hang', times: 0 }, /times must be/],
    ['faults', { provider: 'slack', mode: 'hang', endpoint: 'everything' }, /endpoint must be/],
    ['faults', { provider: 'slack', mode: 'hang', when: 'later' }, /when must be one of before, after/],
    ['faults', { provider: 'slack', mode: 'drip', when: 'before' }, /can only strike after/],
    ['faults', { provider: 'slack', mode: 'hang', grant_type: 'password' }, /grant_type must be one of/],
    ['faults', { provider: 'slack', mode: 'hang', speed: 3 }, /Unknown member "speed"/],
    ['expire', { provider: 'slack', what: 'everything' }, /what must be access, refresh or grant/],
    ['expire', ['slack'], /Send a JSON object/],
  ])('refuses bad input to %s with 400: %j', async (path, body, message) => {
    const answer = await control(sandbox, path, body);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', message: expect.stringMatching(message) },
    });
  });

  it('refuses a body that is no JSON, and one sent as a plain form', async () => {
    for (const type of ['application/json', 'text/plain']) {
      const init = { method: 'POST', headers: { 'content-type': type }, body: '{"provider":' };
      expect((await fetch(`${sandbox.url}/_control/faults`, init)).status).toBe(400);
    }
  });

  it('answers on loopback alone', () => {
    expect(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'].map(isLoopback)).toEqual([true, true, true, true]);
    expect(['10.0.0.1', '::ffff:10.0.0.1', 'fe80::1', '', '127.0.0.1.evil'].map(isLoopback)).not.toContain(true);
  });

  it('counts requests by path template, exchanges and refreshes, since the last reset', async () => {
    await refreshWith(sandbox, 'airtable', tokens.refresh_token);
    await get(`${sandbox.url}/airtable/v0/meta/bases/appX/tables?include=visibleFieldIds`, 'x');
    await get(`${sandbox.url}/airtable/some/strange/path`, 'x');
    await exchangeCode(sandbox, 'slack', await newCode(sandbox, 'slack'));
    const stats = await readStats(sandbox);
    expect(stats.airtable).toEqual({
      requests: {
        'POST /oauth2/v1/authorize': 1,
        'POST /oauth2/v1/token': 2,
        'GET /v0/meta/bases/{id}/tables': 1,
        'GET {other}': 1,
      },
      exchanges: 1,
      refreshes: 1,
      rotated_token_reuse: 0,
      rate_limit_breaches: 0,
      revocations: 0,
    });
    expect(stats.slack.exchanges).toBe(1);
    await fetch(`${sandbox.url}/_control/stats`, { method: 'DELETE' });
    expect((await readStats(sandbox)).airtable).toMatchObject({ requests: {}, exchanges: 0, refreshes: 0 });
  });

  it.each(['airtable', 'notion', 'hubspot', 'slack'] as const)(
    'kills %s’s refresh tokens and leaves access',
    async (name) => {
      const connected = await connect(sandbox, name);
      expect((await control(sandbox, 'expire', { provider: name, what: 'refresh' })).status).toBe(200);
      const { body } = await refreshWith(sandbox, name, connected.refresh_token);
      expect(body['error']).toMatch(/^invalid_(grant|refresh_token)$/);
    },
  );

  it('answers paths outside the providers with JSON', async () => {
    const response = await fetch(`${sandbox.url}/dropbox`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/json');
  });

  it('answers bodies over a megabyte with 413 in the provider’s shape', async () => {
    const response = await fetch(`${sandbox.url}/notion/v1/search`, { method: 'POST', body: 'x'.repeat(2 ** 23) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ object: 'error' });
  });
});
