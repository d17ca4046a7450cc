// How long those who are served wait while ten times as much is asked as the service can do, against how long when idle.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Flooded, FloodPlan } from './flood.ts';
import { connect, OWNER, startProvider, startService, type Running, type Service } from './service.ts';

const PROVIDER_MS = 50;
/** One alone would be held up by its share of the provider's line. */
const USERS = Array.from({ length: 40 }, (_, number) => ({ ...OWNER, user_id: `bench-user-${number}` }));
const IDLE_RATE = 40;
const OVERLOAD = 10;
const CONNECTIONS = 1000;
const PRESSING = 640;
/** How much it can do is looked for from here, in steps. */
const FIRST_RATE = 100;
const STEP = 1.25;
const STEP_SECONDS = 2;
/** A rate is borne of which this much is served. */
const BORNE = 0.97;
const SETTLE_SECONDS = 2;

export async function benchOverload({ seconds }: { seconds: number }): Promise<void> {
  const running: Running[] = [];
  try {
    const provider = await startProvider(PROVIDER_MS);
    running.push(provider);
    const service = await startService(provider);
    running.push(service);
    for (const owner of USERS) await connect(service, owner);
    await flood(service, { seconds: STEP_SECONDS, rate: IDLE_RATE });
    const [, idle] = await flood(service, { seconds, rate: IDLE_RATE });
    const capacity = await mostBorne(service);
    const rate = capacity * OVERLOAD;
    // How many may come in is found in the beginning; that is shown apart.
    const [first, busy] = await flood(service, {
      seconds: seconds + SETTLE_SECONDS,
      settleSeconds: SETTLE_SECONDS,
      rate,
    });
    // Those who don't wait longer than they have to: ten times as many as there are places to be served in.
    const [, pressing] = await flood(service, {
      seconds: seconds + SETTLE_SECONDS,
      settleSeconds: SETTLE_SECONDS,
      connections: PRESSING,
    });
    report(capacity, {
      idle,
      [`${OVERLOAD} times, beginning`]: first,
      [`${OVERLOAD} times, then`]: busy,
      [`${PRESSING} that press`]: pressing,
    });
  } finally {
    for (const { stop } of running) stop();
  }
}

async function mostBorne(service: Service): Promise<number> {
  let borne = IDLE_RATE;
  for (let rate = FIRST_RATE; ; rate *= STEP) {
    const [, { statuses }] = await flood(service, { seconds: STEP_SECONDS, rate });
    if ((statuses['200'] ?? 0) < rate * BORNE) return borne;
    borne = rate;
  }
}

function report(capacity: number, rows: { readonly idle: Flooded } & Readonly<Record<string, Flooded>>): void {
  console.log(`\noverload: loads whose provider takes ${PROVIDER_MS} ms; ${capacity.toFixed(0)}/s can be served`);
  for (const [name, flooded] of Object.entries(rows)) row(name, flooded, rows.idle);
}

function row(name: string, { unsent, statuses, served }: Flooded, idle: Flooded): void {
  const shown = (part: number): string => quantile(served, part).toFixed(0);
  const ratio = quantile(served, 0.99) / quantile(idle.served, 0.99);
  const { 200: ok = 0, 503: shed = 0 } = statuses;
  const others = Object.values(statuses).reduce((sum, times) => sum + times, 0) - ok - shed;
  console.log(
    `  ${name.padEnd(19)} ${(ok + shed + others + unsent).toFixed(0)}/s asked (${unsent.toFixed(0)}/s unsent): ${ok.toFixed(0)}/s served, ${shed.toFixed(0)}/s refused, ` +
      `${others.toFixed(0)}/s otherwise; p50 ${shown(0.5)} ms, p99 ${shown(0.99)} ms, ${ratio.toFixed(2)} times idle`,
  );
}

type Flood = Pick<FloodPlan, 'seconds'> & Partial<Pick<FloodPlan, 'settleSeconds' | 'rate' | 'connections'>>;

async function flood(service: Service, asked: Flood): Promise<readonly [Flooded, Flooded]> {
  const plan: FloodPlan = {
    url: new URL('/integrations/airtable/load', service.url).href,
    bodies: USERS.map((owner) => JSON.stringify({ ...owner, item_types: ['base'], page_size: 100 })),
    keyId: service.key.keyId,
    secret: service.secret,
    settleSeconds: 0,
    connections: CONNECTIONS,
    ...asked,
  };
  const child = fork(join(import.meta.dirname, 'flood.ts'));
  child.send(plan);
  const [flooded] = (await once(child, 'message')) as [readonly [Flooded, Flooded]];
  return flooded;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
