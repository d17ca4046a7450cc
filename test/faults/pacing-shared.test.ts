import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { integrationNames, registry } from '../../src/integrations/registry.ts';
import type { Answer, Browser } from '../support/http-browser.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { fault } from './fault-row.ts';

/** Loads at once: enough to ask for more than each provider lets through. */
const LOADS = { airtable: 20, notion: 40, hubspot: 28, slack: 40 } as const;
/**
 * Calls that a machine that is busy with other things makes at the least. The limits themselves let 260, 180, 112 and 40
 * through; an answer says what had to be left out.
 */
const CALLS_AT_LEAST: Readonly<Record<string, number>> = { airtable: 150, notion: 150, hubspot: 90, slack: 30 };
/** Longer than any test takes. */
const ASKED_WAIT_S = 900;

describeWithRedis('Two replicas, one Redis, and providers that mind their limits', () => {
  let redis: RedisServer;
  let replicas: readonly RunningPatchbay[] = [];
  let one: Browser;
  let other: Browser;
  let control: SandboxControl;

  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(async () => {
    // The accounts are the same each time: what is held or used up is forgotten with the store.
    await redis.restart();
    const environment = { REDIS_URL: redis.url, ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}` };
    const first = await startPatchbay({ environment, sandbox: { rateLimits: true } });
    const beside = { ...environment, SANDBOX_URL: first.sandbox.url };
    replicas = [first, await startPatchbay({ environment: beside, sandbox: { rateLimits: true } })];
    [one, other] = [first.newBrowser(), replicas[1]?.newBrowser() ?? first.newBrowser()];
    control = new SandboxControl(first.sandbox);
  });
  afterEach(() => Promise.all(replicas.map((replica) => replica.close())));
  afterAll(() => redis.stop());

  /** So many loads at once, every second one at the other replica. */
  const loads = (name: string, count: number, query: object = {}): Promise<Answer[]> => {
    const load = (at: Browser) => at.post(`/integrations/${name}/load`, { ...OWNER, ...query });
    return Promise.all(Array.from({ length: count }, (_, number) => load(number % 2 === 0 ? one : other)));
  };
  const callsTo = async (name: string): Promise<number> =>
    Object.values((await control.stats(name)).requests).reduce((sum, count) => sum + count, 0);

  it('count the questions whose account it is, too, when one is connected', async () => {
    const counted = async (name: string): Promise<number> => {
      const metrics = await Promise.all([one, other].map((browser) => browser.unsigned('GET', '/metrics')));
      const admitted = new RegExp(`^patchbay_pacing_total\\{integration="${name}",outcome="admitted"\\} (\\d+)`, 'm');
      return metrics.reduce((sum, { text }) => sum + Number(admitted.exec(text)?.[1] ?? 0), 0);
    };
    for (const name of ['airtable', 'hubspot']) {
      await control.reset();
      await one.connect(name, OWNER);
      expect([name, await counted(name)]).toEqual([name, 1]);
    }
  });

  fault(
    'a limited provider, two replicas and a thousand calls',
    'hardly a call answered 429, and what may be had is had',
    async (report) => {
      for (const name of integrationNames) await one.connect(name, OWNER);
      await control.reset();
      const loaded = async (name: keyof typeof LOADS) => {
        const startedAt = performance.now();
        const answers = await loads(name, LOADS[name]);
        return { name, answers, tookMs: performance.now() - startedAt };
      };
      // It waits most of the time: one after the other the rest is done meanwhile.
      const hubspot = loaded('hubspot');
      const others = [await loaded('airtable'), await loaded('notion'), await loaded('slack')];
      for (const { name, answers, tookMs } of [...others, await hubspot]) {
        const { rate_limit_breaches, requests } = await control.stats(name);
        const isWhole = ({ status, json }: Answer) =>
          status === 200 && json['next_cursor'] === null && json['stale'] === false;
        const whole = answers.filter(isWhole).length;
        const calls = await callsTo(name);
        report.say(`${name}: ${whole} of ${answers.length} loads whole in ${tookMs.toFixed(0)} ms, ${calls} calls`);
        report.atMost(`429 from ${name}`, rate_limit_breaches, 1, '');
        report.atLeast(`calls to ${name}`, calls, CALLS_AT_LEAST[name] ?? 0, '');
        // What couldn't be had in time is said to be so, and nothing else went wrong.
        const errors = answers.filter(({ status }) => status !== 200).map(({ json }) => json['error']);
        expect(errors.filter((error) => error !== 'provider_rate_limited')).toEqual([]);
        if (name === 'slack') report.atMost('lists', requests['GET /api/conversations.list'] ?? 0, 20, '');
      }
    },
  );

  it.each(integrationNames)('call nothing of an account at %s before the time a 429 named', async (name) => {
    await one.connect(name, OWNER);
    await control.reset();
    await control.fault({ provider: name, endpoint: 'api', mode: 'status', status: 429, retry_after: ASKED_WAIT_S });
    const [first] = await loads(name, 1);
    expect([first?.status, first?.headers.get('retry-after')]).toEqual([503, String(ASKED_WAIT_S)]);
    const before = await callsTo(name);
    await control.clearFaults();
    const itemTypes = registry.find(({ descriptor }) => descriptor.name === name)?.descriptor.itemTypes ?? [];
    const queries = [{}, ...itemTypes.map((type) => ({ item_types: [type] }))];
    const answers = (await Promise.all(queries.map((query) => loads(name, 10, query)))).flat();
    for (const { status, json, headers } of answers) {
      expect([status, json['error']]).toEqual([503, 'provider_rate_limited']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(ASKED_WAIT_S);
    }
    expect(await callsTo(name)).toBe(before);
  });

  it('go on by themselves when the time has come', async () => {
    await one.connect('notion', OWNER);
    await control.reset();
    const retry_after = 2;
    await control.fault({ provider: 'notion', endpoint: 'api', mode: 'status', status: 429, retry_after, times: 1 });
    const startedAt = performance.now();
    const answers = await loads('notion', 5);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(retry_after * 1000);
  });
});
