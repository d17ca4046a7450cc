import { expect } from '@jest/globals';
import type { SandboxOptions } from '../../sandbox/sandbox.ts';
import type { Browser } from '../support/http-browser.ts';
import { loadAll } from '../support/load-all.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { SandboxControl, type Fault } from '../support/sandbox-control.ts';
import {
  asCaller,
  StreamReader,
  type EndLine,
  type ProgressLine,
  type StreamCaller,
} from '../support/stream-reader.ts';
import type { Report } from './fault-row.ts';

export const TYPES = ['contact', 'company'];
const WISH = { integration: 'hubspot', body: { ...OWNER, item_types: TYPES } };
/** Of each type, some of which are archived: 20 pages. */
const ITEMS = 2_000;
/** A page while nothing is wrong, so that something can go wrong in the middle. */
export const UNHURRIED: Fault = { provider: 'hubspot', endpoint: '/crm', mode: 'slow', delay_ms: 50 };
/** Progress is told every second. */
const LONGEST_SILENCE_MS = 5_000;

/** A service and a provider of its own, and what there is to stream of it. */
export class StreamScene {
  readonly patchbay: RunningPatchbay;
  readonly sandbox: SandboxControl;
  readonly caller: StreamCaller;
  readonly #browser: Browser;
  /** Every item, `type id`, in the order of pages. */
  readonly all: readonly string[];

  private constructor(patchbay: RunningPatchbay, browser: Browser, all: readonly string[]) {
    this.patchbay = patchbay;
    this.#browser = browser;
    this.sandbox = new SandboxControl(patchbay.sandbox);
    this.caller = asCaller(patchbay.url, browser);
    this.all = all;
  }

  static async start(sandbox: SandboxOptions = {}): Promise<StreamScene> {
    const environment = { REFRESH_AHEAD: 'false', LOG_LEVEL: 'warn' };
    const patchbay = await startPatchbay({ sandbox: { items: ITEMS, ...sandbox }, environment });
    const browser = patchbay.newBrowser();
    await browser.connect('hubspot', OWNER);
    const items = await loadAll(browser, 'hubspot', { ...WISH.body, page_size: 1000 });
    const scene = new StreamScene(
      patchbay,
      browser,
      items.map(({ type, id }) => `${type} ${id}`),
    );
    await scene.sandbox.reset();
    return scene;
  }

  /** Connects, again or for the first time. */
  async connect(): Promise<void> {
    await this.#browser.connect('hubspot', OWNER);
  }

  open(checkpoint?: string): Promise<StreamReader> {
    const body = { ...WISH.body, ...(checkpoint === undefined ? {} : { checkpoint }) };
    return StreamReader.open(this.caller, { ...WISH, body });
  }

  /** Calls of the provider's API. */
  async calls(): Promise<number> {
    const { requests } = await this.sandbox.stats('hubspot');
    return Object.entries(requests).reduce((sum, [what, count]) => sum + (what.includes('/crm/') ? count : 0), 0);
  }

  /** Everything goes well for so many pages, and then this happens to all. */
  async failAfter(pages: number, fault: Omit<Fault, 'provider'>): Promise<void> {
    await this.sandbox.fault({ ...UNHURRIED, times: pages });
    await this.sandbox.fault({ provider: 'hubspot', ...fault });
  }

  /** That what was had and what another stream has from the checkpoint is everything, once, and in order. */
  async expectResumed(had: readonly string[], checkpoint: string): Promise<void> {
    await this.sandbox.clearFaults();
    const rest = await this.open(checkpoint);
    expect(await rest.ends()).toMatchObject({ complete: true, failures: [] });
    this.expectAll([...had, ...rest.items]);
  }

  /** That these are everything, once, and in order by type. */
  expectAll(items: readonly string[]): void {
    for (const type of TYPES) {
      const ofType = (item: string): boolean => item.startsWith(`${type} `);
      expect(items.filter(ofType)).toEqual(this.all.filter(ofType));
    }
  }

  close(): Promise<void> {
    return this.patchbay.close();
  }
}

/** What each type that isn't whole has failed with. */
export function errorsOf({ failures }: EndLine): readonly string[] {
  return [...new Set(failures.map(({ error }) => error))];
}

/** Reports the longest time in which no progress was told. */
export function reportSilence(report: Report, readers: readonly StreamReader[]): void {
  report.atMost('silent for', Math.max(...readers.map(longestSilence)), LONGEST_SILENCE_MS);
}

function longestSilence({ progress, openedAt, endedAt }: StreamReader): number {
  const times = [openedAt, ...progress.map(({ at }) => at), endedAt ?? Number.NaN];
  return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)));
}

/** Lines that say for how long we wait. */
export function waitsTold({ progress }: StreamReader): readonly ProgressLine[] {
  return progress.filter(({ waiting_in }) => waiting_in !== null);
}
