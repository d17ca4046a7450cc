import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import {
  raw,
  startProviderStub,
  type Answer as ProviderAnswer,
  type ProviderStub,
} from '../../src/outbound/fixtures/provider-stub.ts';
import { seededRandom } from '../../src/outbound/fixtures/seeded-random.ts';
import { CircuitBreakers } from '../../src/outbound/circuit-breakers.ts';
import { OutboundClient } from '../../src/outbound/outbound-client.ts';
import { eventually } from '../support/eventually.ts';
import type { Answer, Browser } from '../support/http-browser.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { fault, isShort, isSoak, longFault, median, percent, timed } from './fault-row.ts';
import { ProviderRequests } from './provider-requests.ts';

const CALLS = isSoak ? 40_000 : isShort ? 1_000 : 4_000;
const AT_ONCE = 32;
const ATTEMPTS = 3;
/** Among the failures that it draws are never ten in a row, which would open the circuit. */
const SEED = 7_311;
/** More than a call may wait. */
const RETRY_AFTER_SECONDS = 30;
const QUICK_MS = 5;

/** Each in its turn: whatever a provider that is unwell does. */
const FAILURES: readonly ProviderAnswer[] = [
  raw('', 500),
  raw('', 503),
  (response) => void response.destroy(),
  raw('', 502),
];

/** So many times, `AT_ONCE` at a time. */
async function crowd(times: number, call: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < times) await call(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

describe('A provider that fails at random', () => {
  let provider: ProviderStub;
  let client: OutboundClient;

  beforeEach(async () => {
    Logger.overrideLogger(false);
    provider = await startProviderStub();
    // No jitter: a retry follows at once.
    client = new OutboundClient({ random: () => 0 });
  });
  afterEach(async () => {
    await client.close();
    await provider.close();
  });

  /** Draws which attempts of a call fail, by the number of the call. */
  const draws = (call: number): (() => number) => seededRandom(SEED + 1_000 * call);

  function failAtRandom(share: number): void {
    const drawnBy = new Map<string, () => number>();
    let failures = 0;
    provider.answer = (response, request) => {
      const { pathname } = request.url;
      const draw = drawnBy.get(pathname) ?? draws(Number(pathname.slice(1)));
      drawnBy.set(pathname, draw);
      const answer = draw() < share ? FAILURES[failures++ % FAILURES.length] : raw('{}', 200);
      answer?.(response, request);
    };
  }

  /** The calls all of whose attempts fail. */
  function doomed(share: number): readonly number[] {
    const isDoomed = (call: number): boolean => {
      const draw = draws(call);
      return Array.from({ length: ATTEMPTS }, draw).every((drawn) => drawn < share);
    };
    return Array.from({ length: CALLS }, (_, call) => call).filter(isDoomed);
  }

  /** One call after the other, so that the same failures follow each other every time. */
  async function failedCalls(): Promise<readonly number[]> {
    const failed: number[] = [];
    for (let number = 0; number < CALLS; number += 1) {
      const url = new URL(`/${number}`, provider.url);
      const status = await client.call({ integration: 'acme', endpoint: 'api', method: 'GET', url }).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status !== 200) failed.push(number);
    }
    return failed;
  }

  const shown = (succeeded: number): string =>
    `${percent(succeeded)} of ${CALLS}, at ${(provider.requests.length / CALLS).toFixed(2)} requests a call`;

  fault('a provider fails 30 % of calls at random', 'within a point of 97.30 % succeed', async (report) => {
    failAtRandom(0.3);
    const failed = await failedCalls();
    const succeeded = 1 - failed.length / CALLS;
    report.say(shown(succeeded));
    expect(Math.abs(succeeded - (1 - 0.3 ** ATTEMPTS))).toBeLessThan(0.01);
    // No other call fails: none is refused for want of budget or by an open circuit.
    expect(failed).toEqual(doomed(0.3));
  });

  fault('a provider fails 10 % of calls at random', '≥ 99.9 % succeed', async (report) => {
    failAtRandom(0.1);
    const failed = await failedCalls();
    const succeeded = 1 - failed.length / CALLS;
    report.say(shown(succeeded));
    expect(failed).toEqual(doomed(0.1));
    expect(Number(succeeded.toFixed(3))).toBeGreaterThanOrEqual(0.999);
  });

  fault('a provider is down, and a crowd asks', 'its load ≤ 1.1 × what is asked of us', async (report) => {
    provider.answer = (response) => void response.destroy();
    let refused = 0;
    await crowd(2_000, async (number) => {
      const url = new URL(`/${number}`, provider.url);
      await client.call({ integration: 'acme', endpoint: 'api', method: 'GET', url }).catch(() => (refused += 1));
    });
    report.say(
      `${(provider.requests.length / 2_000).toFixed(3)} ×: ${provider.requests.length} requests for 2,000 calls`,
    );
    expect(refused).toBe(2_000);
    expect(provider.requests.length).toBeLessThanOrEqual(2_200);
  });
});

