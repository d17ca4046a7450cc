import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { SandboxOptions } from '../../sandbox/sandbox.ts';
import { registry } from '../../src/integrations/registry.ts';
import type { Browser } from '../support/http-browser.ts';
import { streamWhole } from '../support/load-all.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
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

describeWithRedis('A stream that is cut', () => {
  let redis: RedisServer;
  let replicas: readonly RunningPatchbay[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(() => Promise.all(replicas.map((replica) => replica.close())));
  afterAll(() => redis.stop());

  async function startReplicas(sandbox: SandboxOptions): Promise<readonly Browser[]> {
    const environment = { REDIS_URL: redis.url, ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}` };
    const first = await startPatchbay({ environment, sandbox });
    const second = await startPatchbay({ environment: { ...environment, SANDBOX_URL: first.sandbox.url } });
    replicas = [first, second];
    return replicas.map((replica) => replica.newBrowser());
  }

  it.each(registry.map(({ descriptor }) => descriptor))(
    'goes on at the other replica from its last checkpoint, with every item of $name once and in order',
    async (descriptor) => {
      const { name, itemTypes } = descriptor;
      const { sandbox, delay_ms } = UNHURRIED[name] ?? USUAL;
      const browsers = await startReplicas(sandbox);
      const [browser] = browsers as [Browser];
      await browser.connect(name, { ...OWNER, ...askingForAll(descriptor) });
      const body = { ...OWNER, item_types: itemTypes };
      const whole = (await streamWhole(browser, name, body)).items.map(({ type, id }) => `${type} ${id}`);

      await new SandboxControl(replicas[0]!.sandbox).fault({ provider: name, endpoint: 'api', mode: 'slow', delay_ms });
      const kept: string[] = [];
      let cuts = 0;
      for (let checkpoint: string | undefined; ; cuts += 1) {
        const at = cuts % replicas.length;
        const caller = asCaller(replicas[at]!.url, browsers[at]!);
        const wish = { integration: name, body: { ...body, ...(checkpoint === undefined ? {} : { checkpoint }) } };
        const stream = await StreamReader.open(caller, wish);
        expect(stream.status).toBe(200);
        // Beyond the checkpoint there is something already that comes again.
        const isLost = (): boolean => stream.checkpoint !== undefined && stream.count > stream.itemsAtCheckpoint;
        await eventually(() => isLost() || stream.end !== undefined, Boolean, 60_000);
        stream.hangUp();
        kept.push(...stream.items.slice(0, stream.end === undefined ? stream.itemsAtCheckpoint : undefined));
        if (stream.end !== undefined) {
          expect(stream.end).toMatchObject({ complete: true, failures: [] });
          break;
        }
        checkpoint = stream.checkpoint;
      }
      const of = (items: readonly string[], itemType: string) => items.filter((one) => one.startsWith(`${itemType} `));
      for (const itemType of itemTypes) expect(of(kept, itemType)).toEqual(of(whole, itemType));
      expect(cuts).toBeGreaterThanOrEqual(LEAST_CUTS);
    },
    120_000,
  );
});
