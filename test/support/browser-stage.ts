import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { ensureBuilt } from './built-programs.ts';
import { launchChromium } from './chromium.ts';
import { Visit, type VisitOptions } from './page-visit.ts';
import { startPatchbay, type RunningPatchbay } from './patchbay.ts';
import { SandboxControl } from './sandbox-control.ts';

/** One browser for all suites of a test file. Its visits have a context each. */
let chromium: Promise<Browser> | undefined;

// At the top level of the test file, after all its suites.
afterAll(async () => {
  await (await chromium)?.close();
});

function startChromium(): Promise<Browser> {
  ensureBuilt();
  return launchChromium();
}

/** A browser and a Patchbay for all tests of a suite, and the visits of each test. */
export class BrowserStage {
  readonly #visits: Visit[] = [];
  #started: { readonly browser: Browser; readonly patchbay: RunningPatchbay } | undefined;

  /** To be called within a `describe`. A test fails if one of its visits has complaints. */
  static within(start: () => Promise<RunningPatchbay> = startPatchbay): BrowserStage {
    const stage = new BrowserStage();
    beforeAll(async () => {
      chromium ??= startChromium();
      const [browser, patchbay] = await Promise.all([chromium, start()]);
      stage.#started = { browser, patchbay };
    });
    afterAll(() => stage.patchbay.close());
    afterEach(async () => {
      const complaints = await Promise.all(stage.#visits.splice(0).map((visit) => visit.end()));
      expect(complaints.flat()).toEqual([]);
    });
    return stage;
  }

  get browser(): Browser {
    return this.#requireStarted().browser;
  }

  get patchbay(): RunningPatchbay {
    return this.#requireStarted().patchbay;
  }

  get control(): SandboxControl {
    return new SandboxControl(this.patchbay.sandbox);
  }

  /** @param at by default the suite's own */
  async visit(options?: VisitOptions, at = this.patchbay): Promise<Visit> {
    const visit = await Visit.begin(this.browser, at, options);
    this.#visits.push(visit);
    return visit;
  }

  /**
   * One visit for all tests of the surrounding `describe`. They run in any order, so each has to leave the page as it found it.
   * @param prepare brings the visit to where the tests begin
   */
  sharedVisit(options: VisitOptions, prepare: (visit: Visit) => Promise<void>): () => Visit {
    let shared: Visit | undefined;
    beforeAll(async () => {
      shared = await Visit.begin(this.browser, this.patchbay, options);
      await prepare(shared);
    });
    afterAll(async () => {
      expect(await shared?.end()).toEqual([]);
    });
    return () => {
      if (shared === undefined) throw new Error('The shared visit begins in beforeAll.');
      return shared;
    };
  }

  #requireStarted(): { readonly browser: Browser; readonly patchbay: RunningPatchbay } {
    if (this.#started === undefined) throw new Error('The stage starts in beforeAll.');
    return this.#started;
  }
}
