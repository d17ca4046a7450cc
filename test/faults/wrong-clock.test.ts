import { afterAll, afterEach, beforeAll, expect, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { BUILD_TIMEOUT_MS, ensureBuilt } from '../support/built-programs.ts';
import { onlyTheDateIsFake } from '../support/fake-date.ts';
import { OWNER } from '../support/patchbay.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { fault } from './fault-row.ts';
import { ServiceProcess } from './service.ts';

const FIVE_MINUTES_MS = 300_000;
/** Beyond what a signature may be off by: 300 s behind, 30 s ahead. */
const OFF_BY_MS = FIVE_MINUTES_MS + 5_000;
const PRELOAD = pathToFileURL(join(import.meta.dirname, 'shifted-clock.mjs')).href;
const LOAD = '/integrations/airtable/load';
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
  }, BUILD_TIMEOUT_MS);
  afterEach(() => void jest.useRealTimers());
  afterAll(async () => {
    await right.stop();
    await sandbox.close();
    await redis.stop();
  });

  for (const [where, shiftMs] of [
    ['ahead', OFF_BY_MS],
    ['behind', -OFF_BY_MS],
  ] as const) {
    fault(
      `the clock of one replica is 5 min ${where}`,
      'signatures: typed 401; a dead token is not taken for fresh',
      async (measured) => {
        const wrong = await ServiceProcess.start({
          ...environment,
          NODE_OPTIONS: `--import=${PRELOAD}`,
          CLOCK_SHIFT_MS: String(shiftMs),
        });
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
  }
});
