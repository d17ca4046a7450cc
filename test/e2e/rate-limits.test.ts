import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startPatchbay, type PatchbayOptions, type RunningPatchbay } from '../support/patchbay.ts';
import type { Answer, Browser } from '../support/http-browser.ts';

const ANN = { user_id: 'ann', org_id: 'acme' };
const BOB = { user_id: 'bob', org_id: 'acme' };
const running: RunningPatchbay[] = [];
afterAll(() => Promise.all(running.map((patchbay) => patchbay.close())));

async function start(environment: NonNullable<PatchbayOptions['environment']>): Promise<RunningPatchbay> {
  const patchbay = await startPatchbay({ environment });
  running.push(patchbay);
  return patchbay;
}

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
    const patchbay = await start({ RATE_LIMIT_PER_MINUTE: '1000', RATE_LIMIT_PER_MINUTE_USER: '0' });
    browser = patchbay.newBrowser();
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
    const patchbay = await start({ RATE_LIMIT_PER_MINUTE: '3', RATE_LIMIT_PER_MINUTE_USER: '0' });
    const browser = patchbay.newBrowser();
    const answers: Answer[] = [];
    for (let request = 0; request < 4; request += 1) answers.push(await knock(browser));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429]);
    expect(answers.map((answer) => left(answer, 'ip'))).toEqual([2, 1, 0, 0]);
    expect(answers.map(({ headers }) => headers.get('ratelimit-policy'))).toEqual(Array(4).fill('"ip";q=3;w=60'));
    expect(answers[0]?.headers.get('ratelimit')).toBe('"ip";r=2;t=60');
    const [, , , refused] = answers;
    if (refused === undefined) throw new Error('None was refused.');
    expectRefused(refused);
    const seconds = refused.headers.get('retry-after') ?? '';
    expect(refused.headers.get('ratelimit')).toBe(`"ip";r=0;t=${seconds}`);
    expect((await browser.unsigned('GET', '/health/live')).status).toBe(200);
  });

  it('comes before anything is read, and can be read by our own frontends', async () => {
    const patchbay = await start({ RATE_LIMIT_PER_MINUTE: '1', RATE_LIMIT_PER_MINUTE_USER: '0' });
    const browser = patchbay.newBrowser();
    await knock(browser);
    const origin = 'http://localhost:3000';
    const answer = await browser.unsigned('POST', '/integrations/notion/load', 'x'.repeat(200_000), { origin });
    expectRefused(answer);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-expose-headers')).toContain('RateLimit');
  });
});

describe('The budget of a user', () => {
  let patchbay: RunningPatchbay;
  beforeEach(async () => {
    patchbay = await start({
      RATE_LIMIT_PER_MINUTE: '6',
      RATE_LIMIT_PER_MINUTE_USER: '5',
      TRUSTED_PROXIES: '127.0.0.0/8,::1',
    });
  });
  let addresses = 0;
  /** Every call from an address of its own, as of people who move about. */
  const elsewhere = () => ({ 'x-forwarded-for': `198.51.100.${(addresses += 1)}` });

  it('is one for all their sessions and addresses, and nobody else’s', async () => {
    const [home, office] = [patchbay.newBrowser(), patchbay.newBrowser()];
    const answers: Answer[] = [];
    for (const browser of [home, office, home, office, home]) {
      answers.push(await connectionsOf(browser, ANN, elsewhere()));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(answers.map((answer) => left(answer, 'user'))).toEqual([4, 3, 2, 1, 0]);
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"ip";q=6;w=60, "user";q=5;w=60');
    expect(answers[0]?.headers.get('ratelimit')).toBe('"ip";r=5;t=60, "user";r=4;t=60');
    expectRefused(await connectionsOf(office, ANN, elsewhere()));
    const sameAddress = { 'x-forwarded-for': '198.51.100.200' };
    expectRefused(await connectionsOf(home, ANN, sameAddress));
    expect(left(await connectionsOf(patchbay.newBrowser(), BOB, sameAddress), 'user')).toBe(4);
  });

  it('is not spent by what the address was refused for, nor by who only claims to be them', async () => {
    const carol = { user_id: 'carol', org_id: 'acme' };
    const browser = patchbay.newBrowser();
    expect(left(await connectionsOf(browser, carol, elsewhere()), 'user')).toBe(4);
    const crowded = { 'x-forwarded-for': '203.0.113.7' };
    for (let request = 0; request < 6; request += 1) await knock(browser, crowded);
    const refused = await connectionsOf(browser, carol, crowded);
    expectRefused(refused);
    expect(left(refused, 'user')).toBeUndefined();
    await browser.unsigned('GET', '/connections?user_id=carol&org_id=acme', undefined, elsewhere());
    expect(left(await connectionsOf(browser, carol, elsewhere()), 'user')).toBe(3);
  });
});

describe('The address that counts', () => {
  it('is the peer’s, whatever X-Forwarded-For says, unless the peer is a trusted proxy', async () => {
    const patchbay = await start({ RATE_LIMIT_PER_MINUTE: '50' });
    const browser = patchbay.newBrowser();
    await knock(browser);
    const answers = [
      await knock(browser, { 'x-forwarded-for': '203.0.113.1' }),
      await knock(browser, { 'x-forwarded-for': '203.0.113.2, 127.0.0.1' }),
      await knock(browser, { forwarded: 'for=203.0.113.3', 'x-real-ip': '203.0.113.3' }),
    ];
    expect(answers.map((answer) => left(answer, 'ip'))).toEqual([48, 47, 46]);
  });

  it('is, behind trusted proxies, the nearest that is not one of them', async () => {
    const patchbay = await start({ RATE_LIMIT_PER_MINUTE: '50', TRUSTED_PROXIES: '127.0.0.0/8,::1,10.0.0.0/8' });
    const browser = patchbay.newBrowser();
    const from = async (chain: string) => left(await knock(browser, { 'x-forwarded-for': chain }), 'ip');
    expect(await from('203.0.113.1')).toBe(49);
    expect(await from('203.0.113.2')).toBe(49);
    // Whatever the client wrote itself stands to the left of what the proxies saw.
    expect(await from('198.51.100.1, 203.0.113.1')).toBe(48);
    expect(await from('198.51.100.2, 203.0.113.1, 10.1.2.3')).toBe(47);
    expect(await from('::ffff:203.0.113.1')).toBe(46);
    expect(await from('2001:db8:0:1::1')).toBe(49);
    expect(await from('2001:db8:0:1:ffff::2')).toBe(48);
    expect(await from('2001:db8:0:2::1')).toBe(49);
  });
});

describe('A limit of 0', () => {
  it('leaves the other one in force', async () => {
    const patchbay = await start({ RATE_LIMIT_PER_MINUTE: '0', RATE_LIMIT_PER_MINUTE_USER: '5' });
    const answer = await connectionsOf(patchbay.newBrowser(), ANN);
    expect(answer.headers.get('ratelimit-policy')).toBe('"user";q=5;w=60');
  });
});
