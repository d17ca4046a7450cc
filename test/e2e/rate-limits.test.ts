import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/built-programs.ts';
import { clockStandsStill } from '../support/fake-date.ts';
import { LONG_DEADLINES, startPatchbay, type PatchbayOptions, type RunningPatchbay } from '../support/patchbay.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import type { Answer, Browser } from '../support/http-browser.ts';

const ANN = { user_id: 'ann', org_id: 'acme' };
const BOB = { user_id: 'bob', org_id: 'acme' };
/** Enough for the sessions, which all begin at the proxy's own address. */
const PER_ADDRESS = 12;
const page = temporaryFolder();
const running: RunningPatchbay[] = [];
let unlimited: RunningPatchbay;
let saidAtStart: readonly string[];
let open: RunningPatchbay;
let proxied: RunningPatchbay;

// The windows' clock stands still: no hit leaves its window, however long a test takes.
beforeAll(async () => {
  clockStandsStill();
  writeFileSync(join(page.path, 'index.html'), '<!doctype html>');
  // The first application of a process has the log of what no request causes.
  unlimited = await start({ RATE_LIMIT_PER_MINUTE: '0', RATE_LIMIT_PER_MINUTE_USER: '0' });
  saidAtStart = [...unlimited.log];
  open = await start({ RATE_LIMIT_PER_MINUTE: '1000', RATE_LIMIT_PER_MINUTE_USER: '0' });
  proxied = await start({
    RATE_LIMIT_PER_MINUTE: String(PER_ADDRESS),
    RATE_LIMIT_PER_MINUTE_USER: '5',
    TRUSTED_PROXIES: '127.0.0.0/8,::1,10.0.0.0/8',
  });
});
afterAll(async () => {
  await Promise.all(running.map((patchbay) => patchbay.close()));
  page.remove();
  jest.restoreAllMocks();
});

async function start(environment: NonNullable<PatchbayOptions['environment']>): Promise<RunningPatchbay> {
  const patchbay = await startPatchbay({ environment, page: page.path });
  running.push(patchbay);
  return patchbay;
}

let addresses = 0;
/** An address that no other request came from, as the proxy in front of `proxied` sees it. */
const newAddress = () => ({ 'x-forwarded-for': `198.51.100.${(addresses += 1)}` });

/** What the answer says is left of a budget; undefined when it says nothing of it. */
function left(answer: Answer, policy: 'ip' | 'user'): number | undefined {
  const [, remaining] = new RegExp(`"${policy}";r=(\\d+);t=\\d+`).exec(answer.headers.get('ratelimit') ?? '') ?? [];
  return remaining === undefined ? undefined : Number(remaining);
}

const connectionsOf = (browser: Browser, who: typeof ANN, headers?: Record<string, string>) =>
  browser.get(`/connections?user_id=${who.user_id}&org_id=${who.org_id}`, headers);
/** Answered with 401 where the budget lasts: it costs nobody else's. */
const knock = (browser: Browser, headers?: Record<string, string>) =>
  browser.unsigned('GET', '/integrations', undefined, headers);

function expectRefused(answer: Answer): void {
  const after = answer.headers.get('retry-after') ?? '';
  expect([answer.status, answer.json['error']]).toEqual([429, 'rate_limited']);
  expect(after).toMatch(/^[1-9]\d*$/);
  expect(Number(after)).toBeLessThanOrEqual(60);
  expect(answer.headers.get('retry-after-ip')).toBeNull();
  expect(answer.json['details']).toEqual({
    request_id: answer.headers.get('x-request-id'),
    retry_after: Number(after),
  });
  expect(answer.headers.get('cache-control')).toBe('no-store');
}

