// How long those who are served wait while ten times as much is asked as the service can do, against how long when idle.
import autocannon from 'autocannon';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, OWNER, post, startProvider, startService, type Running, type Service } from './service.ts';
import { signatureHeaders } from '../test/support/request-signer.ts';

const PROVIDER_MS = 50;
const LOAD = { ...OWNER, item_types: ['base'], page_size: 100 };
const OVERLOAD = 10;
/** Of those who ask too much. */
const CONNECTIONS = 200;
const SETTLE_SECONDS = 2;
const PROBES_AT_ONCE = 4;
const PROBE_PAUSE_MS = 20;

interface Probed {
  readonly served: readonly number[];
  readonly shed: number;
  readonly otherwise: number;
}

export async function benchOverload({ seconds }: { seconds: number }): Promise<void> {
  const running: Running[] = [];
  try {
    const provider = await startProvider(PROVIDER_MS);
    running.push(provider);
    const service = await startService(provider);
    running.push(service);
    await connect(service);
    await probe(service, 1);
    const idle = await probe(service, seconds);
    const capacity = await flood(service, seconds);
    const rate = capacity.letIn * OVERLOAD;
    const flooding = flood(service, seconds + SETTLE_SECONDS + 1, rate);
    // How many may come in is found within a second.
    await delay(SETTLE_SECONDS * 1000);
    const busy = await probe(service, seconds);
    const flooded = await flooding;
    report(idle, busy, capacity.letIn, flooded);
  } finally {
    for (const { stop } of running) stop();
  }
}

function report(idle: Probed, busy: Probed, capacity: number, flooded: Flooded): void {
  const [before, during] = [quantile(idle.served, 0.99), quantile(busy.served, 0.99)];
  console.log(
    `\noverload: a load whose provider takes ${PROVIDER_MS} ms, while others ask ${OVERLOAD} times as much as can be served`,
  );
  console.log(
    `  others are served ${capacity.toFixed(0)}/s at most; asked ${flooded.asked.toFixed(0)}/s: ${flooded.letIn.toFixed(0)}/s let in, ${flooded.shed.toFixed(0)}/s refused`,
  );
  console.log(`  loads: ${busy.served.length} served, ${busy.shed} refused (503), ${busy.otherwise} otherwise`);
  console.log(
    `  p50 idle ${quantile(idle.served, 0.5).toFixed(0)} ms, overloaded ${quantile(busy.served, 0.5).toFixed(0)} ms`,
  );
  console.log(
    `  p99 idle ${before.toFixed(0)} ms, overloaded ${during.toFixed(0)} ms: ${(during / before).toFixed(2)} times`,
  );
}

/** Loads, a few at a time, each signed. */
async function probe(service: Service, seconds: number): Promise<Probed> {
  const until = performance.now() + seconds * 1000;
  const served: number[] = [];
  const refused = { shed: 0, otherwise: 0 };
  const url = new URL('/integrations/airtable/load', service.url);
  const body = JSON.stringify(LOAD);
  const one = async (): Promise<void> => {
    while (performance.now() < until) {
      const headers = signatureHeaders(service.key, { method: 'POST', url, body });
      const startedAt = performance.now();
      const answer = await fetch(url, { method: 'POST', headers, body });
      await answer.arrayBuffer();
      if (answer.status === 200) served.push(performance.now() - startedAt);
      else refused[answer.status === 503 ? 'shed' : 'otherwise'] += 1;
      await delay(PROBE_PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: PROBES_AT_ONCE }, one));
  return { served, ...refused };
}

interface Flooded {
  /** A second, as the others. */
  readonly asked: number;
  readonly letIn: number;
  readonly shed: number;
}

/**
 * One signed request over and over, from a thread of its own. The service verifies it, finds its nonce used and refuses it:
 * nearly all the work there is, and none for who sends it. @param rate a second; absent: as fast as 16 connections go
 */
async function flood(service: Service, duration: number, rate?: number): Promise<Flooded> {
  const url = new URL('/integrations/airtable/credentials', service.url);
  const body = JSON.stringify(OWNER);
  const headers = { ...signatureHeaders(service.key, { method: 'POST', url, body }) };
  await post(service.url, 'credentials', OWNER, service.key).catch(() => undefined);
  const result = await autocannon({
    url: url.href,
    method: 'POST',
    headers,
    body,
    duration,
    workers: 1,
    connections: rate === undefined ? 16 : CONNECTIONS,
    ...(rate === undefined ? {} : { overallRate: Math.ceil(rate) }),
  });
  const shed = (result.statusCodeStats['503']?.count ?? 0) / result.duration;
  const asked = (result['2xx'] + result.non2xx) / result.duration;
  return { asked, shed, letIn: asked - shed };
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
