import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { registry } from '../../src/integrations/registry.ts';
import { LastLoads } from '../../src/items/last-loads.ts';
import { CircuitBreakers } from '../../src/outbound/circuit-breakers.ts';
import { onlyTheDateIsFake } from '../support/fake-date.ts';
import type { Answer, Browser } from '../support/http-browser.ts';
import { keptRecords } from '../support/kept-records.ts';
import type { Item } from '../support/load-all.ts';
import { LONG_DEADLINES, OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import { SandboxControl, type Fault } from '../support/sandbox-control.ts';
import { textOfFiles, textOfRedis } from '../support/stored-text.ts';

const HOUR_MS = 3_600_000;
const WARNING = '110 - "Response is Stale"';
const PAGE_SIZE = 5;
/** A call may last as long as a slow machine makes it, but no provider that asks to wait for a minute is waited for. */
const DEADLINES = { ...LONG_DEADLINES, outbound: { ...LONG_DEADLINES.outbound, callTimeoutMs: 60_000 } };

let patchbay: RunningPatchbay;
let control: SandboxControl;
let browser: Browser;
let owner: { readonly user_id: string; readonly org_id: string };
let count = 0;
/** A provider has asked to be left alone. */
let isHeld = false;

const load = (name: string, query: Record<string, unknown> = {}): Promise<Answer> =>
  browser.post(`/integrations/${name}/load`, { ...owner, ...query });

/** A load that is kept by the time it returns. */
async function loadKept(name: string, query: Record<string, unknown> = {}): Promise<Answer> {
  const answer = await load(name, query);
  expect(answer.json).toMatchObject({ stale: false });
  await patchbay.application.get(LastLoads, { strict: false }).settled();
  return answer;
}

/** The provider is back, and the service calls it again. */
async function afterwards(): Promise<void> {
  await control.clearFaults();
  const circuits = patchbay.application.get(CircuitBreakers, { strict: false }).states();
  if (isHeld || circuits.some(({ state }) => state !== 'closed')) await patchbay.restart();
  isHeld = false;
}

/** By default a call fails with its first attempt: no test waits for others. */
function breakDown(provider: string, fault: Partial<Fault> = {}): Promise<void> {
  isHeld ||= fault.retry_after !== undefined;
  return control.fault({ provider, endpoint: 'api', mode: 'html', ...fault });
}

const connectionIds = async (): Promise<unknown[]> => {
  const { json } = await browser.get(`/connections?user_id=${owner.user_id}&org_id=${owner.org_id}`);
  return (json['connections'] as Record<string, unknown>[]).map((one) => one['connection_id']);
};

function expectStale(answer: Answer, kept: Answer): void {
  expect(answer.status).toBe(200);
  const { next_cursor, ...page } = kept.json;
  // Where the next load begins is for the one to say that ends at the provider.
  expect(answer.json).toEqual({
    ...page,
    stale: true,
    checkpoint: null,
    next_cursor: next_cursor === null ? null : expect.any(String),
  });
  expect(answer.headers.get('warning')).toBe(WARNING);
}

function expectError(answer: Answer, status: number, code: string): void {
  expect([answer.status, answer.json['error']]).toEqual([status, code]);
  expect(answer.headers.get('warning')).toBeNull();
}

/** As `breakDown` makes a provider fail. */
const expectFailure = (answer: Answer): void => expectError(answer, 502, 'provider_protocol_error');

/** @param forgetAll makes a store forget what outlives a restart, after a test whose provider has asked to be left alone */
function setUp(environment: () => Record<string, string>, forgetAll: () => unknown = () => undefined): void {
  beforeAll(async () => {
    patchbay = await startPatchbay({
      environment: { REFRESH_AHEAD: 'false', ...environment() },
      sandbox: { items: 12, airtable: { basesPageSize: 3 } },
      deadlines: DEADLINES,
    });
    control = new SandboxControl(patchbay.sandbox);
  });
  afterAll(() => patchbay.close());
  beforeEach(() => {
    browser = patchbay.newBrowser();
    owner = { ...OWNER, user_id: `user-${(count += 1)}` };
  });
  afterEach(async () => {
    jest.useRealTimers();
    if (isHeld) await forgetAll();
    await afterwards();
  });
}

function behaviour(integrations: typeof registry, storedText: () => Promise<string> | string): void {
  describe.each(integrations.map(({ descriptor }) => descriptor))('of $name', ({ name, defaultItemTypes }) => {
    beforeEach(async () => {
      await browser.connect(name, owner);
    });

    it('is shown as it was, and says so, while the provider is away; and then no longer', async () => {
      const kept = await loadKept(name);
      await breakDown(name, { mode: 'reset' });
      expectStale(await load(name), kept);
      await patchbay.restart();
      const stale = await load(name);
      expectStale(stale, kept);
      expect(stale.headers.get('retry-after')).toBe('5');
      await afterwards();
      const fresh = await load(name);
      expect(fresh.json).toMatchObject({ stale: false, items: kept.json['items'] });
      expect([fresh.headers.get('warning'), fresh.headers.get('retry-after')]).toEqual([null, null]);
    });

    it('is walked through page by page, and goes on at the provider once that is back', async () => {
      const pages = [await loadKept(name, { page_size: PAGE_SIZE })];
      const nextOf = (page: Answer | undefined) => ({ page_size: PAGE_SIZE, cursor: page?.json['next_cursor'] });
      while (pages.at(-1)?.json['next_cursor'] !== null) pages.push(await loadKept(name, nextOf(pages.at(-1))));
      expect(pages.length).toBeGreaterThan(2);
      await breakDown(name, { mode: 'reset' });
      let stale = await load(name, { page_size: PAGE_SIZE });
      const first = stale;
      for (const kept of pages) {
        expectStale(stale, kept);
        if (kept !== pages.at(-1)) stale = await load(name, nextOf(stale));
      }
      await afterwards();
      const second = await load(name, nextOf(first));
      expect(second.json).toMatchObject({ stale: false, items: pages[1]?.json['items'] });
    });

    it('is shown when the token endpoint is away, too', async () => {
      const kept = await loadKept(name);
      await control.expire(name, 'access');
      await control.fault({ provider: name, endpoint: 'token', mode: 'reset' });
      expectStale(await load(name), kept);
    });

    it('is shown to nobody from whom the provider has taken the grant back', async () => {
      const before = await keptRecords(patchbay);
      await loadKept(name);
      expect(await keptRecords(patchbay)).toBe(before + 2);
      await control.expire(name, 'grant');
      expectError(await load(name), 409, 'reauthorization_required');
      await breakDown(name);
      expectError(await load(name), 409, 'reauthorization_required');
      expect(await keptRecords(patchbay)).toBe(before);
    });

    it('can’t be read in the store, nor in the log', async () => {
      const pages: Answer[] = [];
      for (const item_type of defaultItemTypes) pages.push(await loadKept(name, { item_types: [item_type] }));
      const texts = pages
        .flatMap((page) => page.json['items'] as Item[])
        .flatMap(({ id, name: title, url }) => [id, title, url])
        .filter((text): text is string => typeof text === 'string' && text.length > 8);
      expect(texts.length).toBeGreaterThan(20);
      const stored = await storedText();
      const log = patchbay.log.join('\n');
      expect(stored).toContain('kept-page');
      for (const text of texts) {
        for (const form of [text, Buffer.from(text).toString('base64url').slice(0, 40)]) {
          expect([form, stored.includes(form)]).toEqual([form, false]);
        }
        expect([text, log.includes(text)]).toEqual([text, false]);
      }
    });
  });

  describe('of any integration', () => {
    const name = 'airtable';
    beforeEach(async () => {
      await browser.connect(name, owner);
    });

    it('isn’t shown in place of another: other types, other sizes, a time, a cursor that isn’t ours', async () => {
      await loadKept(name, { item_types: ['base'] });
      await breakDown(name);
      for (const query of [
        {},
        { item_types: ['base'], page_size: 5 },
        { item_types: ['base'], modified_since: '2020-01-01' },
      ]) {
        expectFailure(await load(name, query));
      }
      expectError(await load(name, { item_types: ['base'], cursor: 'pb1.x.y.z' }), 422, 'cursor_invalid');
    });

    it('has no page that was never loaded: its cursor leads to the error, and to the page once there is one', async () => {
      const kept = await loadKept(name, { page_size: PAGE_SIZE });
      await breakDown(name);
      const stale = await load(name, { page_size: PAGE_SIZE });
      expectStale(stale, kept);
      const next = { page_size: PAGE_SIZE, cursor: stale.json['next_cursor'] };
      expectFailure(await load(name, next));
      await afterwards();
      expect((await load(name, next)).json).toMatchObject({ stale: false, complete: true });
    });

    it('is not shown after a disconnect, and leaves nothing behind', async () => {
      const before = await keptRecords(patchbay);
      await loadKept(name);
      await browser.call('DELETE', `/integrations/${name}/credentials?${new URLSearchParams(owner).toString()}`);
      expect(await keptRecords(patchbay)).toBe(before);
      await breakDown(name);
      expectError(await load(name), 404, 'connection_not_found');
      await afterwards();
      await browser.connect(name, owner);
      await breakDown(name);
      expectFailure(await load(name));
    });

    it('is not shown once the same account was connected anew, for less may have been granted', async () => {
      const [connection] = await connectionIds();
      const before = await keptRecords(patchbay);
      await loadKept(name);
      await browser.connect(name, owner);
      expect(await connectionIds()).toEqual([connection]);
      expect(await keptRecords(patchbay)).toBe(before);
      await breakDown(name);
      expectFailure(await load(name));
    });

    it('is shown to nobody else, nor for another account', async () => {
      await loadKept(name);
      const { authorization_url } = await browser.begin(name, owner);
      const account = await browser.secondAccount(authorization_url);
      await browser.arrive(await browser.decide(authorization_url, 'approve', { account }));
      const [second, first] = await connectionIds();
      await breakDown(name);
      expectFailure(await load(name));
      expectFailure(await load(name, { connection_id: second }));
      expect((await load(name, { connection_id: first })).json).toMatchObject({ stale: true });
      await afterwards();
      owner = { ...owner, user_id: `${owner.user_id}-other` };
      await browser.connect(name, owner);
      await breakDown(name);
      expectFailure(await load(name));
      expectError(await load(name, { connection_id: first }), 404, 'connection_not_found');
    });

    it('ends after STALE_LOAD_TTL_HOURS', async () => {
      const loadedAt = Date.now();
      const kept = await loadKept(name);
      // Its token will have ended, and can't be renewed either.
      await control.fault({ provider: name, mode: 'reset' });
      onlyTheDateIsFake(loadedAt + 23 * HOUR_MS);
      browser = patchbay.newBrowser();
      expectStale(await load(name), kept);
      onlyTheDateIsFake(loadedAt + 24 * HOUR_MS + 60_000);
      browser = patchbay.newBrowser();
      expectError(await load(name), 503, 'provider_unavailable');
    });
  });
}

/** Of one integration, over one store: what a provider does is the same to all. */
function failures(): void {
  const name = 'airtable';
  beforeEach(async () => {
    await browser.connect(name, owner);
  });

  it.each<[string, Partial<Fault>, string | null]>([
    ['hangs up', { mode: 'reset' }, '5'],
    ['fails', { mode: 'status', status: 500 }, null],
    ['asks to come back later', { mode: 'status', status: 503, retry_after: 99 }, '99'],
    ['asks to slow down for longer than anyone waits', { mode: 'status', status: 429, retry_after: 77 }, '77'],
    ['answers a page where JSON belongs', { mode: 'html' }, null],
    ['cuts its answers off', { mode: 'truncate' }, '5'],
    ['sends us elsewhere', { mode: 'redirect' }, null],
    ['sends more than anyone would', { mode: 'huge' }, null],
  ])('is shown when the provider %s', async (_what, fault, retryAfter) => {
    const kept = await loadKept(name, { item_types: ['base'] });
    await breakDown(name, fault);
    const stale = await load(name, { item_types: ['base'] });
    expectStale(stale, kept);
    expect(stale.headers.get('retry-after')).toBe(retryAfter);
  });

  it.each([400, 403, 404, 422])('isn’t shown when the provider refuses with %i', async (status) => {
    await loadKept(name);
    await breakDown(name, { mode: 'status', status });
    expectError(await load(name), 502, 'provider_error');
  });
}

describe('The last good load in the embedded store', () => {
  setUp(() => ({}));
  behaviour(registry, () => textOfFiles(patchbay.dataDir));
  describe('of any integration', failures);
});

describe('With STALE_LOAD_TTL_HOURS=0', () => {
  setUp(() => ({ STALE_LOAD_TTL_HOURS: '0' }));

  it('nothing is kept, and nothing shown', async () => {
    await browser.connect('notion', owner);
    await loadKept('notion');
    expect(await keptRecords(patchbay)).toBe(0);
    await breakDown('notion');
    expectFailure(await load('notion'));
  });
});

describeWithRedis('The last good load in Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  setUp(
    () => ({ REDIS_URL: redis.url }),
    async () => {
      const client = new Redis(redis.url);
      await client.flushall();
      client.disconnect();
    },
  );
  afterAll(() => redis.stop());
  behaviour(registry.slice(0, 1), () => textOfRedis(redis.url));
});