describe('The budget of an address', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = open.newBrowser();
    await connectionsOf(browser, ANN);
  });

  const LOAD = '/integrations/notion/load';
  const forged = { 'signature-input': 'sig1=("@method");created=1;keyid="x";nonce="0123456789abcdef"', signature: 'x' };
  it.each<[string, number, () => Promise<Answer>]>([
    ['a request that is served', 200, () => connectionsOf(browser, ANN)],
    ['a path that is not there', 404, () => browser.unsigned('GET', '/nothing/here')],
    ['a file that is not there', 404, () => browser.unsigned('GET', '/assets/nothing.js')],
    ['an integration that is not there', 404, () => browser.unsigned('GET', '/integrations/myspace/load')],
    ['a method that is not answered', 405, () => browser.unsigned('PATCH', '/health/live')],
    ['no signature', 401, () => knock(browser)],
    ['a bad signature', 401, () => knock(browser, forged)],
    ['malformed JSON', 400, () => browser.call('POST', LOAD, '{"user_id": ')],
    ['a body that is too large', 413, () => browser.unsigned('POST', LOAD, 'x'.repeat(200_000))],
    ['a body of another type', 415, () => browser.call('POST', LOAD, '<xml/>', { 'content-type': 'text/xml' })],
    ['a page of another origin', 403, () => browser.unsigned('POST', LOAD, '{}', { origin: 'https://evil.example' })],
    ['a way back from a provider', 400, () => browser.unsigned('GET', '/integrations/notion/oauth2callback?state=x')],
  ])('is spent by %s, and the answer says so', async (_what, status, ask) => {
    const before = left(await knock(browser), 'ip') ?? 0;
    const answer = await ask();
    expect([answer.status, left(answer, 'ip')]).toEqual([status, before - 1]);
    expect(answer.headers.get('ratelimit-policy')).toBe('"ip";q=1000;w=60');
  });

  it.each([
    ['GET', '/health'],
    ['GET', '/health/live'],
    ['GET', '/health/ready'],
    ['GET', '/'],
    ['GET', '/docs'],
    ['GET', '/docs/swagger-ui.css'],
    ['GET', '/favicon.ico'],
    // A preflight carries no credentials and is answered from memory; a page could do nothing about its refusal.
    ['OPTIONS', '/integrations'],
  ])('is not spent by %s %s', async (method, path) => {
    const before = left(await knock(browser), 'ip') ?? 0;
    const answer = await browser.unsigned(method, path);
    expect([answer.headers.get('ratelimit'), answer.headers.get('ratelimit-policy')]).toEqual([null, null]);
    expect(left(await knock(browser), 'ip')).toBe(before - 1);
  });
});

describe('A refusal', () => {
  it('comes with the first request over the limit, and says when to come again', async () => {
    const [browser, address] = [proxied.newBrowser(), newAddress()];
    const answers: Answer[] = [];
    for (let request = 0; request < PER_ADDRESS; request += 1) answers.push(await knock(browser, address));
    expect(answers.map(({ status }) => status)).toEqual(Array(PER_ADDRESS).fill(401));
    expect(answers.map((answer) => left(answer, 'ip'))).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(answers[0]?.headers.get('ratelimit')).toBe('"ip";r=11;t=60');
    const refused = await knock(browser, address);
    expectRefused(refused);
    const seconds = refused.headers.get('retry-after') ?? '';
    expect(refused.headers.get('ratelimit')).toBe(`"ip";r=0;t=${seconds}`);
    const policies = [...answers, refused].map(({ headers }) => headers.get('ratelimit-policy'));
    expect(policies).toEqual(Array(PER_ADDRESS + 1).fill('"ip";q=12;w=60'));
    expect((await browser.unsigned('GET', '/health/live', undefined, address)).status).toBe(200);
  });

  it('comes before anything is read, and can be read by our own frontends', async () => {
    const [browser, address] = [proxied.newBrowser(), newAddress()];
    for (let request = 0; request < PER_ADDRESS; request += 1) await knock(browser, address);
    const headers = { ...address, origin: 'http://localhost:3000' };
    const answer = await browser.unsigned('POST', '/integrations/notion/load', 'x'.repeat(200_000), headers);
    expectRefused(answer);
    expect(answer.headers.get('access-control-allow-origin')).toBe(headers.origin);
    expect(answer.headers.get('access-control-expose-headers')).toContain('RateLimit');
  });
});

