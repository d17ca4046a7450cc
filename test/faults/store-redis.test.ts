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
import { fault, longFault, timed } from './fault-row.ts';
import { ServiceProcess } from './service.ts';
import { surviveOutage, TARGET, type Outage } from './store-outage.ts';

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
  ): void => fault(title, TARGET, (report) => surviveOutage(service, browser, { begin, end, ...more }, report));
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

  fault('Redis restarted empty', TARGET, async (report) => {
    const beside = await startService(forgetful.url);
    const visitor = beside.newBrowser();
    const listed = `/connections?${new URLSearchParams(OWNER).toString()}`;
    // The sessions are gone: a visitor from before is told so, and a new one is served.
    const isBack = (): Promise<boolean> =>
      beside
        .newBrowser()
        .get(listed)
        .then(
          ({ status }) => status === 200,
          () => false,
        );
    const begin = () => forgetful.kill();
    const end = () => forgetful.restart();
    try {
      await eventually(isBack, (is) => is);
      expect((await visitor.get(listed)).status).toBe(200);
      await surviveOutage(beside, visitor, { begin, end, isBack }, report);
      const { status, json } = await visitor.get(listed);
      report.say(`a session it forgot: ${status} ${String(json['error'])}`);
      expect(status).toBe(401);
    } finally {
      await beside.stop();
    }
  });

  /** Sets how Redis evicts, for as long as the body runs. */
  async function withEviction(policy: string, body: () => Promise<void>): Promise<void> {
    await admin.config('SET', 'maxmemory-policy', policy);
    try {
      await body();
    } finally {
      await admin.config('SET', 'maxmemory-policy', 'noeviction');
    }
  }

  fault('Redis that evicts', 'refused at the start in production, warned of elsewhere', async (report) => {
    const folder = temporaryFolder();
    await withEviction('allkeys-lru', async () => {
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
      const isNamed = warned.program.output.includes('allkeys-lru');
      report.say(`exit ${code ?? 'by a signal'}; ${isNamed ? 'the policy' : 'nothing'} in the log elsewhere`);
      expect([code, refused.errors]).toEqual([1, expect.stringContaining('allkeys-lru')]);
      expect(warned.program.output).toContain('it deletes grants');
    });
    folder.remove();
  });

  longFault(
    'Redis begins to evict under a running service',
    'warned of in the log and in the health in ≤ 60 s, ready all the same; and when it is over',
    async (report) => {
      const health = async (path: string) => {
        const response = await fetch(`${service.url}${path}`);
        return { status: response.status, text: await response.text() };
      };
      const DOUBT = 'the store may lose what it is given';
      const until = async (is: () => boolean | Promise<boolean>): Promise<number> =>
        (await timed(() => eventually(is, (yes) => yes, { everyMs: 50 }))).tookMs / 1000;
      await withEviction('volatile-ttl', async () => {
        const warnedAfter = await until(() => service.program.output.includes('maxmemory-policy volatile-ttl'));
        report.atMost('warned after', warnedAfter, 60, 's');
        expect(await health('/health')).toEqual({ status: 200, text: expect.stringContaining(DOUBT) });
        expect((await health('/health/ready')).status).toBe(200);
      });
      report.atMost('over after', await until(async () => !(await health('/health')).text.includes(DOUBT)), 60, 's');
    },
  );
});
