import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ERROR_CODES, STATUS_BY_ERROR_CODE, type ErrorCode } from '../../src/errors/error-code.ts';
import { BAD_RETURN_URLS } from '../support/bad-return-urls.ts';
import type { Answer, Browser } from '../support/http-browser.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';

let patchbay: RunningPatchbay;
let browser: Browser;

beforeAll(async () => {
  patchbay = await startPatchbay();
  browser = patchbay.newBrowser();
});
afterAll(() => patchbay.close());

/** Every refusal has this shape, whoever refuses. */
function expectEnvelope(answer: Answer, code: ErrorCode): void {
  expect({ status: answer.status, error: answer.json['error'] }).toEqual({
    status: STATUS_BY_ERROR_CODE[code],
    error: code,
  });
  expect(Object.keys(answer.json).sort()).toEqual(['details', 'error', 'message']);
  expect(String(answer.json['message']).length).toBeGreaterThan(10);
  const id = answer.headers.get('x-request-id');
  expect(id).toBeTruthy();
  expect((answer.json['details'] as Record<string, unknown>)['request_id']).toBe(id);
  expect(answer.headers.get('cache-control')).toBe('no-store');
}

const fieldsOf = (answer: Answer) => (answer.json['details'] as { fields?: { field: string }[] }).fields ?? [];

