// How soon a load is answered whose provider is left alone, against the cheapest answer there is.
import { Agent, request } from 'node:http';
import { signatureHeaders } from '../test/support/request-signer.ts';
import { connect, OWNER, startProvider, startService, type Running, type Service } from './service.ts';

const CALLS = 300;
/** Fewer than these in a row open no circuit, even with every one tried three times. */
const MOST_TRIES = 30;
const PATH = '/integrations/airtable/load';
const BODY = JSON.stringify({ ...OWNER, item_types: ['base'] });

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly tookMs: number;
}

type Ask = () => Promise<Answer>;

export async function benchCircuit(): Promise<void> {
  const running: Running[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const provider = await startProvider();
    running.push(provider);
    const service = await startService(provider);
    running.push(service);
    await connect(service);
    provider.stop();
    const load = signed(service, agent);
    const live = (): Promise<Answer> => ask(agent, new URL('/health/live', service.url), 'GET', {});
    const opened = await untilOpen(load);
    await measure(live);
    const [refused, cheapest] = [await measure(load), await measure(live)];
    console.log(`\ncircuit: a load whose provider is left alone (open after ${opened} loads), one at a time`);
    for (const [name, { p50, p99 }] of Object.entries({ 'refused, signed': refused, 'GET /health/live': cheapest }))
      console.log(`  ${name.padEnd(16)} p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
  } finally {
    agent.destroy();
    for (const { stop } of running) stop();
  }
}

/** @returns after how many loads the provider was left alone */
async function untilOpen(load: Ask): Promise<number> {
  for (let loads = 1; loads <= MOST_TRIES; loads += 1) {
    const { status, retryAfter, tookMs } = await load();
    if (status !== 503 || retryAfter === undefined)
      throw new Error(`A load without a provider was answered ${status}.`);
    // One that tries waits between its attempts.
    if (tookMs < 50) return loads;
  }
  throw new Error(`The circuit is closed after ${MOST_TRIES} loads.`);
}

async function measure(asks: Ask): Promise<{ readonly p50: number; readonly p99: number }> {
  const took: number[] = [];
  for (let call = 0; call < CALLS; call += 1) took.push((await asks()).tookMs);
  took.sort((a, b) => a - b);
  const at = (part: number): number => took[Math.floor(part * CALLS)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

function signed({ url, key }: Service, agent: Agent): Ask {
  const target = new URL(PATH, url);
  return () => ask(agent, target, 'POST', signatureHeaders(key, { method: 'POST', url: target, body: BODY }), BODY);
}

/** Timed from when it is signed. */
function ask(agent: Agent, url: URL, method: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const asked = request(url, { agent, method, headers: { ...headers, 'content-length': body?.length ?? 0 } });
    asked.once('error', reject);
    asked.once('response', (response) => {
      response.resume().once('end', () => {
        const { statusCode: status = 0, headers: heads } = response;
        resolve({ status, retryAfter: heads['retry-after'], tookMs: performance.now() - startedAt });
      });
    });
    asked.end(body);
  });
}
