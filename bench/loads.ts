// How long whole loads take, against what the provider alone takes; and how many items a second go through one core.
import { setTimeout as delay } from 'node:timers/promises';
import { connect, OWNER, post, startProvider, startService, type Running, type Service } from './service.ts';

const CALL_MS = 20;
const ITEMS_A_PAGE = 100;
const STREAMS = 10;
const LOOK_EVERY_MS = 200;
const MEGABYTE = 2 ** 20;
const POINTS = 10;
const NDJSON = 'application/x-ndjson';

interface Stream {
  readonly items: number;
  readonly firstMs: number;
  readonly totalMs: number;
}

interface Pair {
  readonly service: Service;
  readonly provider: Running;
}

interface Setting {
  readonly callMs: number;
  readonly contacts?: number;
  readonly bases?: number;
}

/** @param rounds of each of the short ones; @param contacts of the long one */
export async function benchLoads({ rounds, contacts }: { rounds: number; contacts: number }): Promise<void> {
  console.log(`\nload: streams, the provider a stub on loopback; medians of ${rounds}`);
  await within({ callMs: CALL_MS, contacts: 10 * ITEMS_A_PAGE, bases: 10 }, async (pair) => {
    await tenPages(pair, rounds);
    await tenBases(pair, rounds);
  });
  await within({ callMs: 0, contacts }, ({ service }) => sustained(service, contacts));
}

async function within({ callMs, contacts = 1, bases = 1 }: Setting, body: (pair: Pair) => Promise<void>) {
  const running: Running[] = [];
  try {
    const provider = await startProvider(callMs, { STUB_CONTACTS: String(contacts), STUB_BASES: String(bases) });
    running.push(provider);
    const service = await startService(provider);
    running.push(service);
    for (const integration of ['airtable', 'hubspot']) await connect(service, OWNER, integration);
    await body({ service, provider });
  } finally {
    for (const { stop } of running) stop();
  }
}

async function tenPages({ service, provider }: Pair, rounds: number): Promise<void> {
  // What the provider alone takes: its timer is a little late.
  const call = median(await several(rounds, () => timed(() => direct(provider, '/crm/v3/objects/contacts'))));
  const onePage = median(await several(rounds, () => timed(() => page(service, 'hubspot', 'contact'))));
  const streams = await several(rounds, () => stream(service, 'hubspot', 'contact'));
  const [first, total] = [median(streams.map(({ firstMs }) => firstMs)), median(streams.map(({ totalMs }) => totalMs))];
  console.log(
    `  a call of the provider: ${ms(call)}; one page of ${ITEMS_A_PAGE} items through us: ${ms(onePage)}\n` +
      `  10 pages one after the other: ${ms(total)}, ${(total / (10 * call)).toFixed(2)} of the sum of the calls; ` +
      `first item after ${ms(first)}, ${(first / call).toFixed(2)} of a call, ${(first / onePage).toFixed(2)} of one page`,
  );
}

async function tenBases({ service, provider }: Pair, rounds: number): Promise<void> {
  const call = median(await several(rounds, () => timed(() => direct(provider, '/meta/bases'))));
  const streams = await several(rounds, () => stream(service, 'airtable', 'table'));
  const total = median(streams.map(({ totalMs }) => totalMs));
  console.log(`  the tables of 10 bases: ${ms(total)}, ${(total / call).toFixed(2)} of one call`);
}

async function direct(provider: Running, path: string): Promise<void> {
  await (await fetch(new URL(path, provider.url))).arrayBuffer();
}

async function sustained(service: Service, contacts: number): Promise<void> {
  // Before anything was streamed: what a process that has just started needs for the first time counts as well.
  const one = await watched(service, () => stream(service, 'hubspot', 'contact'));
  const cpuBefore = await cpuSeconds(service);
  const { items, totalMs } = await stream(service, 'hubspot', 'contact');
  const cpu = (await cpuSeconds(service)) - cpuBefore;
  if (items !== contacts) throw new Error(`${items} of ${contacts} contacts came.`);
  const many = await watched(service, () =>
    Promise.all(Array.from({ length: STREAMS }, () => stream(service, 'hubspot', 'contact'))),
  );
  console.log(
    `  ${items} contacts in one stream: ${((items / totalMs) * 1000).toFixed(0)} items/s; ` +
      `${(items / cpu).toFixed(0)} items a second of processor time\n` +
      `  memory (RSS): one such stream ${shownMemory(one)}; ${STREAMS} at once ${shownMemory(many)}`,
  );
}

async function page(service: Service, integration: string, itemType: string): Promise<void> {
  const body = { ...OWNER, item_types: [itemType], page_size: ITEMS_A_PAGE };
  await (await post(service.url, 'load', body, service.key, { integration })).arrayBuffer();
}

async function stream(service: Service, integration: string, itemType: string): Promise<Stream> {
  const startedAt = performance.now();
  const body = { ...OWNER, item_types: [itemType] };
  const answer = await post(service.url, 'load', body, service.key, { integration, accept: NDJSON });
  let items = 0;
  let firstMs = Number.NaN;
  let tail = '';
  for await (const chunk of answer.body ?? []) {
    if (items === 0) firstMs = performance.now() - startedAt;
    const bytes = Buffer.from(chunk as Uint8Array);
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) items += 1;
    tail = (tail + bytes.subarray(-2000).toString('latin1')).slice(-2000);
  }
  const totalMs = performance.now() - startedAt;
  // Progress, checkpoints and the end are lines as well; the end says how many items there were.
  const [, loaded = '0'] = /"end":\{"loaded":(\d+),"complete":true/.exec(tail) ?? [];
  return { items: Number(loaded), firstMs, totalMs };
}

/** @returns MB of memory before, and from then on */
async function watched(service: Service, during: () => Promise<unknown>): Promise<readonly number[]> {
  const samples = [await metric(service, 'process_resident_memory_bytes')];
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      samples.push(await metric(service, 'process_resident_memory_bytes'));
      await delay(LOOK_EVERY_MS);
    }
  })();
  await during();
  over.abort();
  await watching;
  return samples.map((bytes) => bytes / MEGABYTE);
}

function shownMemory([before = 0, ...samples]: readonly number[]): string {
  const step = Math.max(1, Math.floor(samples.length / POINTS));
  const curve = samples.filter((_, index) => index % step === 0).map((mb) => mb.toFixed(0));
  return `grows by ${(Math.max(...samples) - before).toFixed(0)} MB (${before.toFixed(0)}: ${curve.join(' ')})`;
}

const cpuSeconds = (service: Service): Promise<number> => metric(service, 'process_cpu_seconds_total');

async function metric(service: Service, name: string): Promise<number> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  return Number(new RegExp(`^${name} ([\\d.e+-]+)$`, 'm').exec(text)?.[1]);
}

async function several<T>(rounds: number, one: () => Promise<T>): Promise<T[]> {
  // Once for nothing: the first has code to compile and connections to open.
  await one();
  const results: T[] = [];
  for (let round = 0; round < rounds; round += 1) results.push(await one());
  return results;
}

async function timed(call: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await call();
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const ms = (value: number): string => `${value.toFixed(1)} ms`;
