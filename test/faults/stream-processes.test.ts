import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { ensureBuilt } from '../support/built-programs.ts';
import { eventually } from '../support/eventually.ts';
import { Browser } from '../support/http-browser.ts';
import { OWNER } from '../support/patchbay.ts';
import { preloaded } from '../support/preloaded.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import type { Replica } from '../support/replica.ts';
import { Replicas } from '../support/replicas.ts';
import { signatureHeaders, type RequestKey } from '../support/request-signer.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { NDJSON, StreamReader, type StreamCaller } from '../support/stream-reader.ts';
import { fault } from './fault-row.ts';
import { untilStill } from './until-still.ts';
import { errorsOf } from './stream-scene.ts';

const TYPES = ['contact', 'company'];
const WISH = { integration: 'hubspot', body: { ...OWNER, item_types: TYPES } };
const ITEMS = 3_000;
const RECORDS = { bases: 1, tablesPerBase: 100, recordsPerTable: 1_000 };
const MORE_THAN_KERNELS_HOLD = {
  integration: 'airtable',
  body: { ...OWNER, item_types: ['record'] },
  countsOnly: true,
};
const STREAMS = 10;
/** Half of what a process takes at most to end. */
const ENDED_WITHIN_MS = 12_500;
const TOLD_WITHIN_MS = 5_000;
/** `checkpoint` lines come every second. */
const UNHURRIED = { provider: 'hubspot', endpoint: '/crm', mode: 'slow', delay_ms: 100 };

describeWithRedis('A replica that ends with streams open', () => {
  let redis: RedisServer;
  let sandbox: Sandbox;
  let control: SandboxControl;
  let replicas: Replicas;
  let key: RequestKey;
  let one: Replica;
  let other: Replica;
  let all: readonly string[];

  const callerAt = ({ url }: Replica): StreamCaller => ({
    url,
    sign: (path, body) => {
      const headers = signatureHeaders(key, { method: 'POST', url: new URL(path, url), body });
      return Promise.resolve(headers);
    },
  });
  const open = (replica: Replica, checkpoint?: string): Promise<StreamReader> =>
    StreamReader.open(callerAt(replica), {
      ...WISH,
      body: { ...WISH.body, ...(checkpoint === undefined ? {} : { checkpoint }) },
    });
  const ofType = (type: string, items: readonly string[]): readonly string[] =>
    items.filter((item) => item.startsWith(`${type} `));

  beforeAll(async () => {
    ensureBuilt();
    redis = await startRedis();
    sandbox = await startSandbox({ rateLimits: false, items: ITEMS, airtable: RECORDS });
    control = new SandboxControl(sandbox);
    replicas = new Replicas(redis.url, {
      DEMO: 'true',
      SANDBOX_URL: sandbox.url,
      REFRESH_AHEAD: 'false',
      NODE_OPTIONS: preloaded('patient-store'),
    });
    key = await replicas.newClient();
    [one, other] = [await replicas.start(), await replicas.start()];
    for (const integration of ['hubspot', 'airtable']) await new Browser(other.url).connect(integration, OWNER);
    const reader = await open(other);
    await reader.ends();
    all = reader.items;
  });
  beforeEach(() => control.fault(UNHURRIED));
  afterEach(() => control.reset());
  afterAll(async () => {
    await replicas.stop();
    await sandbox.close();
    await redis.stop();
  });

  fault(
    `SIGTERM with ${STREAMS} streams open`,
    'each ends in ≤ 5 s, says so and where to go on; another replica has the rest, every item once',
    async (report) => {
      const readers = await Promise.all(Array.from({ length: STREAMS }, () => open(one)));
      await Promise.all(readers.map((reader) => reader.reads(500)));
      const toldAt = performance.now();
      const ended = one.stop('SIGTERM');
      const ends = await Promise.all(readers.map((reader) => reader.ends()));
      const slowestMs = Math.max(...readers.map(({ endedAt }) => endedAt! - toldAt));
      expect(await ended).toEqual({ code: 0, signal: null });
      const drainedMs = performance.now() - toldAt;
      report.atMost('all streams ended after', slowestMs, TOLD_WITHIN_MS);
      report.atMost('the process after', drainedMs, ENDED_WITHIN_MS);
      for (const [index, end] of ends.entries()) {
        expect([end.complete, errorsOf(end), readers[index]!.wasCut]).toEqual([false, ['service_unavailable'], false]);
        expect(end.failures.map(({ item_type }) => item_type)).toEqual(TYPES);
      }
      await control.clearFaults();
      const resumed = ends.map(async ({ checkpoint }, index) => {
        const rest = await open(other, checkpoint);
        expect(await rest.ends()).toMatchObject({ complete: true, failures: [] });
        for (const type of TYPES)
          expect(ofType(type, [...readers[index]!.items, ...rest.items])).toEqual(ofType(type, all));
      });
      await Promise.all(resumed);
      await one.start();
    },
  );

  fault('SIGTERM with a stream open that nobody reads', 'it is cut, and holds nobody up', async (report) => {
    const reader = await StreamReader.open(callerAt(one), MORE_THAN_KERNELS_HOLD);
    reader.pause();
    const calls = async (): Promise<unknown> => JSON.stringify((await control.stats('airtable')).requests);
    await untilStill(calls, one.url);
    expect(reader.end).toBeUndefined();
    const toldAt = performance.now();
    expect(await one.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    report.atMost('the process ended after', performance.now() - toldAt, ENDED_WITHIN_MS);
    reader.resume();
    await reader.closed;
    expect([reader.wasCut, reader.end]).toEqual([true, undefined]);
    await one.start();
  });

  fault(
    'kill -9 in the middle of a stream',
    'seen as a cut; from the last checkpoint another replica has all the rest, 0 items lost',
    async (report) => {
      const reader = await open(one);
      await eventually(
        () => reader.count - reader.itemsAtCheckpoint,
        (after) => after > 0 && reader.checkpoint !== undefined,
      );
      await one.stop('SIGKILL');
      await reader.closed;
      expect([reader.wasCut, reader.end, reader.headers['content-type']]).toEqual([
        true,
        undefined,
        `${NDJSON}; charset=utf-8`,
      ]);
      await control.clearFaults();
      const rest = await open(other, reader.checkpoint);
      expect(await rest.ends()).toMatchObject({ complete: true, failures: [] });
      const kept = reader.items.slice(0, reader.itemsAtCheckpoint);
      const after = reader.items.length - reader.itemsAtCheckpoint;
      report.say(`cut after ${reader.count} items, ${after} of them after the last checkpoint and had again`);
      for (const type of TYPES) {
        // Whoever keeps what came before the checkpoint has everything once: only what came after it comes again.
        expect(ofType(type, [...kept, ...rest.items])).toEqual(ofType(type, all));
      }
      expect(reader.itemsAtCheckpoint).toBeGreaterThan(0);
      await one.start();
    },
  );
});
