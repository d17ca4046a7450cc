import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { raw, startProviderStub, type Answer, type ProviderStub } from '../../src/outbound/fixtures/provider-stub.ts';
import { seededRandom } from '../../src/outbound/fixtures/seeded-random.ts';
import { CircuitBreakers } from '../../src/outbound/circuit-breakers.ts';
import { OutboundClient } from '../../src/outbound/outbound-client.ts';
import { eventually } from '../support/eventually.ts';
import type { Browser } from '../support/http-browser.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { fault, isSoak, median, ms, percent, timed } from './fault-row.ts';

const CALLS = isSoak ? 40_000 : 4_000;
const AT_ONCE = 32;
const ATTEMPTS = 3;
const SEED = 7_311;

/** Each in its turn: whatever a provider that is unwell does. */
const FAILURES: readonly Answer[] = [raw('', 500), raw('', 503), (response) => void response.destroy(), raw('', 502)];

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
    client = new OutboundClient({ random: seededRandom(SEED) });
  });
  afterEach(async () => {
    await client.close();
    await provider.close();
  });

  /** Which of a call's attempts fail is drawn by the call's number: however calls overlap, the same ones do. */
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

  /** Those whom no number of attempts that we make could help. */
  function doomed(share: number): readonly number[] {
    const isDoomed = (call: number): boolean => {
      const draw = draws(call);
      return Array.from({ length: ATTEMPTS }, draw).every((drawn) => drawn < share);
    };
    return Array.from({ length: CALLS }, (_, call) => call).filter(isDoomed);
  }

  async function failedCalls(): Promise<readonly number[]> {
    const failed: number[] = [];
    await crowd(CALLS, async (number) => {
      const url = new URL(`/${number}`, provider.url);
      const status = await client.call({ integration: 'acme', endpoint: 'api', method: 'GET', url }).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status !== 200) failed.push(number);
    });
    return failed.sort((a, b) => a - b);
  }

  fault(
    'a provider fails 30 % of calls at random',
    'within a point of 97.30 % succeed',
    async (measured) => {
      failAtRandom(0.3);
      const failed = await failedCalls();
      const succeeded = 1 - failed.length / CALLS;
      measured(
        `${percent(succeeded)} of ${CALLS}, at ${(provider.requests.length / CALLS).toFixed(2)} requests a call`,
      );
      expect(Math.abs(succeeded - (1 - 0.3 ** ATTEMPTS))).toBeLessThan(0.01);
      // None fails that could have been helped, so nobody was refused for want of budget or by an open circuit.
      expect(failed).toEqual(doomed(0.3));
    },
    120_000,
  );

  fault(
    'a provider fails 10 % of calls at random',
    '≥ 99.9 % succeed',
    async (measured) => {
      failAtRandom(0.1);
      const failed = await failedCalls();
      const succeeded = 1 - failed.length / CALLS;
      measured(
        `${percent(succeeded)} of ${CALLS}, at ${(provider.requests.length / CALLS).toFixed(2)} requests a call`,
      );
      expect(failed).toEqual(doomed(0.1));
      expect(Number(succeeded.toFixed(3))).toBeGreaterThanOrEqual(0.999);
    },
    120_000,
  );

  fault('a provider is down, and a crowd asks', 'its load ≤ 1.1 × what is asked of us', async (measured) => {
    provider.answer = (response) => void response.destroy();
    let refused = 0;
    await crowd(2_000, async (number) => {
      const url = new URL(`/${number}`, provider.url);
      await client.call({ integration: 'acme', endpoint: 'api', method: 'GET', url }).catch(() => (refused += 1));
    });
    measured(
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

  beforeAll(async () => {
    patchbay = await startPatchbay({ environment: { REFRESH_AHEAD: 'false', LOG_LEVEL: 'warn' } });
    patchbay.application.get(CircuitBreakers, { strict: false }).onChange(({ nextTrialAt }) => {
      if (nextTrialAt !== null) periodMs = nextTrialAt - Date.now();
    });
    sandbox = new SandboxControl(patchbay.sandbox);
    browser = patchbay.newBrowser();
    await browser.connect('airtable', OWNER);
    await browser.connect('hubspot', OWNER);
  });
  afterAll(() => patchbay.close());

  const asked = async (provider: string): Promise<number> =>
    Object.values((await sandbox.stats(provider)).requests).reduce((sum, count) => sum + count, 0);
  const apiCircuit = () => patchbay.application.get(CircuitBreakers, { strict: false }).of('airtable', 'api');

  /** What the cheapest signed request takes in this run, on this machine. */
  async function idleMs(): Promise<number> {
    const query = new URLSearchParams(OWNER).toString();
    const tries: number[] = [];
    for (let number = 0; number < 50; number += 1)
      tries.push((await timed(() => browser.get(`/connections?${query}`))).tookMs);
    return median(tries);
  }

  fault('a provider is down', 'open within 10 failures', async (measured) => {
    await sandbox.reset();
    await sandbox.fault({ provider: 'airtable', endpoint: 'api', mode: 'status', status: 500 });
    await eventually(
      () => browser.post(LOAD, BASES),
      ({ status }) => status === 503,
    );
    measured(`open after ${await asked('airtable')}`);
    expect(await asked('airtable')).toBe(10);
  });

  fault('a provider is down: what we answer', '503 with Retry-After, < 5 ms more than any answer', async (measured) => {
    const idle = await idleMs();
    const tries: number[] = [];
    const refusals: number[] = [];
    for (let number = 0; number < 50; number += 1) {
      const { tookMs, answer } = await timed(() => browser.post(LOAD, BASES));
      expect([answer.status, answer.json['error']]).toEqual([503, 'provider_unavailable']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      tries.push(tookMs);
      const startedAt = performance.now();
      const client = patchbay.application.get(OutboundClient, { strict: false });
      const url = new URL('/airtable/v0/meta/bases', patchbay.sandbox.url);
      await client.call({ integration: 'airtable', endpoint: 'api', method: 'GET', url }).catch(() => undefined);
      refusals.push(performance.now() - startedAt);
    }
    measured(`refused in ${median(refusals).toFixed(2)} ms, answered in ${ms(median(tries))} (idle ${ms(idle)})`);
    expect(median(refusals)).toBeLessThan(5);
    expect(median(tries) - idle).toBeLessThan(5);
    expect(await asked('airtable')).toBe(10);
  });

  fault('a provider comes back', 'closed within one period and one call', async (measured) => {
    await sandbox.clearFaults();
    await eventually(
      () => apiCircuit().state().state,
      (state) => state === 'half-open',
    );
    const { status } = await browser.post(LOAD, BASES);
    measured(`closed by call ${(await asked('airtable')) - 10}, after a period of ${ms(periodMs)}`);
    expect([status, apiCircuit().state().state, await asked('airtable')]).toEqual([200, 'closed', 11]);
    expect(periodMs).toBeLessThanOrEqual(5_000);
  });

  fault(
    '429 with Retry-After 30',
    '0 calls for that account before 30 s',
    async (measured) => {
      await sandbox.reset();
      const fault = { provider: 'hubspot', endpoint: 'api', mode: 'status', status: 429, retry_after: 30 };
      await sandbox.fault({ ...fault, times: 1 });
      const load = () => browser.post('/integrations/hubspot/load', { ...OWNER, item_types: ['contact'] });
      const { tookMs, answer } = await timed(load);
      expect([answer.status, answer.json['error']]).toEqual([503, 'provider_rate_limited']);
      const startedAt = performance.now();
      const told: number[] = [];
      await eventually(
        async () => {
          const { status, headers } = await load();
          if (status !== 200) told.push(Number(headers.get('retry-after')));
          return asked('hubspot');
        },
        (calls) => calls > 1,
        60_000,
        200,
      );
      const waitedMs = performance.now() - startedAt;
      measured(`next call after ${(waitedMs / 1000).toFixed(1)} s, ${told.length} loads refused meanwhile`);
      expect(waitedMs).toBeGreaterThanOrEqual(30_000 - tookMs);
      expect(Math.max(...told)).toBeLessThanOrEqual(30);
    },
    90_000,
  );
});
