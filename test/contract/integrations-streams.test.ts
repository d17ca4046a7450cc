import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { SandboxOptions } from '../../sandbox/sandbox.ts';
import type { IntegrationDescriptor } from '../../src/integrations/integration-descriptor.ts';
import { registry } from '../../src/integrations/registry.ts';
import { streamWhole } from '../support/load-all.ts';
import { OWNER, startPatchbay } from '../support/patchbay.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { asCaller, StreamReader } from '../support/stream-reader.ts';
import { eventually } from '../support/eventually.ts';
import { askingForAll } from './item-scopes.ts';

/** What makes a whole load last for some seconds, of which each brings a checkpoint: how much there is, and how late it comes. */
const FEW: SandboxOptions = { items: 20, airtable: { bases: 3, tablesPerBase: 3, recordsPerTable: 20 } };
const UNHURRIED: Readonly<Record<string, { readonly sandbox: SandboxOptions; readonly delay_ms: number }>> = {
  hubspot: { sandbox: { items: 630 }, delay_ms: 700 },
};
const USUAL = { sandbox: FEW, delay_ms: 200 };
const LEAST_CUTS = 2;

/** What came of a load whose stream was cut as often as it had a checkpoint. */
interface CutLoad {
  /** As a stream brings it that nobody cuts. */
  readonly whole: readonly string[];
  readonly kept: readonly string[];
  readonly cuts: number;
  readonly lastWords: unknown;
}

async function cutAgainAndAgain(redis: RedisServer, descriptor: IntegrationDescriptor): Promise<CutLoad> {
  const { name, itemTypes } = descriptor;
  const { sandbox, delay_ms } = UNHURRIED[name] ?? USUAL;
  const environment = { REDIS_URL: redis.url, ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}` };
  const owner = { ...OWNER, user_id: `loads-${name}` };
  const first = await startPatchbay({ environment, sandbox });
  const second = await startPatchbay({ environment: { ...environment, SANDBOX_URL: first.sandbox.url } });
  try {
    const replicas = [first, second].map((each) => ({ url: each.url, browser: each.newBrowser() }));
    const { browser } = replicas[0]!;
    await browser.connect(name, { ...owner, ...askingForAll(descriptor) });
    const body = { ...owner, item_types: itemTypes };
    const whole = (await streamWhole(browser, name, body)).items.map(({ type, id }) => `${type} ${id}`);

    await new SandboxControl(first.sandbox).fault({ provider: name, endpoint: 'api', mode: 'slow', delay_ms });
    const kept: string[] = [];
    for (let [cuts, checkpoint] = [0, undefined as string | undefined]; ; cuts += 1) {
      const at = replicas[cuts % replicas.length]!;
      const wish = { integration: name, body: { ...body, ...(checkpoint === undefined ? {} : { checkpoint }) } };
      const stream = await StreamReader.open(asCaller(at.url, at.browser), wish);
      expect(stream.status).toBe(200);
      // Beyond the checkpoint there is something already that comes again.
      const isLost = (): boolean => stream.checkpoint !== undefined && stream.count > stream.itemsAtCheckpoint;
      await eventually(() => isLost() || stream.end !== undefined, Boolean, 60_000);
      stream.hangUp();
      kept.push(...stream.items.slice(0, stream.end === undefined ? stream.itemsAtCheckpoint : undefined));
      if (stream.end !== undefined) return { whole, kept, cuts, lastWords: stream.end };
      checkpoint = stream.checkpoint;
    }
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
}

describeWithRedis('A stream that is cut', () => {
  let redis: RedisServer;
  const loads = new Map<string, Promise<CutLoad>>();

  beforeAll(async () => {
    redis = await startRedis();
    // Each waits for a slow provider of its own most of the time: they wait side by side.
    for (const { descriptor } of registry) {
      const load = cutAgainAndAgain(redis, descriptor);
      load.catch(() => undefined);
      loads.set(descriptor.name, load);
    }
  });
  afterAll(async () => {
    await Promise.allSettled(loads.values());
    await redis.stop();
  });

  it.each(registry.map(({ descriptor }) => descriptor))(
    'goes on at the other replica from its last checkpoint, with every item of $name once and in order',
    async ({ name, itemTypes }) => {
      const { whole, kept, cuts, lastWords } = (await loads.get(name))!;
      expect(lastWords).toMatchObject({ complete: true, failures: [] });
      const of = (items: readonly string[], itemType: string) => items.filter((one) => one.startsWith(`${itemType} `));
      for (const itemType of itemTypes) expect(of(kept, itemType)).toEqual(of(whole, itemType));
      expect(cuts).toBeGreaterThanOrEqual(LEAST_CUTS);
    },
    120_000,
  );
});
