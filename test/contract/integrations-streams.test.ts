import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { SandboxOptions } from '../../sandbox/sandbox.ts';
import { registry } from '../../src/integrations/registry.ts';
import { eventually } from '../support/eventually.ts';
import { onlyIntervalsAreFake } from '../support/fake-date.ts';
import { streamWhole } from '../support/load-all.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { asCaller, StreamReader } from '../support/stream-reader.ts';
import { askingForAll } from './item-scopes.ts';

const CUTS = 2;
/** How long a provider holds each answer back, so that a stream is cut before it is over. */
const DELAY_MS = 10;
const TELL_EVERY_MS = 1_000;

const descriptors = registry.map(({ descriptor }) => descriptor);
/** How much there is, so that every load has several positions: HubSpot's pages are the largest. */
const SCENES: readonly (readonly [name: string, sandbox: SandboxOptions, integrations: typeof descriptors])[] = [
  ['of many records', { items: 630 }, descriptors.filter(({ name }) => name === 'hubspot')],
  [
    'of many lists',
    { items: 20, airtable: { bases: 3, tablesPerBase: 3, recordsPerTable: 20 } },
    descriptors.filter(({ name }) => name !== 'hubspot'),
  ],
];

describeWithRedis('A stream that is cut', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  afterEach(() => void jest.useRealTimers());

  describe.each(SCENES)('%s', (_what, sandbox, integrations) => {
    let replicas: readonly RunningPatchbay[];
    beforeAll(async () => {
      const environment = { REDIS_URL: redis.url, ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}` };
      const first = await startPatchbay({ environment, sandbox });
      replicas = [first, await startPatchbay({ environment: { ...environment, SANDBOX_URL: first.sandbox.url } })];
    });
    afterAll(() => Promise.all(replicas.map((replica) => replica.close())));

    it.each(integrations)(
      'goes on at the other replica from its last checkpoint, with every item of $name once and in order',
      async (descriptor) => {
        const { name, itemTypes } = descriptor;
        const owner = { ...OWNER, user_id: `loads-${name}` };
        const callers = replicas.map((replica) => ({ url: replica.url, browser: replica.newBrowser() }));
        const { browser } = callers[0]!;
        await browser.connect(name, { ...owner, ...askingForAll(descriptor) });
        const body = { ...owner, item_types: itemTypes };
        const whole = (await streamWhole(browser, name, body)).items.map(({ type, id }) => `${type} ${id}`);
        const control = new SandboxControl(replicas[0]!.sandbox);
        await control.fault({ provider: name, endpoint: 'api', mode: 'slow', delay_ms: DELAY_MS });
        onlyIntervalsAreFake();

        const kept: string[] = [];
        let checkpoint: string | undefined;
        for (let cuts = 0; cuts < CUTS; cuts += 1) {
          const at = callers[cuts % callers.length]!;
          const wish = { integration: name, body: { ...body, ...(checkpoint === undefined ? {} : { checkpoint }) } };
          const stream = await StreamReader.open(asCaller(at.url, at.browser), wish);
          expect(stream.status).toBe(200);
          await losesItems(stream, whole.length / 5);
          stream.hangUp();
          kept.push(...stream.items.slice(0, stream.itemsAtCheckpoint));
          ({ checkpoint } = stream);
        }
        await control.clearFaults();
        const last = await streamWhole(browser, name, { ...body, checkpoint });
        kept.push(...last.items.map(({ type, id }) => `${type} ${id}`));
        const of = (items: readonly string[], itemType: string) =>
          items.filter((one) => one.startsWith(`${itemType} `));
        for (const itemType of itemTypes) expect(of(kept, itemType)).toEqual(of(whole, itemType));
      },
    );
  });
});

/** Resolves once the stream has told a checkpoint after at least so many items, and brought an item that comes again. */
async function losesItems(stream: StreamReader, atLeast: number): Promise<void> {
  await eventually(
    () => {
      if (stream.end !== undefined) throw new Error(`The stream ended after ${stream.count} items, before it was cut.`);
      if (stream.checkpoint === undefined && stream.count >= atLeast) jest.advanceTimersByTime(TELL_EVERY_MS);
      return stream.checkpoint !== undefined && stream.count > stream.itemsAtCheckpoint;
    },
    Boolean,
    { everyMs: 1 },
  );
}
