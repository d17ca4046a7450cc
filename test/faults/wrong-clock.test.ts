import { afterAll, afterEach, beforeAll, expect, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { ensureBuilt } from '../support/built-programs.ts';
import { eventually } from '../support/eventually.ts';
import { onlyTheDateIsFake } from '../support/fake-date.ts';
import type { Answer } from '../support/http-browser.ts';
import { OWNER } from '../support/patchbay.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { fault, ms, timed } from './fault-row.ts';
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
/** At each; every one of them asks each base for its tables, of which Airtable allows 5 a second. */
const LOADS = 4;
/** Of Airtable's calls in a second, which is what may come together where the machine is late with everything. */
const MOST_AT_ONCE = 5;
/** A holder that died is succeeded after this, at the latest. */
const LEASE_ENDS_WITHIN_MS = 15_000;
/** Of the 12 s of a lease, 3 s pass until it is renewed, and there may be much to do. */
const LEASE_LASTS_MS = 7_000;
/** A refresh token isn't presented beside a call that may still be under way: 20 s, of which a moment is gone. */
const CALL_LASTS_MS = { atLeast: 17_000, atMost: 25_000 } as const;
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
    };
    right = await ServiceProcess.start(environment);
    await right.newBrowser().connect('airtable', OWNER);
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
      NODE_OPTIONS: `--import=${PRELOAD}`,
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
      async (measured) => {
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
          measured(
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
      60_000,
    );

    fault(
      `the clock of one replica is 5 min ${where}: our limits`,
      `of ${KNOCKS} requests over both exactly ${LIMIT} pass`,
      async (measured) => {
        const limited = { RATE_LIMIT_PER_MINUTE: String(LIMIT) };
        // A window of its own for each of these rows.
        await redis.restart();
        const both = [
          await startWrong(shiftMs, limited),
          await ServiceProcess.start({ ...environment, ...limited }),
        ] as const;
        try {
          const browsers = both.map((service) => service.newBrowser());
          const knocks = browsers.map((browser) =>
            Array.from({ length: KNOCKS / 2 }, () => browser.unsigned('GET', '/integrations')),
          );
          const [wrong = [], right = []] = await Promise.all(knocks.map((asked) => Promise.all(asked)));
          const passed = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 401).length;
          measured(`${passed(wrong)} pass at the wrong one, ${passed(right)} at the right one`);
          const statuses = new Set([...wrong, ...right].map(({ status }) => status));
          expect(statuses).toEqual(new Set([401, 429]));
          expect(passed(wrong) + passed(right)).toBe(LIMIT);
        } finally {
          for (const service of both) await service.stop();
        }
      },
      60_000,
    );

    fault(
      `the clock of one replica is 5 min ${where}: a provider’s limits`,
      'hardly a call answered 429 (0, but ≤ 5 where the machine is late), all loads whole',
      async (measured) => {
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
          measured(`${calls} calls in ${ms(tookMs)}, ${rate_limit_breaches} × 429`);
          expect(answer.map(({ status }) => status)).toEqual(answer.map(() => 200));
          expect(rate_limit_breaches).toBeLessThanOrEqual(MOST_AT_ONCE);
        } finally {
          for (const service of both) await service.stop();
          await strict.close();
        }
      },
      90_000,
    );

    fault(
      `the clock of one replica is 5 min ${where}: a lease it held when it was killed`,
      'ends ≤ 15 s later, its call in 20 s, both by the store’s clock; 1 refresh',
      async (measured) => {
        const admin = new Redis(redis.url, { disconnectTimeout: 100 });
        const wrong = await startWrong(shiftMs);
        try {
          await right.newBrowser().connect('airtable', OWNER);
          await control.reset();
          await control.expire('airtable', 'access');
          await control.fault({ provider: 'airtable', endpoint: 'token', mode: 'hang' });
          const [send] = await signedLoads(wrong, shiftMs, 1, BASES);
          const unanswered = send?.().catch(() => undefined);
          const leases = () => admin.keys('pb:*:lease:');
          const [lease = ''] = await eventually(leases, (held) => held.length === 1);
          const asked = async () => Object.keys((await control.stats('airtable')).requests);
          await eventually(asked, (paths) => paths.some((path) => path.endsWith('/token')));
          const leftMs = await admin.pttl(lease);
          await wrong.program.stop('SIGKILL');
          await unanswered;
          await control.clearFaults();
          const ended = await timed(() => eventually(leases, (held) => held.length === 0, 60_000));
          const load = async () => (await right.newBrowser().post(LOAD, BASES)).status;
          const served = await timed(() => eventually(load, (status) => status === 200, 60_000));
          const overMs = ended.tookMs + served.tookMs;
          const { refreshes } = await control.stats('airtable');
          measured(
            `${ms(leftMs)} left when killed, gone after ${ms(ended.tookMs)}, served after ${ms(overMs)}, ${refreshes} refresh`,
          );
          expect(leftMs).toBeGreaterThan(LEASE_LASTS_MS);
          expect(ended.tookMs).toBeGreaterThan(LEASE_LASTS_MS);
          expect(ended.tookMs).toBeLessThanOrEqual(LEASE_ENDS_WITHIN_MS);
          expect(overMs).toBeGreaterThan(CALL_LASTS_MS.atLeast);
          expect(overMs).toBeLessThanOrEqual(CALL_LASTS_MS.atMost);
          expect(refreshes).toBe(1);
        } finally {
          admin.disconnect();
          await wrong.stop();
        }
      },
      120_000,
    );
  }
});
