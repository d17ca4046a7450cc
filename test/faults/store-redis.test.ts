import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { Redis } from 'ioredis';
import { randomBytes } from 'node:crypto';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { ensureBuilt, Program, temporaryFolder } from '../support/built-programs.ts';
import { eventually } from '../support/eventually.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import type { Browser } from '../support/http-browser.ts';
import { OWNER } from '../support/patchbay.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import { fault, ms, timed } from './fault-row.ts';
import { ServiceProcess } from './service.ts';
import { surviveOutage, TARGET, type Outage } from './store-outage.ts';

const TIMEOUT_MS = 60_000;

describeWithRedis('A service whose Redis', () => {
  let redis: RedisServer;
  let forgetful: RedisServer;
  let admin: Redis;
  let proxy: FaultProxy;
  let sandbox: Sandbox;
  let service: ServiceProcess;
  let browser: Browser;

  const startService = (url: string): Promise<ServiceProcess> =>
    ServiceProcess.start({
      SANDBOX_URL: sandbox.url,
      REDIS_URL: url,
      ENCRYPTION_KEYS: `first:${randomBytes(32).toString('base64')}`,
    });

  beforeAll(async () => {
    ensureBuilt();
    redis = await startRedis({ appendOnly: true });
    forgetful = await startRedis();
    sandbox = await startSandbox({ rateLimits: false, items: 12 });
    proxy = await startFaultProxy({ host: '127.0.0.1', port: redis.port });
    service = await startService(`redis://127.0.0.1:${proxy.port}`);
    browser = service.newBrowser();
    await browser.connect('airtable', OWNER);
  });
  beforeEach(() => {
    admin = new Redis(redis.url, { disconnectTimeout: 100 });
    admin.on('error', () => undefined);
  });
  afterEach(() => {
    admin.disconnect();
    expect(service.program.hasEnded).toBe(false);
    expect(service.program.errors).toBe('');
  });
  afterAll(async () => {
    await service.stop();
    await proxy.close();
    await sandbox.close();
    await forgetful.stop();
    await redis.stop();
  });

  const row = (
    title: string,
    begin: Outage['begin'],
    end: Outage['end'],
    more: Pick<Outage, 'mayServe' | 'ask'> = {},
  ): void =>
    fault(title, TARGET, (measured) => surviveOutage(service, browser, { begin, end, ...more }, measured), TIMEOUT_MS);
  /** Something that has to be kept. */
  const newSession = (by: Browser) =>
    by.unsigned('POST', '/demo/sessions', JSON.stringify(OWNER), { 'content-type': 'application/json' });

  row(
    'Redis killed mid-request',
    () => redis.kill(),
    () => redis.restart(),
  );
  row(
    'Redis frozen (SIGSTOP)',
    () => redis.pause(),
    () => redis.resume(),
  );
  row(
    'Redis read-only (READONLY)',
    () => admin.replicaof('127.0.0.1', 1),
    () => admin.replicaof('NO', 'ONE'),
  );
  row(
    'Redis out of memory',
    () => admin.config('SET', 'maxmemory', '1'),
    () => admin.config('SET', 'maxmemory', '0'),
    { ask: newSession },
  );
  row(
    'Redis behind a network that swallows all',
    () => proxy.spoil({ stalled: true }),
    () => proxy.spoil({}),
  );
  row(
    'Redis behind half a connection',
    () => proxy.spoil({ halfOpen: true }),
    () => proxy.spoil({}),
  );
  row(
    'Redis behind a network that resets all',
    () => proxy.refuse(),
    () => proxy.spoil({}),
  );
  row(
    'Redis answers a byte every 20 ms',
    () => proxy.spoil({ dripMs: 20 }),
    () => proxy.spoil({}),
    { mayServe: true },
  );
  row(
    'Redis slow by 200 ms',
    () => proxy.spoil({ delayMs: 200 }),
    () => proxy.spoil({}),
    { mayServe: true },
  );

  fault(
    'Redis restarted empty',
    TARGET,
    async (measured) => {
      const beside = await startService(forgetful.url);
      const visitor = beside.newBrowser();
      // Whoever had a session there has none, and is told so; somebody new is served.
      const isBack = async (): Promise<boolean> =>
        beside
          .newBrowser()
          .get(`/connections?${new URLSearchParams(OWNER).toString()}`)
          .then(
            ({ status }) => status === 200,
            () => false,
          );
      const begin = () => forgetful.kill();
      const end = () => forgetful.restart();
      try {
        await surviveOutage(beside, visitor, { begin, end, isBack }, measured);
        const { status, json } = await visitor.get(`/connections?${new URLSearchParams(OWNER).toString()}`);
        measured(`a session it forgot: ${status} ${String(json['error'])}`);
        expect(status).toBe(401);
      } finally {
        await beside.stop();
      }
    },
    TIMEOUT_MS,
  );

  fault('Redis that evicts', 'refused at the start in production, warned of elsewhere', async (measured) => {
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const folder = temporaryFolder();
    const warned = await startService(redis.url);
    const refused = new Program(
      'dist/src/main.js',
      {
        NODE_ENV: 'production',
        PUBLIC_URL: 'https://patchbay.example',
        REDIS_URL: redis.url,
        ENCRYPTION_KEYS: `first:${randomBytes(32).toString('base64')}`,
      },
      folder.path,
    );
    const { code } = await refused.ended();
    await warned.stop();
    folder.remove();
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    measured(
      `exit ${code ?? 'by a signal'}; "${warned.program.output.includes('allkeys-lru') ? 'allkeys-lru' : 'nothing'}" in the log elsewhere`,
    );
    expect([code, refused.errors]).toEqual([1, expect.stringContaining('allkeys-lru')]);
    expect(warned.program.output).toContain('it deletes grants');
  });

  fault(
    'Redis begins to evict under a running service',
    'warned of in the log and in the health in ≤ 60 s, ready all the same; and when it is over',
    async (measured) => {
      const health = async (path: string) => {
        const response = await fetch(`${service.url}${path}`);
        return { status: response.status, text: await response.text() };
      };
      const DOUBT = 'the store may lose what it is given';
      const eventuallyIn60s = (is: () => boolean | Promise<boolean>) =>
        timed(() => eventually(is, (yes) => yes, 60_000));
      await admin.config('SET', 'maxmemory-policy', 'volatile-ttl');
      const warned = await eventuallyIn60s(() => service.program.output.includes('maxmemory-policy volatile-ttl'));
      const [during, ready] = await Promise.all(['/health', '/health/ready'].map(health));
      await admin.config('SET', 'maxmemory-policy', 'noeviction');
      const over = await eventuallyIn60s(async () => !(await health('/health')).text.includes(DOUBT));
      measured(`warned after ${ms(warned.tookMs)}, ready ${ready?.status ?? 'never'}; over after ${ms(over.tookMs)}`);
      expect(during).toEqual({ status: 200, text: expect.stringContaining(DOUBT) });
      expect(ready?.status).toBe(200);
    },
    2 * TIMEOUT_MS,
  );
});
