import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { ensureBuilt } from './built-programs.ts';
import { launchChromium } from './chromium.ts';
import { Visit, type VisitOptions } from './page-visit.ts';
import { startPatchbay, type RunningPatchbay } from './patchbay.ts';
import { SandboxControl } from './sandbox-control.ts';

/** A browser and a Patchbay that stand for all tests of a suite, and whoever visits it in one of them. */
export class BrowserStage {
  readonly #visits: Visit[] = [];
  #standing: { readonly browser: Browser; readonly patchbay: RunningPatchbay } | undefined;

  /** To be called within a `describe`: a test is only good when none of its visits has anything to complain of. */
  static within(start: () => Promise<RunningPatchbay> = startPatchbay): BrowserStage {
    const stage = new BrowserStage();
    beforeAll(async () => {
      ensureBuilt();
      const [browser, patchbay] = await Promise.all([launchChromium(), start()]);
      stage.#standing = { browser, patchbay };
    });
    afterAll(async () => {
      await stage.browser.close();
      await stage.patchbay.close();
    });
    afterEach(async () => {
      const complaints = await Promise.all(stage.#visits.splice(0).map((each) => each.end()));
      expect(complaints.flat()).toEqual([]);
    });
    return stage;
  }

  get browser(): Browser {
    return this.#stood.browser;
  }

  get patchbay(): RunningPatchbay {
    return this.#stood.patchbay;
  }

  get control(): SandboxControl {
    return new SandboxControl(this.patchbay.sandbox);
  }

  /** @param at by default the suite's own */
  async visit(options?: VisitOptions, at = this.patchbay): Promise<Visit> {
    const begun = await Visit.begin(this.browser, at, options);
    this.#visits.push(begun);
    return begun;
  }

  get #stood(): { readonly browser: Browser; readonly patchbay: RunningPatchbay } {
    if (this.#standing === undefined) throw new Error('It stands from beforeAll on.');
    return this.#standing;
  }
}