/** Sends bytes as they are and gives back all that comes. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(patchbay.url).port) });
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.on('close', () => resolve(answer)).on('error', reject);
    socket.write(bytes);
  });
}

describe('What goes wrong leaves in the one envelope:', () => {
  const LOAD = '/integrations/notion/load';
  const NOBODY = { user_id: 'never-connected-anything', org_id: 'acme' };

  it.each<[string, () => Promise<Answer>, ErrorCode]>([
    ['a path that is not there', () => browser.get('/nothing/here'), 'not_found'],
    [
      'an integration that is not there',
      () => browser.post('/integrations/myspace/authorize', OWNER),
      'unknown_integration',
    ],
    [
      'an integration that is not there, with any method',
      () => browser.get('/integrations/myspace'),
      'unknown_integration',
    ],
    [
      'an unknown integration in a query',
      () => browser.get('/connections?user_id=a&org_id=b&integration=myspace'),
      'unknown_integration',
    ],
    ['a path below an integration that is not there', () => browser.get('/integrations/notion/nothing'), 'not_found'],
    ['a connection that is not there', () => browser.post(LOAD, NOBODY), 'connection_not_found'],
    ['a state nobody knows', () => browser.get(`/integrations/notion/authorizations/${'s'.repeat(43)}`), 'not_found'],
    ['malformed JSON', () => browser.call('POST', LOAD, '{"user_id": hunter2'), 'invalid_request'],
    [
      'JSON that is not an object',
      () => browser.call('POST', LOAD, '[{"user_id":"a","org_id":"b"}]'),
      'invalid_request',
    ],
    ['a bare JSON value', () => browser.call('POST', LOAD, '"text"'), 'invalid_request'],
    ['no body at all', () => browser.call('POST', LOAD), 'invalid_request'],
    ['a body over the limit', () => browser.post(LOAD, { ...OWNER, cursor: 'x'.repeat(200_000) }), 'payload_too_large'],
    [
      'a body of another type',
      () => browser.call('POST', LOAD, '<xml/>', { 'content-type': 'application/xml' }),
      'unsupported_media_type',
    ],
    [
      'a charset nobody can read',
      () => browser.call('POST', LOAD, '{}', { 'content-type': 'application/json; charset=ebcdic' }),
      'unsupported_media_type',
    ],
    [
      'a cursor that is not ours',
      async () => {
        await browser.connect('notion', OWNER);
        return browser.post(LOAD, { ...OWNER, cursor: 'not-one-of-ours' });
      },
      'cursor_invalid',
    ],
    [
      'a malformed percent-escape',
      () => browser.get('/integrations/notion/authorizations/%E0%A4%A'),
      'invalid_request',
    ],
  ])('%s', async (_what, ask, code) => {
    expectEnvelope(await ask(), code);
  });

  it('a compressed body, which could hide any size', async () => {
    const response = await fetch(`${patchbay.url}${LOAD}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: gzipSync(JSON.stringify(OWNER)),
    });
    expect(response.status).toBe(415);
    expect(((await response.json()) as { error: string }).error).toBe('unsupported_media_type');
  });

  it.each([
    ['GET', '/integrations/notion/load', 'POST'],
    ['PUT', '/integrations/notion/credentials', 'DELETE, POST'],
    ['POST', '/connections', 'GET, HEAD'],
    ['DELETE', '/integrations', 'GET, HEAD'],
    ['PATCH', '/health/live', 'GET, HEAD'],
  ])('%s on %s, which answers to %s', async (method, path, allow) => {
    const answer = await browser.call(method, path);
    expectEnvelope(answer, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it('a parser’s complaint, without quoting what it could not read', async () => {
    const answer = await browser.call('POST', LOAD, '{"password": hunter2');
    expect(answer.text).not.toContain('hunter2');
    expect(patchbay.log.join('')).not.toContain('hunter2');
  });

  it('bytes that are no HTTP', async () => {
    const answer = await raw('HELLO\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toMatch(/X-Request-Id: /i);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ error: 'invalid_request' });
  });

  it('headers beyond all measure', async () => {
    const answer = await raw(`GET /integrations HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ error: 'invalid_request' });
  });
});

describe('Input is judged at the edge:', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['a member nobody knows', { ...OWNER, colour: 'red' }, 'colour'],
    ['a missing user', { org_id: 'acme' }, 'user_id'],
    ['an empty user', { ...OWNER, user_id: '' }, 'user_id'],
    ['a user of another type', { ...OWNER, user_id: { $ne: null } }, 'user_id'],
    ['a user of 129 characters', { ...OWNER, user_id: 'u'.repeat(129) }, 'user_id'],
    ['a user with a line break', { ...OWNER, user_id: 'ann\nbob' }, 'user_id'],
    ['a user with a slash', { ...OWNER, user_id: '../ann' }, 'user_id'],
    ['a page of none', { ...OWNER, page_size: 0 }, 'page_size'],
    ['a page of too many', { ...OWNER, page_size: 1001 }, 'page_size'],
    ['a page of one and a half', { ...OWNER, page_size: 1.5 }, 'page_size'],
    ['a time that is none', { ...OWNER, modified_since: 'yesterday' }, 'modified_since'],
    ['a list that is none', { ...OWNER, item_types: { 0: 'page' } }, 'item_types'],
    ['an empty list', { ...OWNER, item_types: [] }, 'item_types'],
    ['a connection id that is none', { ...OWNER, connection_id: 'con_1' }, 'connection_id'],
  ])('refuses %s and names the field', async (_what, body, field) => {
    const answer = await browser.post('/integrations/notion/load', body);
    expectEnvelope(answer, 'invalid_request');
    expect(fieldsOf(answer).map((one) => one.field)).toContain(field);
  });

  it.each(['__proto__', 'constructor', 'prototype'])(
    'refuses a member called %s, at any depth and in a form',
    async (name) => {
      const shallow = await browser.call('POST', '/integrations/notion/load', `{"${name}": {"x": 1}}`);
      const deep = await browser.call('POST', '/integrations/notion/load', `{"item_types": [{"${name}": 1}]}`);
      const form = await browser.call('POST', '/integrations/notion/load', `${name}=1`, {
        'content-type': 'application/x-www-form-urlencoded',
      });
      for (const answer of [shallow, deep, form]) expectEnvelope(answer, 'invalid_request');
    },
  );

  it('takes a form for what existing clients mean by it', async () => {
    await browser.connect('slack', OWNER);
    const form = 'user_id=ann&org_id=acme&item_types=user&page_size=2';
    const answer = await browser.call('POST', '/integrations/slack/load', form, {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(answer.status).toBe(200);
    expect(answer.json['items']).toHaveLength(2);
  });

  it('refuses a query parameter nobody knows', async () => {
    expectEnvelope(await browser.get('/integrations?x=1'), 'invalid_request');
    expectEnvelope(await browser.get('/connections?user_id=a&org_id=b&x=1'), 'invalid_request');
  });

  it('answers the older HubSpot name like a load', async () => {
    await browser.connect('hubspot', OWNER);
    const answer = await browser.post('/integrations/hubspot/get_hubspot_items', { ...OWNER, item_types: ['deal'] });
    expect(answer.status).toBe(200);
    expect((answer.json['items'] as { type: string }[]).every((item) => item.type === 'deal')).toBe(true);
  });

  it('lets nobody have more than ten authorizations under way', async () => {
    const many = { user_id: 'eager', org_id: 'acme' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => browser.post('/integrations/notion/authorize', many)),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(10);
    const [refused] = answers.filter((answer) => answer.status !== 200);
    if (refused === undefined) throw new Error('None was refused.');
    expectEnvelope(refused, 'rate_limited');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it.each(BAD_RETURN_URLS)('sends no browser to %j', async (return_url) => {
    const answer = await browser.post('/integrations/notion/authorize', { ...OWNER, return_url });
    expectEnvelope(answer, 'invalid_request');
    expect(fieldsOf(answer).map((one) => one.field)).toEqual(['return_url']);
  });

  it('sends a browser back to an allowed origin with how it ended', async () => {
    const return_url = 'http://localhost:3000/done?tab=1';
    const answer = await browser.connect('notion', { ...OWNER, return_url });
    expect(answer.status).toBe(303);
    const location = new URL(answer.headers.get('location') ?? '');
    expect(location.origin + location.pathname).toBe('http://localhost:3000/done');
    expect(location.searchParams.get('tab')).toBe('1');
    expect(location.searchParams.get('status')).toBe('connected');
    expect(location.searchParams.get('connection_id')).toMatch(/^con_/);
  });
});

describe('Other people’s pages', () => {
  it('cannot make a browser write here', async () => {
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      expectEnvelope(await browser.call('POST', '/integrations/notion/authorize', OWNER, headers), 'forbidden');
    }
  });

  it('cannot reach us by a name that is not ours, as DNS rebinding would', async () => {
    const port = new URL(patchbay.url).port;
    const answer = await raw(`GET /integrations HTTP/1.1\r\nHost: evil.example:${port}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).not.toContain('airtable');
  });

  it.each([
    ['/health/live', 200],
    ['/health/ready/', 200],
    ['/health', 403],
    ['/health/', 403],
    ['/health?live', 403],
    ['/health/livelier', 403],
  ])('learn that we live and are ready at most, by whatever name they ask: %s, %i', async (path, status) => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: 10.0.0.7:8000\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  it('may not read an answer, while our own frontends may', async () => {
    const evil = await browser.get('/integrations', { origin: 'https://evil.example' });
    expect(evil.headers.get('access-control-allow-origin')).toBeNull();
    const ours = await browser.get('/integrations', { origin: 'http://localhost:3000' });
    expect(ours.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
  });
});

describe('A request', () => {
  it('keeps the id its caller gave it, when that is a sane one', async () => {
    const given = await browser.get('/integrations', { 'x-request-id': 'order-4711.retry_2' });
    expect(given.headers.get('x-request-id')).toBe('order-4711.retry_2');
    for (const insane of ['short', 'x'.repeat(129), 'with space in it', '<script>alert(1)</script>']) {
      const answer = await browser.get('/integrations', { 'x-request-id': insane });
      expect(answer.headers.get('x-request-id')).not.toBe(insane);
      expect(answer.headers.get('x-request-id')).toMatch(/^[\w.-]{8,128}$/);
    }
  });

  it('leaves one line in the log, with its id and without its query', async () => {
    const id = 'a-request-to-be-found';
    await browser.get('/connections?user_id=secret-user&org_id=b', { 'x-request-id': id });
    const lines = patchbay.log.filter((line) => line.includes(id));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.split(id)).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'request', request_id: id, method: 'GET', status: 200 });
    expect(lines[0]).not.toContain('secret-user');
  });

  it('is documented: every error code stands in the OpenAPI document', async () => {
    const answer = await browser.get('/openapi.json');
    expect(answer.status).toBe(200);
    expect(answer.json['openapi']).toBe('3.1.0');
    for (const code of ERROR_CODES) expect(answer.text).toContain(`\`${code}\``);
    const docs = await browser.get('/docs');
    expect([docs.status, docs.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  });

  it.each(['/health', '/health/live', '/health/ready'])('to %s learns that all is well', async (path) => {
    const answer = await browser.get(path);
    expect([answer.status, answer.json['status']]).toEqual([200, 'ok']);
  });
});
