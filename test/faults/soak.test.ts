import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { ensureBuilt } from '../support/built-programs.ts';
import { eventually } from '../support/eventually.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { fault, isShort, isSoak } from './fault-row.ts';
import { ServiceProcess } from './service.ts';
import { REQUESTS_A_USER, type SoakPlan, type SoakProgress } from './soak-visitors.ts';

const USERS = isSoak ? 20_000 : isShort ? 50 : 200;
const REQUESTS = USERS * REQUESTS_A_USER;
/** The curve has so many points, each the least of what was measured while that part ran: what stays after a collection. */
const POINTS = isSoak ? 20 : 5;
const MEASURE_EVERY_USERS = isSoak ? 20 : 2;
/** What comes after the first half is growth. */
const GROWTH_MB = isSoak ? 16 : 48;
const MEGABYTE = 1024 * 1024;
/** Garbage is collected early: what still grows is kept, and ends the process in the long form. */
const SMALL_HEAP = '--max-old-space-size=160 --max-semi-space-size=8';
const PROVIDERS = ['airtable', 'notion', 'hubspot', 'slack'] as const;
/** So often, each on its own. */
const FAULTS = [
  { mode: 'status', status: 500, probability: 0.05 },
  { mode: 'reset', probability: 0.05 },
  { mode: 'truncate', probability: 0.03 },
  { mode: 'html', probability: 0.03 },
  { mode: 'slow', delay_ms: 50, probability: 0.05 },
] as const;

interface Held {
  readonly files: number;
  readonly timers: number;
  readonly sockets: number;
}

describe('A service over a long time', () => {
  let sandbox: Sandbox;
  let service: ServiceProcess;

  beforeAll(async () => {
    ensureBuilt();
    sandbox = await startSandbox({ rateLimits: false, items: 12 });
    service = await ServiceProcess.start({ SANDBOX_URL: sandbox.url, NODE_OPTIONS: SMALL_HEAP });
    const control = new SandboxControl(sandbox);
    for (const provider of PROVIDERS)
      for (const one of FAULTS) await control.fault({ provider, endpoint: 'api', ...one });
  });
  afterAll(async () => {
    await service.stop();
    await sandbox.close();
  });

  /** One of the service's own numbers, or the sum of it over its labels. */
  async function metric(text: string | Promise<string>, name: string): Promise<number> {
    const values = [...(await text).matchAll(new RegExp(`^${name} ([0-9.e+]+)$`, 'gm'))];
    return values.reduce((sum, [, value]) => sum + Number(value), 0);
  }

  const metrics = async (): Promise<string> => (await fetch(`${service.url}/metrics`)).text();

  async function held(): Promise<Held> {
    const text = await metrics();
    return {
      files: await metric(text, 'process_open_fds'),
      timers: await metric(text, 'nodejs_active_resources\\{type="Timeout"\\}'),
      sockets: await metric(text, 'nodejs_active_resources\\{type="TCPSocketWrap"\\}'),
    };
  }

  const heapMb = async (): Promise<number> => (await metric(metrics(), 'nodejs_heap_size_used_bytes')) / MEGABYTE;

  function leasesHeld(): number {
    const database = new DatabaseSync(join(service.folder.path, 'patchbay.sqlite'), { readOnly: true });
    const row = database
      .prepare('SELECT count(*) AS held FROM leases WHERE owner_token <> ? AND expires_at > ?')
      .get('', Date.now());
    database.close();
    return Number(row?.['held']);
  }

  /** Sends the visitors. @returns the curve of the memory, and the last they said */
  async function soak(): Promise<{ readonly heap: number[]; readonly rss: number[]; readonly last: SoakProgress }> {
    const heap = Array.from({ length: POINTS }, () => Number.POSITIVE_INFINITY);
    const rss = [...heap];
    let last: SoakProgress = { users: 0, requests: 0, answers: {} };
    let measured = Promise.resolve();
    const visitors = fork(join(import.meta.dirname, 'soak-visitors.ts'), { execArgv: [], stdio: 'inherit' });
    visitors.on('message', (progress: SoakProgress) => {
      last = progress;
      if (progress.users % MEASURE_EVERY_USERS !== 0) return;
      const point = Math.min(POINTS - 1, Math.floor((POINTS * progress.users) / USERS));
      rss[point] = Math.min(rss[point] ?? 0, service.memory().now / MEGABYTE);
      measured = measured.then(heapMb).then((now) => void (heap[point] = Math.min(heap[point] ?? 0, now)));
    });
    visitors.send({ url: service.url, providers: PROVIDERS, users: USERS } satisfies SoakPlan);
    await once(visitors, 'exit');
    await measured;
    return { heap, rss, last };
  }

  fault(
    `${REQUESTS} requests over ${USERS} users, with random faults`,
    'memory flat, 0 sockets, 0 timers, 0 leases, 0 defects',
    async (report) => {
      const before = await held();
      const { heap, rss, last } = await soak();
      report.say(`${last.requests} requests; heap ${curve(heap)} MB; RSS ${curve(rss)} MB`);
      report.say(`${slope(heap).toFixed(3)} MB of heap per 1,000 requests in the second half`);
      report.say(
        Object.entries(last.answers)
          .map(([told, times]) => `${times} × ${told}`)
          .join(', '),
      );
      // Connections to providers that are kept alive end by themselves after some seconds.
      const after = await eventually(held, (now) => isNoMore(now, before), { everyMs: 100 });
      const leases = await eventually(leasesHeld, (count) => count === 0, { everyMs: 100 });
      report.say(`files ${before.files} → ${after.files}, timers ${before.timers} → ${after.timers}, ${leases} leases`);
      report.atMost('heap grown by', (secondHalf(heap).at(-1) ?? 0) - (secondHalf(heap)[0] ?? 0), GROWTH_MB, 'MB');
      expect(last.users).toBe(USERS);
      expect(Object.keys(last.answers).filter((told) => told.includes('internal_error'))).toEqual([]);
      expect(service.program.hasEnded).toBe(false);
      // Warnings of the runtime are said here: too many listeners, promises that nobody awaited.
      expect(service.program.errors).toBe('');
    },
  );
});

function isNoMore(now: Held, before: Held): boolean {
  return now.files <= before.files + 1 && now.timers <= before.timers && now.sockets <= before.sockets + 1;
}

const curve = (points: readonly number[]): string => points.map((value) => value.toFixed(0)).join(' ');

const secondHalf = (points: readonly number[]): readonly number[] => points.slice(Math.floor(points.length / 2));

/** Least squares over the second half. @returns MB per 1,000 requests */
function slope(points: readonly number[]): number {
  const values = secondHalf(points);
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const rise = values.reduce((sum, value, step) => sum + (step - middle) * (value - mean), 0);
  const aPoint = rise / values.reduce((sum, _value, step) => sum + (step - middle) ** 2, 0);
  return aPoint / (REQUESTS / POINTS / 1_000);
}
