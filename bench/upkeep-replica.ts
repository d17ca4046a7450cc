// One replica as it runs, without callers: fills its store with connections, or keeps those that stand there fresh, and
// tells what that costs. Run as a child.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/** What the parent asks for. Each is answered once. */
export type UpkeepOrder =
  | { readonly do: 'seed'; readonly plan: SeedPlan }
  | { readonly do: 'look'; readonly times: number }
  | { readonly do: 'start' }
  | { readonly do: 'report' }
  | { readonly do: 'weigh' };

export interface SeedPlan {
  /** Connections whose token is about to end. */
  readonly dueNow: number;
  /** Connections that come due one after the other, and over how long. */
  readonly dueLater: number;
  readonly overMs: number;
}

/** Of the whole process, in megabytes. */
export interface UpkeepWeight {
  readonly resident: number;
  /** What is in use on the heap once garbage was collected. */
  readonly heap: number;
}

/** Since the last report. */
export interface UpkeepReport {
  readonly refreshes: number;
  /** Milliseconds from when each was due until it was renewed, in order. */
  readonly lagsMs: readonly number[];
  /** Calls of the store, by operation. */
  readonly operations: Readonly<Record<string, number>>;
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Whether no more is due now than what comes due while it rests. */
  readonly isDone: boolean;
}

const INTEGRATION = 'hubspot';
const CLIENT_ID = 'bench';
const LIFE_MS = 3_600_000;
/** Of a token of an hour's life: a tenth of it. */
const MARGIN_MS = LIFE_MS / 10;
const SEEDED_AT_ONCE = 32;
const MAX_ATTEMPTS = 20;
const DUE_WHILE_RESTING = 50;
const OPERATIONS = ['get', 'put', 'putIfAbsent', 'take', 'compareAndSet', 'delete', 'list', 'acquireLease'] as const;
const FURTHER_OPERATIONS = [
  'releaseLease',
  'renewLease',
  'schedule',
  'unschedule',
  'claimDue',
  'hitSlidingWindow',
] as const;

const built = (file: string): Promise<unknown> =>
  import(pathToFileURL(join(import.meta.dirname, '..', 'dist', 'src', file)).href);
const { createApplication, createLogger } = (await built('app.setup.js')) as typeof import('../src/app.setup.ts');
const { loadConfig } = (await built('config/load-config.js')) as typeof import('../src/config/load-config.ts');
const { integrationKeys, registry } = (await built(
  'integrations/registry.js',
)) as typeof import('../src/integrations/registry.ts');
const { KeyValueStore } = (await built(
  'storage/key-value-store.js',
)) as typeof import('../src/storage/key-value-store.ts');
const { ConnectionRepository } = (await built(
  'connections/connection-repository.js',
)) as typeof import('../src/connections/connection-repository.ts');
const { refreshIndexOf } = (await built(
  'connections/connection-schedule.js',
)) as typeof import('../src/connections/connection-schedule.ts');
const { RefreshAhead } = (await built(
  'connections/refresh-ahead.js',
)) as typeof import('../src/connections/refresh-ahead.ts');
const { Secret } = (await built('errors/secret.js')) as typeof import('../src/errors/secret.ts');

// What it can do is measured, not what it is allowed to: the pace towards this vendor is lifted.
const vendor = registry.find(({ descriptor }) => descriptor.name === INTEGRATION)?.descriptor;
Object.assign(vendor?.oauth ?? {}, { refreshesAheadPerSecond: 1_000_000 });

const config = loadConfig(process.env, integrationKeys);
const log = createLogger({ logLevel: 'error' }, { write: (line) => void process.stderr.write(line) });
const application = await createApplication(config, log);
const store = application.get(KeyValueStore, { strict: false });
const connections = application.get(ConnectionRepository, { strict: false });
const index = refreshIndexOf(INTEGRATION);

let refreshes = 0;
let lagsMs: number[] = [];
let operations: Record<string, number> = {};
let cpu = process.cpuUsage();
let since = performance.now();
watch();

