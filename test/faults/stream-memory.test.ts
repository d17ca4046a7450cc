import { afterEach, beforeAll, describe, expect } from '@jest/globals';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/sandbox.ts';
import { ensureBuilt } from '../support/built-programs.ts';
import { OWNER } from '../support/patchbay.ts';
import { asCaller, StreamReader, type StreamCaller } from '../support/stream-reader.ts';
import { fault, isSoak, type Report } from './fault-row.ts';
import { ServiceProcess } from './service.ts';

const MEGABYTE = 2 ** 20;
const CONTACTS = isSoak ? 1_000_000 : 25_000;
const RECORDS = isSoak ? { tablesPerBase: 200, recordsPerTable: 500 } : { tablesPerBase: 20, recordsPerTable: 400 };
/** So many items of each of many streams at once. */
const EACH = isSoak ? 100_000 : 4_000;
const STREAMS = 10;
const ONE_MB = 64;
const MANY_MB = 256;
const LOOK_EVERY_MS = 100;
const POINTS = 12;
/** What the process needs to stand there, ready and asked for something already. */
const WARM_UP = { integration: 'hubspot', body: { ...OWNER, item_types: ['owner'] } };

interface Streamed {
  readonly loaded: number;
  readonly growthMb: number;
  readonly curve: string;
  readonly seconds: number;
}

describe('The memory of a service', () => {
  let sandbox: Sandbox;
  let service: ServiceProcess;
  let caller: StreamCaller;

  beforeAll(ensureBuilt);
  afterEach(async () => {
    await service.stop();
    await sandbox.close();
  });

  async function start(options: SandboxOptions): Promise<void> {
    sandbox = await startSandbox({ rateLimits: false, ...options });
    service = await ServiceProcess.start({ SANDBOX_URL: sandbox.url });
    const browser = service.newBrowser();
    for (const integration of ['hubspot', 'airtable']) await browser.connect(integration, OWNER);
    caller = asCaller(service.url, browser);
    await (await StreamReader.open(caller, WARM_UP)).ends();
  }

  /** Streams to their ends. @returns what was had, and how much memory there was at most, beside before */
  async function stream(integration: string, itemType: string, count: number): Promise<Streamed> {
    const body = { ...OWNER, item_types: [itemType] };
    const before = service.memory().now;
    const startedAt = performance.now();
    const samples: number[] = [];
    const looking = setInterval(() => samples.push(service.memory().now / MEGABYTE), LOOK_EVERY_MS);
    const readers = await Promise.all(
      Array.from({ length: count }, () => StreamReader.open(caller, { integration, body, countsOnly: true })),
    );
    const ends = await Promise.all(readers.map((reader) => reader.ends()));
    clearInterval(looking);
    const seconds = (performance.now() - startedAt) / 1000;
    for (const [index, end] of ends.entries())
      expect([end.complete, end.loaded]).toEqual([true, readers[index]?.count]);
    const peakMb = service.memory().peak / MEGABYTE;
    return {
      loaded: ends.reduce((sum, { loaded }) => sum + loaded, 0),
      growthMb: peakMb - before / MEGABYTE,
      curve: [before / MEGABYTE, ...thinned(samples)].map((mb) => mb.toFixed(0)).join(' '),
      seconds,
    };
  }

  function reportMemory(report: Report, { loaded, growthMb, curve, seconds }: Streamed, limitMb: number): void {
    report.say(`${loaded} items in ${seconds.toFixed(0)} s; RSS ${curve} MB`);
    report.atMost('at most more', growthMb, limitMb, 'MB');
  }

  fault(`a stream of ${CONTACTS} contacts`, `RSS grows ≤ ${ONE_MB} MB`, async (report) => {
    await start({ items: CONTACTS });
    const streamed = await stream('hubspot', 'contact', 1);
    reportMemory(report, streamed, ONE_MB);
    expect(streamed.loaded).toBeGreaterThan(0.9 * CONTACTS);
  });

  fault(
    `a stream of ${RECORDS.tablesPerBase * RECORDS.recordsPerTable} records of ${RECORDS.tablesPerBase} tables`,
    `RSS grows ≤ ${ONE_MB} MB`,
    async (report) => {
      await start({ items: 12, airtable: { bases: 1, ...RECORDS } });
      const streamed = await stream('airtable', 'record', 1);
      reportMemory(report, streamed, ONE_MB);
      expect(streamed.loaded).toBe(RECORDS.tablesPerBase * RECORDS.recordsPerTable);
    },
  );

  fault(`${STREAMS} streams of ${EACH} contacts at once`, `RSS grows ≤ ${MANY_MB} MB`, async (report) => {
    await start({ items: EACH });
    const streamed = await stream('hubspot', 'contact', STREAMS);
    reportMemory(report, streamed, MANY_MB);
    expect(streamed.loaded).toBeGreaterThan(0.9 * STREAMS * EACH);
  });
});

/** The most of each of so many stretches of equal length. */
function thinned(samples: readonly number[]): readonly number[] {
  const length = Math.max(1, Math.ceil(samples.length / POINTS));
  return Array.from({ length: Math.ceil(samples.length / length) }, (_, index) =>
    Math.max(...samples.slice(index * length, (index + 1) * length)),
  );
}
