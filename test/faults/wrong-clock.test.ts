import { afterAll, afterEach, beforeAll, expect, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { ensureBuilt } from '../support/built-programs.ts';
import { eventually } from '../support/eventually.ts';
import { onlyTheDateIsFake } from '../support/fake-date.ts';
import type { Answer, Browser } from '../support/http-browser.ts';
import { OWNER } from '../support/patchbay.ts';
import { preloaded } from '../support/preloaded.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { fault, ms, timed } from './fault-row.ts';
import { ProviderRequests } from './provider-requests.ts';
import { ServiceProcess } from './service.ts';

const FIVE_MINUTES_MS = 300_000;
/** Beyond what a signature may be off by: 300 s behind, 30 s ahead. */
const OFF_BY_MS = FIVE_MINUTES_MS + 5_000;
const PRELOAD = pathToFileURL(join(import.meta.dirname, 'shifted-clock.mjs')).href;
const LOAD = '/integrations/airtable/load';
const TABLES = { ...OWNER, item_types: ['table'] };
const LIMIT = 100;
/** At both replicas together. */
const KNOCKS = 500;
/** At each, so that the store keeps up: a replica that waits for it too long counts by itself. */
const KNOCKS_AT_ONCE = 10;
/** At each; every one of them asks each base for its tables, of which Airtable allows 5 a second. */
const LOADS = 4;
/** Of Airtable's calls in a second, which is what may come together on a machine that is late with everything. */
const MOST_REFUSED = 5;
const MOST_TRIES = 20;
/** A dead holder's lease ends after this, at the latest, by the store's clock. */
const LEASE_ENDS_WITHIN_S = 15;
/** A refresh token isn't presented beside a call that may still be under way: that takes 20 s, by the store's clock. */
const CALL_LASTS_MS = 20_000;
const SERVED_WITHIN_S = 25;
/** Redis's clock and ours count the same milliseconds, but don't round them alike. */
const ROUNDING_MS = 5;
const BASES = { ...OWNER, item_types: ['base'] };

describeWithRedis('A replica whose clock is wrong', () => {
  let redis: RedisServer;
  let sandbox: Sandbox;
  let control: SandboxControl;
  let environment: Record<string, string>;
  let right: ServiceProcess;

  beforeAll(async () => {
    ensureBuilt();
    redis = await startRedis();
    sandbox = await startSandbox({ rateLimits: false, items: 12 });
    control = new SandboxControl(sandbox);
    environment = {
      SANDBOX_URL: sandbox.url,
      REDIS_URL: redis.url,
      ENCRYPTION_KEYS: `first:${randomBytes(32).toString('base64')}`,
      NODE_OPTIONS: preloaded('patient-store'),
    };
    right = await ServiceProcess.start(environment);
  });
  afterEach(() => void jest.useRealTimers());
  afterAll(async () => {
    await right.stop();
    await sandbox.close();
    await redis.stop();
  });

  const startWrong = (shiftMs: number, more: Record<string, string> = {}): Promise<ServiceProcess> =>
    ServiceProcess.start({
      ...environment,
      NODE_OPTIONS: `${preloaded('patient-store')} --import=${PRELOAD}`,
      CLOCK_SHIFT_MS: String(shiftMs),
      ...more,
    });

  /** So many loads, signed by a clock that is as wrong, to be sent later. */
  async function signedLoads(service: ServiceProcess, shiftMs: number, count: number, load: object) {
    const browser = service.newBrowser();
    const body = JSON.stringify(load);
    const signed: (() => Promise<Answer>)[] = [];
    onlyTheDateIsFake(Date.now() + shiftMs);
    try {
      for (let number = 0; number < count; number += 1) {
        const headers = { 'content-type': 'application/json' };
        const signature = await browser.signature('POST', LOAD, body, headers['content-type']);
        signed.push(() => browser.unsigned('POST', LOAD, body, { ...headers, ...signature }));
      }
    } finally {
      jest.useRealTimers();
    }
    return signed;
  }

  for (const [where, shiftMs] of [
    ['ahead', OFF_BY_MS],
    ['behind', -OFF_BY_MS],
  ] as const) {
    fault(
      `the clock of one replica is 5 min ${where}`,
      'signatures: typed 401; a dead token is not taken for fresh',
      async (report) => {
        await right.newBrowser().connect('airtable', OWNER);
        const wrong = await startWrong(shiftMs);
        try {
          // Signed by the right time, as everybody's requests are.
          const refused = await wrong
            .newBrowser()
            .get('/integrations')
            .then(
              ({ status }) => `answered ${status}`,
              (error: unknown) => String(error),
            );
          // And by one whose clock is as wrong: the connection, which the right replica made, is used and kept alive.
          await control.reset();
          await control.expire('airtable', 'access');
          onlyTheDateIsFake(Date.now() + shiftMs);
          const { status, json } = await wrong.newBrowser().post(LOAD, BASES);
          jest.useRealTimers();
          const { refreshes, rotated_token_reuse } = await control.stats('airtable');
          const after = await right.newBrowser().post(LOAD, BASES);
          report.say(
            `${[...refused.matchAll(/answered (\d+)|signature_expired/g)].map(([found]) => found).join(' ')}; dead token: load ${status}, ${refreshes} refresh, load ${after.status} at the other replica`,
          );
          expect(refused).toMatch(/answered 401: .*"signature_expired"/);
          expect([status, json['stale'], refreshes, rotated_token_reuse]).toEqual([200, false, 1, 0]);
          expect([after.status, after.json['stale']]).toEqual([200, false]);
        } finally {
          jest.useRealTimers();
          await wrong.stop();
        }
      },
    );

    fault(
      `the clock of one replica is 5 min ${where}: our limits`,
      `of ${KNOCKS} requests over both exactly ${LIMIT} pass`,
      async (report) => {
        const limited = { RATE_LIMIT_PER_MINUTE: String(LIMIT), TRUSTED_PROXIES: '127.0.0.0/8,::1' };
        // Each of these rows has an address, and so a window, of its own.
        const headers = { 'x-forwarded-for': `203.0.113.${where === 'ahead' ? 1 : 2}` };
        const both = [
          await startWrong(shiftMs, limited),
          await ServiceProcess.start({ ...environment, ...limited }),
        ] as const;
        try {
          const browsers = both.map((service) => service.newBrowser());
          const knock = (browser: Browser) => browser.unsigned('GET', '/integrations', undefined, headers);
          const [wrong = [], right = []] = await Promise.all(browsers.map((browser) => inWaves(() => knock(browser))));
          const passed = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 401).length;
          report.say(`${passed(wrong)} pass at the wrong one, ${passed(right)} at the right one`);
          const statuses = new Set([...wrong, ...right].map(({ status }) => status));
          expect(statuses).toEqual(new Set([401, 429]));
          expect(passed(wrong) + passed(right)).toBe(LIMIT);
        } finally {
          for (const service of both) await service.stop();
        }
      },
    );

    fault(
      `the clock of one replica is 5 min ${where}: a provider’s limits`,
      `hardly a call answered 429 (≤ ${MOST_REFUSED}), all loads whole`,
      async (report) => {
        const strict = await startSandbox({ rateLimits: true, items: 12 });
        const paced = { PACE_FACTOR: '1', SANDBOX_URL: strict.url };
        const both = [
          await startWrong(shiftMs, paced),
          await ServiceProcess.start({ ...environment, ...paced }),
        ] as const;
        try {
          const owner = { user_id: `paced-${where}`, org_id: 'acme' };
          await both[1].newBrowser().connect('airtable', owner);
          const load = { ...TABLES, ...owner };
          const asked = [
            ...(await signedLoads(both[0], shiftMs, LOADS, load)),
            ...(await signedLoads(both[1], 0, LOADS, load)),
          ];
          const { tookMs, answer } = await timed(() => Promise.all(asked.map((send) => send())));
          const { requests, rate_limit_breaches } = await new SandboxControl(strict).stats('airtable');
          const calls = Object.values(requests).reduce((sum, count) => sum + count, 0);
          report.say(`${calls} calls in ${ms(tookMs)}`);
          report.atMost('answered 429', rate_limit_breaches, MOST_REFUSED, '');
          expect(answer.map(({ status }) => status)).toEqual(answer.map(() => 200));
        } finally {
          for (const service of both) await service.stop();
          await strict.close();
        }
      },
    );

    fault(
      `the clock of one replica is 5 min ${where}: a lease it held when it was killed`,
      'ends ≤ 15 s later, its call in 20 s, both by the store’s clock; 1 refresh',
      async (report) => {
        const admin = new Redis(redis.url, { disconnectTimeout: 100 });
        await right.newBrowser().connect('airtable', OWNER);
        await control.reset();
        await control.expire('airtable', 'access');
        await control.fault({ provider: 'airtable', endpoint: 'token', mode: 'hang' });
        const presented = new ProviderRequests('/airtable/oauth2/v1/token');
        const wrong = await startWrong(shiftMs);
        try {
          const sends = await signedLoads(wrong, shiftMs, MOST_TRIES, BASES);
          const askedAt = Date.now();
          let unanswered: Promise<unknown> | undefined;
          // A store that is late may refuse a load before it asks for a token.
          await eventually(
            () => {
              unanswered ??= sends
                .pop()?.()
                .catch(() => undefined)
                .finally(() => (unanswered = undefined));
              return presented.times.length;
            },
            (count) => count === 1,
          );
          const leases = () => admin.keys('pb:*:lease:');
          const [lease = ''] = await leases();
          const lookedAt = Date.now();
          const leftMs = await admin.pttl(lease);
          await wrong.program.stop('SIGKILL');
          await unanswered;
          await control.clearFaults();
          const ended = await timed(() => eventually(leases, (held) => held.length === 0, { everyMs: 50 }));
          const load = async () => (await right.newBrowser().post(LOAD, BASES)).status;
          const served = await timed(() => eventually(load, (status) => status === 200, { everyMs: 50 }));
          const { refreshes } = await control.stats('airtable');
          report.say(`${ms(leftMs)} left when killed, ${refreshes} refresh`);
          report.atMost('gone after', ended.tookMs / 1000, LEASE_ENDS_WITHIN_S, 's');
          report.atMost('served after', (ended.tookMs + served.tookMs) / 1000, SERVED_WITHIN_S, 's');
          expect(presented.times).toHaveLength(2);
          const [, again = 0] = presented.times;
          expect(again).toBeGreaterThanOrEqual(lookedAt + leftMs - ROUNDING_MS);
          expect(again).toBeGreaterThanOrEqual(askedAt + CALL_LASTS_MS - ROUNDING_MS);
          expect(refreshes).toBe(1);
        } finally {
          presented.end();
          admin.disconnect();
          await wrong.stop();
        }
      },
    );
  }
});

async function inWaves(knock: () => Promise<Answer>): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < KNOCKS / 2)
    answers.push(...(await Promise.all(Array.from({ length: KNOCKS_AT_ONCE }, knock))));
  return answers;
}
