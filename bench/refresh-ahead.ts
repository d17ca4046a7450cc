// What it costs one replica to keep many connections fresh. README.md says how to read it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hasRedis, startRedis, type BenchRedis } from './redis.ts';
import { startProvider, type Running } from './service.ts';
import type { UpkeepOrder, UpkeepReport, UpkeepWeight } from './upkeep-replica.ts';

const LATE_MS = 60_000;
const LOOKS = 200;

type Store = 'redis' | 'sqlite';

export interface UpkeepPlan {
  readonly stores: readonly Store[];
  /** Which come due one after the other, evenly. */
  readonly connections: number;
  readonly overSeconds: number;
  /** Further ones that are due at once, renewed as fast as can be. */
  readonly backlog: number;
  /** For how long what comes due by the clock is watched. */
  readonly seconds: number;
}

interface Replica {
  ask<T = UpkeepReport>(order: UpkeepOrder): Promise<T>;
  stop(): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

export async function benchRefreshAhead(plan: UpkeepPlan): Promise<void> {
  const { connections, overSeconds } = plan;
  const rate = (connections / overSeconds).toFixed(1);
  console.log(`\nrefresh-ahead: ${connections} connections come due over ${overSeconds} s, ${rate} a second\n`);
  for (const store of plan.stores) {
    if (store === 'redis' && !hasRedis()) console.log('There is no redis-server: Redis is left out.\n');
    else await benchStore(store, plan);
  }
}

async function benchStore(store: Store, plan: UpkeepPlan): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const provider = await startProvider();
  const redis = store === 'redis' ? await startRedis() : undefined;
  try {
    const environment = settings(dataDir, provider, redis);
    await seed(environment, plan, store);
    await measure(environment, plan, redis);
  } finally {
    provider.stop();
    await redis?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function settings(dataDir: string, { url }: Running, redis: BenchRedis | undefined): Environment {
  return {
    DEMO: 'true',
    DATA_DIR: dataDir,
    ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
    HUBSPOT_CLIENT_ID: 'bench',
    HUBSPOT_CLIENT_SECRET: 'bench-secret',
    HUBSPOT_AUTHORIZATION_URL: `${url}/authorize`,
    HUBSPOT_TOKEN_URL: `${url}/token`,
    HUBSPOT_API_URL: url,
  };
}

/** In a process of its own, so that the one that is measured has done nothing else. */
async function seed(environment: Environment, plan: UpkeepPlan, store: Store): Promise<void> {
  const { connections, backlog, overSeconds } = plan;
  const seeding = await startReplica(environment);
  const seedPlan = { dueNow: backlog, dueLater: connections, overMs: overSeconds * 1000 };
  const { wallMs } = await seeding.ask({ do: 'seed', plan: seedPlan });
  await seeding.stop();
  console.log(`${store}, ${connections + backlog} connections written in ${(wallMs / 1000).toFixed(0)} s`);
}

async function measure(environment: Environment, plan: UpkeepPlan, redis: BenchRedis | undefined): Promise<void> {
  const replica = await startReplica(environment);
  try {
    const before = await replica.ask<UpkeepWeight>({ do: 'weigh' });
    const lookMs = await replica.ask<number>({ do: 'look', times: LOOKS });
    line('a look at what is due, when nothing is', `${lookMs.toFixed(2)} ms`);
    await runFlatOut(replica, redis);
    await runByTheClock(replica, plan, redis);
    const after = await replica.ask<UpkeepWeight>({ do: 'weigh' });
    line('heap in use, before and after', `${mb(before.heap)}, ${mb(after.heap)}`);
    line('memory of the process, before and after', `${mb(before.resident)}, ${mb(after.resident)}`);
    console.log();
  } finally {
    await replica.stop();
  }
}

/** Until what was due at once is renewed, and what came due since. */
async function runFlatOut(replica: Replica, redis: BenchRedis | undefined): Promise<void> {
  const redisBefore = await redis?.usage();
  await replica.ask({ do: 'report' });
  await replica.ask({ do: 'start' });
  let report = await replica.ask({ do: 'report' });
  while (!report.isDone) {
    await delay(200);
    report = merged(report, await replica.ask({ do: 'report' }));
  }
  const redisAfter = await redis?.usage();
  const calls = Object.values(report.operations).reduce((sum, count) => sum + count, 0);
  line('flat out, refreshes a second', (report.refreshes / (report.wallMs / 1000)).toFixed(0));
  line('CPU of a refresh', `${(report.cpuMs / report.refreshes).toFixed(2)} ms`);
  if (redisBefore !== undefined && redisAfter !== undefined) {
    line('CPU of a refresh in Redis', `${((redisAfter.cpuMs - redisBefore.cpuMs) / report.refreshes).toFixed(2)} ms`);
    line('memory of Redis', mb(redisAfter.memoryMb));
  }
  line('store operations of a refresh', (calls / report.refreshes).toFixed(1));
  line('', operationsOf(report));
}

async function runByTheClock(replica: Replica, { seconds }: UpkeepPlan, redis: BenchRedis | undefined): Promise<void> {
  await replica.ask({ do: 'report' });
  const redisBefore = await redis?.usage();
  await delay(seconds * 1000);
  const report = await replica.ask({ do: 'report' });
  const redisAfter = await redis?.usage();
  const { refreshes, lagsMs, cpuMs, wallMs } = report;
  line(`by the clock for ${seconds} s, refreshes a second`, (refreshes / (wallMs / 1000)).toFixed(1));
  line('CPU, share of one core', `${((cpuMs / wallMs) * 100).toFixed(1)} %`);
  if (redisBefore !== undefined && redisAfter !== undefined) {
    line('CPU of Redis', `${(((redisAfter.cpuMs - redisBefore.cpuMs) / wallMs) * 100).toFixed(1)} %`);
  }
  const at = (share: number): string => `${((lagsMs[Math.floor(lagsMs.length * share)] ?? NaN) / 1000).toFixed(1)} s`;
  line('renewed after it was due, median, p99, latest', `${at(0.5)}, ${at(0.99)}, ${at(1 - 1e-9)}`);
  line('late by more than a minute', `${lagsMs.filter((ms) => ms > LATE_MS).length} of ${refreshes}`);
}

function merged(a: UpkeepReport, b: UpkeepReport): UpkeepReport {
  const operations = { ...a.operations };
  for (const [name, count] of Object.entries(b.operations)) operations[name] = (operations[name] ?? 0) + count;
  return {
    operations,
    refreshes: a.refreshes + b.refreshes,
    lagsMs: [...a.lagsMs, ...b.lagsMs],
    cpuMs: a.cpuMs + b.cpuMs,
    wallMs: a.wallMs + b.wallMs,
    isDone: b.isDone,
  };
}

function operationsOf({ operations, refreshes }: UpkeepReport): string {
  return Object.entries(operations)
    .map(([name, count]) => `${name} ${(count / refreshes).toFixed(1)}`)
    .join(', ');
}

const mb = (size: number): string => `${size.toFixed(0)} MB`;

function line(what: string, value: string): void {
  console.log(`  ${what.padEnd(48)} ${value}`);
}

async function startReplica(environment: Environment): Promise<Replica> {
  const child = fork(join(import.meta.dirname, 'upkeep-replica.ts'), {
    cwd: environment['DATA_DIR'],
    execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'],
    env: { PATH: process.env['PATH'], ...environment },
  });
  await once(child, 'message');
  return {
    ask: async <T>(order: UpkeepOrder) => {
      child.send(order);
      const [{ answer, error }] = (await once(child, 'message')) as [{ answer: T; error?: string }];
      if (error !== undefined) throw new Error(error);
      return answer;
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