describe('The budget of a user', () => {
  it('is one for all their sessions and addresses, and nobody else’s', async () => {
    const [home, office, bobs] = [proxied.newBrowser(), proxied.newBrowser(), proxied.newBrowser()];
    const answers: Answer[] = [];
    for (const browser of [home, office, home, office, home]) {
      answers.push(await connectionsOf(browser, ANN, newAddress()));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(answers.map((answer) => left(answer, 'user'))).toEqual([4, 3, 2, 1, 0]);
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"ip";q=12;w=60, "user";q=5;w=60');
    expect(answers[0]?.headers.get('ratelimit')).toBe('"ip";r=11;t=60, "user";r=4;t=60');
    expectRefused(await connectionsOf(office, ANN, newAddress()));
    const sameAddress = newAddress();
    expectRefused(await connectionsOf(home, ANN, sameAddress));
    expect(left(await connectionsOf(bobs, BOB, sameAddress), 'user')).toBe(4);
  });

  it('is not spent by what the address was refused for, nor by who only claims to be them', async () => {
    const carol = { user_id: 'carol', org_id: 'acme' };
    const browser = proxied.newBrowser();
    expect(left(await connectionsOf(browser, carol, newAddress()), 'user')).toBe(4);
    const crowded = newAddress();
    for (let request = 0; request < PER_ADDRESS; request += 1) await knock(browser, crowded);
    const refused = await connectionsOf(browser, carol, crowded);
    expectRefused(refused);
    expect(left(refused, 'user')).toBeUndefined();
    await browser.unsigned('GET', '/connections?user_id=carol&org_id=acme', undefined, newAddress());
    expect(left(await connectionsOf(browser, carol, newAddress()), 'user')).toBe(3);
  });
});

describe('The address that counts', () => {
  it('is the peer’s, whatever X-Forwarded-For says, unless the peer is a trusted proxy', async () => {
    const browser = open.newBrowser();
    const before = left(await knock(browser), 'ip') ?? 0;
    const answers = [
      await knock(browser, { 'x-forwarded-for': '203.0.113.1' }),
      await knock(browser, { 'x-forwarded-for': '203.0.113.2, 127.0.0.1' }),
      await knock(browser, { forwarded: 'for=203.0.113.3', 'x-real-ip': '203.0.113.3' }),
    ];
    expect(answers.map((answer) => left(answer, 'ip'))).toEqual([before - 1, before - 2, before - 3]);
  });

  it('is, behind trusted proxies, the nearest that is not one of them', async () => {
    const browser = proxied.newBrowser();
    const from = async (chain: string) => left(await knock(browser, { 'x-forwarded-for': chain }), 'ip');
    expect(await from('203.0.113.1')).toBe(11);
    expect(await from('203.0.113.2')).toBe(11);
    // Whatever the client wrote itself stands to the left of what the proxies saw.
    expect(await from('192.0.2.1, 203.0.113.1')).toBe(10);
    expect(await from('192.0.2.2, 203.0.113.1, 10.1.2.3')).toBe(9);
    expect(await from('::ffff:203.0.113.1')).toBe(8);
    expect(await from('2001:db8:0:1::1')).toBe(11);
    expect(await from('2001:db8:0:1:ffff::2')).toBe(10);
    expect(await from('2001:db8:0:2::1')).toBe(11);
  });
});

describe('A limit of 0', () => {
  it('leaves the other one in force', async () => {
    const patchbay = await start({ RATE_LIMIT_PER_MINUTE: '0', RATE_LIMIT_PER_MINUTE_USER: '5' });
    const answer = await connectionsOf(patchbay.newBrowser(), ANN);
    expect(answer.headers.get('ratelimit-policy')).toBe('"user";q=5;w=60');
  });

  it('is no limit', async () => {
    const browser = unlimited.newBrowser();
    const answers = await Promise.all(Array.from({ length: 110 }, () => connectionsOf(browser, ANN)));
    expect(answers.every(({ status, headers }) => status === 200 && headers.get('ratelimit') === null)).toBe(true);
  });

  it('is warned of at the start', () => {
    const warnings = saidAtStart
      .map((line) => JSON.parse(line) as { level: number; msg: string })
      .filter(({ level, msg }) => level === 40 && msg.startsWith('RATE_LIMIT_PER_MINUTE'));
    expect(warnings.map(({ msg }) => msg)).toEqual([
      'RATE_LIMIT_PER_MINUTE is 0: requests per address are not limited.',
      'RATE_LIMIT_PER_MINUTE_USER is 0: requests per user are not limited.',
    ]);
  });
});

describeWithRedis('Two replicas on one store', () => {
  let redis: RedisServer;
  let replicas: readonly RunningPatchbay[];
  beforeAll(async () => {
    redis = await startRedis();
    const environment = {
      REDIS_URL: redis.url,
      ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
      RATE_LIMIT_PER_MINUTE: '100',
      RATE_LIMIT_PER_MINUTE_USER: '20',
      TRUSTED_PROXIES: '127.0.0.0/8,::1',
    };
    const options = { environment, deadlines: LONG_DEADLINES };
    replicas = [await startPatchbay(options), await startPatchbay(options)];
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    await redis.stop();
  });

  /** Of so many requests at once, half of them to each replica: how many were answered with which status. */
  const statuses = async (atOnce: number, ask: (browser: Browser) => Promise<Answer>) => {
    const browsers = replicas.map((replica) => replica.newBrowser());
    const asked = browsers.flatMap((browser) => Array.from({ length: atOnce / 2 }, () => ask(browser)));
    const answers = await Promise.all(asked);
    const counts: Record<number, number> = {};
    for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };

  it('serve exactly the limit of 500 parallel requests from one address', async () => {
    const address = newAddress();
    expect(await statuses(500, (browser) => knock(browser, address))).toEqual({ 401: 100, 429: 400 });
  });

  it('serve exactly the limit of parallel requests of one user, and as many of another', async () => {
    for (const who of [ANN, BOB]) {
      expect(await statuses(100, (browser) => connectionsOf(browser, who, newAddress()))).toEqual({ 200: 20, 429: 80 });
    }
  });
});
