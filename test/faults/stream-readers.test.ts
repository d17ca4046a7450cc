import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { ensureBuilt } from '../support/built-programs.ts';
import { eventually } from '../support/eventually.ts';
import { OWNER } from '../support/patchbay.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { asCaller, StreamReader, type StreamCaller } from '../support/stream-reader.ts';
import { fault, isSoak } from './fault-row.ts';
import { ServiceProcess } from './service.ts';
import { untilStill } from './until-still.ts';

/** More than kernels take ahead of a reader: some 10 MB. */
const ITEMS = isSoak ? 100_000 : 50_000;
const PAGE = 100;
const LISTED = 'GET /crm/v3/objects/contacts';
const WISH = { integration: 'hubspot', body: { ...OWNER, item_types: ['contact'] } };

describe('A client that stops reading a stream', () => {
  let sandbox: Sandbox;
  let control: SandboxControl;
  let service: ServiceProcess;
  let caller: StreamCaller;

  const pages = async (): Promise<number> => (await control.stats('hubspot')).requests[LISTED] ?? 0;

  beforeAll(async () => {
    ensureBuilt();
    sandbox = await startSandbox({ rateLimits: false, items: ITEMS });
    control = new SandboxControl(sandbox);
    service = await ServiceProcess.start({ SANDBOX_URL: sandbox.url });
    const browser = service.newBrowser();
    await browser.connect('hubspot', OWNER);
    caller = asCaller(service.url, browser);
  });
  afterAll(async () => {
    await service.stop();
    await sandbox.close();
  });

  /** A stream of which nobody reads more than the first lines, once it stands still. */
  async function standing(): Promise<StreamReader> {
    await control.reset();
    const reader = await StreamReader.open(caller, WISH);
    await reader.reads(1);
    reader.pause();
    await untilStill(pages, service.url);
    expect(reader.end).toBeUndefined();
    return reader;
  }

  fault(
    'a client reads on after it has stopped for a while',
    'no calls meanwhile, then every item once',
    async (report) => {
      const reader = await standing();
      const [stoodAt, readAt] = [await pages(), reader.count];
      // As long again.
      await untilStill(pages, service.url);
      expect([await pages(), reader.count]).toEqual([stoodAt, readAt]);
      reader.resume();
      const { loaded, complete } = await reader.ends();
      report.say(
        `stood at ${stoodAt} pages of ${await pages()}; ${new Set(reader.items).size} of ${loaded} items once`,
      );
      expect([complete, reader.items.length, new Set(reader.items).size]).toEqual([true, loaded, loaded]);
      expect(loaded).toBeGreaterThan(0.9 * ITEMS);
    },
  );

  fault('a client stops reading', 'beside what the kernel has taken, ≤ 2 pages are held', async (report) => {
    const reader = await standing();
    const fetched = await pages();
    // What has left the process survives it: all that the kernel has.
    await service.program.stop('SIGKILL');
    reader.resume();
    await reader.closed;
    const left = reader.itemsArrived / PAGE;
    const held = fetched - left;
    report.say(`${fetched} pages were asked for, ${left.toFixed(1)} had left, ${held.toFixed(1)} were held`);
    expect(reader.wasCut).toBe(true);
    expect(held).toBeLessThanOrEqual(2);
    expect(held).toBeGreaterThan(0);
    await eventually(pages, (count) => count === fetched);
  });
});
