// How much of a bare server's speed is left, as a ratio within one run. README.md says how to read it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Measured, type Plan, sideBySide } from './measure.ts';
import { signatureHeaders } from '../test/support/request-signer.ts';
import { benchCircuit } from './circuit.ts';
import { benchLoads } from './loads.ts';
import { benchOverload } from './overload.ts';
import { benchRefreshAhead } from './refresh-ahead.ts';
import { connect, OWNER, post, type Running, type Service, startBare, startProvider, startService } from './service.ts';

const BENCHES = new Map<string, { readonly endpoint: string; readonly body: unknown }>([
  ['credentials', { endpoint: 'credentials', body: OWNER }],
  ['load', { endpoint: 'load', body: { ...OWNER, item_types: ['base'], page_size: 100 } }],
]);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    connections: { type: 'string', default: '16' },
  },
});
const plan: Plan = {
  rounds: Number(values.rounds ?? (values.quick ? 1 : 5)),
  seconds: Number(values.seconds ?? (values.quick ? 1 : 3)),
  connections: Number(values.connections),
};
const REFRESH_AHEAD = 'refresh-ahead';
const OVERLOAD = 'overload';
const CIRCUIT = 'circuit';
/** What is no comparison with a bare server. */
const OTHERS = [REFRESH_AHEAD, OVERLOAD, CIRCUIT];
const LOADS = { rounds: 20, contacts: 400_000 } as const;
const QUICK_LOADS = { rounds: 5, contacts: 20_000 } as const;
const FULL = {
  stores: ['redis', 'sqlite'],
  connections: 100_000,
  overSeconds: 3600,
  backlog: 5_000,
  seconds: 60,
} as const;
const QUICK = { stores: ['redis'], connections: 1_000, overSeconds: 36, backlog: 500, seconds: 1 } as const;
const upkeep = values.quick ? QUICK : FULL;
const isChosen = (name: string): boolean => positionals.length === 0 || positionals.includes(name);
const chosen = [...BENCHES].filter(([name]) => isChosen(name));
if (chosen.length === 0 && !OTHERS.some(isChosen)) {
  throw new Error(`There are these: ${[...BENCHES.keys(), ...OTHERS].join(', ')}.`);
}

/** A comparison means nothing when the two don't say the same. */
async function refuseDifferentAnswers(service: Service, bare: Running, provider: Running): Promise<void> {
  for (const [name, { endpoint, body }] of chosen) {
    const [ours, theirs] = await Promise.all(
      [service, bare].map(async ({ url }) => timeless(await (await post(url, endpoint, body, service.key)).text())),
    );
    if (ours !== theirs)
      throw new Error(`${name}: the bare server answers differently.\n${ours ?? ''}\n${theirs ?? ''}`);
  }
  const { basesListed } = (await (await fetch(`${provider.url}/_listed`)).json()) as { basesListed: number };
  const loads = chosen.filter(([name]) => name === 'load').length * 2;
  if (basesListed !== loads) throw new Error(`${loads} loads made ${basesListed} calls to the provider.`);
}

const timeless = (text: string): string =>
  text.replaceAll(/"(as_of|last_used_at|checkpoint)":("[^"]*"|null)/g, '"$1":0');

async function bench(service: Service, bare: Running): Promise<void> {
  console.log(
    `Node ${process.version}, ${plan.connections} connections, median of ${plan.rounds} × ${plan.seconds} s\n`,
  );
  console.log(row(['bench', 'server', 'requests/s', 'ratio', 'p50 ms', 'p99 ms']));
  for (const [name, { endpoint, body }] of chosen) {
    const [a, b] = [service, bare].map(({ url }) => ({
      url: `${url}/integrations/airtable/${endpoint}`,
      body: JSON.stringify(body),
    }));
    if (a === undefined || b === undefined) throw new TypeError('There are two servers.');
    const sign = (target: { url: string; body: string }) => () =>
      signatureHeaders(service.key, { method: 'POST', url: new URL(target.url), body: target.body });
    const [ours, theirs] = await sideBySide({ ...a, sign: sign(a) }, { ...b, sign: sign(b) }, plan);
    console.log(line(name, 'patchbay', ours, ours.requestsPerSecond / theirs.requestsPerSecond));
    console.log(line(name, 'bare Express 5', theirs, 1));
  }
}

async function sideBySideBenches(): Promise<void> {
  const running: Running[] = [];
  try {
    const provider = await startProvider();
    running.push(provider);
    const service = await startService(provider);
    running.push(service);
    const connectionId = await connect(service);
    const credentials: unknown = await (await post(service.url, 'credentials', OWNER, service.key)).json();
    const bare = await startBare({ credentials, connectionId, providerUrl: provider.url });
    running.push(bare);
    await refuseDifferentAnswers(service, bare, provider);
    await bench(service, bare);
  } finally {
    for (const { stop } of running) stop();
  }
}

function line(name: string, server: string, { requestsPerSecond, p50, p99 }: Measured, ratio: number): string {
  return row([name, server, requestsPerSecond.toFixed(0), ratio.toFixed(2), p50.toFixed(0), p99.toFixed(0)]);
}

function row(cells: readonly string[]): string {
  const widths = [12, 15, 10, 6, 6, 6];
  return cells.map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
}

const built = spawnSync(process.execPath, [join(import.meta.dirname, '../tools/ensure-built.mjs')], {
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(1);
if (chosen.length > 0) await sideBySideBenches();
if (isChosen('load')) await benchLoads(values.quick ? QUICK_LOADS : LOADS);
if (isChosen(REFRESH_AHEAD)) await benchRefreshAhead({ ...upkeep, seconds: Number(values.seconds ?? upkeep.seconds) });
if (isChosen(OVERLOAD)) await benchOverload({ seconds: values.quick ? 1 : Number(values.seconds ?? 10) });
if (isChosen(CIRCUIT)) await benchCircuit();