describe('A provider that is down, or wants to be left alone', () => {
  const BASES = { ...OWNER, item_types: ['base'] };
  const LOAD = '/integrations/airtable/load';
  let patchbay: RunningPatchbay;
  let sandbox: SandboxControl;
  let browser: Browser;
  let periodMs = Number.NaN;

  // Each row has a circuit of its own.
  beforeEach(async () => {
    patchbay = await startPatchbay({ environment: { REFRESH_AHEAD: 'false', LOG_LEVEL: 'warn' } });
    patchbay.application.get(CircuitBreakers, { strict: false }).onChange(({ nextTrialAt }) => {
      if (nextTrialAt !== null) periodMs = nextTrialAt - Date.now();
    });
    sandbox = new SandboxControl(patchbay.sandbox);
    browser = patchbay.newBrowser();
    for (const provider of ['airtable', 'hubspot']) await browser.connect(provider, OWNER);
    await sandbox.reset();
  });
  afterEach(() => patchbay.close());

  const calls = async (provider: string): Promise<number> =>
    Object.values((await sandbox.stats(provider)).requests).reduce((sum, count) => sum + count, 0);
  const apiCircuit = () => patchbay.application.get(CircuitBreakers, { strict: false }).of('airtable', 'api');

  /** @returns how many calls that took */
  async function openCircuit(): Promise<number> {
    await sandbox.fault({ provider: 'airtable', endpoint: 'api', mode: 'status', status: 500 });
    await eventually(
      () => browser.post(LOAD, BASES),
      ({ status }) => status === 503,
    );
    return calls('airtable');
  }

  /** What the cheapest signed request takes in this run, on this machine. */
  async function idleMs(): Promise<number> {
    const query = new URLSearchParams(OWNER).toString();
    const tries: number[] = [];
    for (let number = 0; number < 50; number += 1)
      tries.push((await timed(() => browser.get(`/connections?${query}`))).tookMs);
    return median(tries);
  }

  /** What the client alone takes to refuse a call. */
  async function refusalMs(): Promise<number> {
    const client = patchbay.application.get(OutboundClient, { strict: false });
    const url = new URL('/airtable/v0/meta/bases', patchbay.sandbox.url);
    const request = { integration: 'airtable', endpoint: 'api', method: 'GET', url } as const;
    return (await timed(() => client.call(request).catch(() => undefined))).tookMs;
  }

  fault('a provider is down', 'open within 10 failures', async (report) => {
    const made = await openCircuit();
    report.say(`open after ${made}`);
    expect(made).toBe(10);
  });

  fault('a provider is down: what we answer', '503 with Retry-After, < 5 ms more than any answer', async (report) => {
    const idle = await idleMs();
    let made = await openCircuit();
    const tries: number[] = [];
    const refusals: number[] = [];
    while (tries.length < 50) {
      const { tookMs, answer } = await timed(() => browser.post(LOAD, BASES));
      const before = made;
      made = await calls('airtable');
      // Now and then the circuit lets one call through, to see whether the provider is back.
      if (made > before) continue;
      expect([answer.status, answer.json['error']]).toEqual([503, 'provider_unavailable']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      tries.push(tookMs);
      if (apiCircuit().state().state === 'open') refusals.push(await refusalMs());
    }
    report.atMost('refused in', median(refusals), QUICK_MS);
    report.atMost('answered in', median(tries), Math.ceil(idle + QUICK_MS));
  });

  fault('a provider comes back', 'closed within one period and one call', async (report) => {
    const made = await openCircuit();
    await sandbox.clearFaults();
    await eventually(
      () => apiCircuit().state().state,
      (state) => state === 'half-open',
    );
    const { status } = await browser.post(LOAD, BASES);
    report.say(`closed by call ${(await calls('airtable')) - made}, after a period of ${periodMs} ms`);
    expect([status, apiCircuit().state().state, await calls('airtable')]).toEqual([200, 'closed', made + 1]);
    expect(periodMs).toBeLessThanOrEqual(5_000);
  });

  longFault(
    `429 with Retry-After ${RETRY_AFTER_SECONDS}`,
    `0 calls for that account before ${RETRY_AFTER_SECONDS} s`,
    async (report) => {
      const requests = new ProviderRequests('/hubspot/crm');
      const limited = { mode: 'status', status: 429, retry_after: RETRY_AFTER_SECONDS, times: 1 };
      await sandbox.fault({ provider: 'hubspot', endpoint: 'api', ...limited });
      const refused: Answer[] = [];
      await eventually(
        () => browser.post('/integrations/hubspot/load', { ...OWNER, item_types: ['contact'] }),
        (answer) => answer.status === 200 || refused.push(answer) === 0,
        { everyMs: 200 },
      );
      requests.end();
      const [first = 0, second = 0] = requests.times;
      report.say(
        `next call after ${((second - first) / 1000).toFixed(1)} s, ${refused.length} loads refused meanwhile`,
      );
      expect(second - first).toBeGreaterThanOrEqual(1_000 * RETRY_AFTER_SECONDS);
      expect(refused.length).toBeGreaterThan(0);
      for (const { status, json, headers } of refused) {
        expect([status, json['error']]).toEqual([503, 'provider_rate_limited']);
        expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(RETRY_AFTER_SECONDS);
      }
    },
  );
});