/** Counts what the store is asked, and how long after its time each member is done. */
function watch(): void {
  const methods = store as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  for (const name of [...OPERATIONS, ...FURTHER_OPERATIONS]) {
    const original = methods[name]?.bind(store);
    if (original === undefined) throw new Error(`The store has no ${name}.`);
    methods[name] = (...args) => {
      operations[name] = (operations[name] ?? 0) + 1;
      return original(...args);
    };
  }
  const dueAt = new Map<string, number>();
  const claim = store.claimDue.bind(store);
  store.claimDue = async (...args) => {
    const due = await claim(...args);
    for (const { member, dueAtMs } of due) dueAt.set(member, dueAtMs);
    return due;
  };
  const ahead = application.get(RefreshAhead, { strict: false });
  const renew = ahead.renew.bind(ahead);
  ahead.renew = async (client, member, pace) => {
    await renew(client, member, pace);
    refreshes += 1;
    lagsMs.push(Date.now() - (dueAt.get(member) ?? 0));
    dueAt.delete(member);
  };
}

/** Through the product's own code: consent alone is left out, and the jitter of due times, which are to be even. */
async function seed({ dueNow, dueLater, overMs }: SeedPlan): Promise<void> {
  Math.random = () => 0;
  const startsAt = Date.now();
  const numbers = Array.from({ length: dueNow + dueLater }, (_, number) => number).values();
  const seedEach = async (): Promise<void> => {
    for (const number of numbers) {
      const dueIn = number < dueNow ? -MARGIN_MS / 2 : ((number - dueNow) / dueLater) * overMs;
      await persistently(() => connect(number, startsAt + dueIn + MARGIN_MS));
    }
  };
  await Promise.all(Array.from({ length: SEEDED_AT_ONCE }, seedEach));
}

/** On a machine that is busy the store may not answer in time. */
async function persistently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS) throw error;
      await delay(250);
    }
  }
}

async function connect(number: number, expiresAt: number): Promise<void> {
  const token = (kind: string): InstanceType<typeof Secret> => new Secret(`${kind}-${number}-`.padEnd(200, 'x'));
  const primary = {
    accessToken: token('access'),
    refreshToken: token('refresh'),
    obtainedAt: expiresAt - LIFE_MS,
    expiresAt,
  };
  await connections.saveGrant({
    owner: { orgId: 'bench', userId: `user-${number}` },
    integration: INTEGRATION,
    clientId: CLIENT_ID,
    account: { id: `account-${number}`, name: 'Bench' },
    scopes: ['oauth', 'crm.objects.contacts.read'],
    requestedScopes: ['oauth', 'crm.objects.contacts.read'],
    grant: { primary, additional: new Map() },
  });
}

/** What a replica that has nothing to do asks each second. @returns milliseconds each time */
async function look(times: number): Promise<number> {
  const begun = performance.now();
  for (let time = 0; time < times; time += 1) await store.claimDue(index, 1, 24, 2);
  return (performance.now() - begun) / times;
}

async function report(): Promise<UpkeepReport> {
  const due = await persistently(() => store.listDue(index, Date.now(), DUE_WHILE_RESTING));
  const isDone = due.length < DUE_WHILE_RESTING;
  const used = process.cpuUsage(cpu);
  const wallMs = performance.now() - since;
  const answer = { refreshes, lagsMs: lagsMs.toSorted((a, b) => a - b), operations, wallMs };
  refreshes = 0;
  lagsMs = [];
  operations = {};
  cpu = process.cpuUsage();
  since = performance.now();
  return { ...answer, cpuMs: (used.user + used.system) / 1000, isDone };
}

/** Before it collects garbage, it is as heavy as an operator sees it. */
function weigh(): UpkeepWeight {
  const resident = process.memoryUsage.rss() / 2 ** 20;
  globalThis.gc?.();
  return { resident, heap: process.memoryUsage().heapUsed / 2 ** 20 };
}

async function obey(order: UpkeepOrder): Promise<unknown> {
  if (order.do === 'seed') await seed(order.plan);
  if (order.do === 'look') return look(order.times);
  if (order.do === 'weigh') return weigh();
  if (order.do === 'start') await application.init();
  return report();
}

process.on('message', (order: UpkeepOrder) => {
  void obey(order).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
await persistently(() => store.ping());
process.send?.({ answer: 'ready' });
