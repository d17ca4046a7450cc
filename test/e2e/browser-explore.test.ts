import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Locator } from 'playwright-core';
import { describeWithChromium, launchChromium } from '../support/chromium.ts';
import { loadAll } from '../support/load-all.ts';
import { ensureBuilt } from '../support/built-programs.ts';
import { Visit, type VisitOptions } from '../support/page-visit.ts';
import { startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { SandboxControl } from '../support/sandbox-control.ts';

describeWithChromium('The page, looking at items', () => {
  let browser: Browser;
  let patchbay: RunningPatchbay;
  let control: SandboxControl;
  let ann: Visit;

  const visit = async (options?: VisitOptions): Promise<Visit> => {
    ann = await Visit.begin(browser, patchbay, options);
    return ann;
  };
  const grid = (): Locator => ann.page.getByTestId('items-table');
  const rows = (): Locator => ann.page.getByTestId('item');
  const matching = async (count: number): Promise<void> => {
    await ann.page.locator(`[data-testid=items-matching][data-matching="${count}"]`).waitFor();
  };

  beforeAll(async () => {
    ensureBuilt();
    [browser, patchbay] = await Promise.all([launchChromium(), startPatchbay({ sandbox: { items: 60 } })]);
    control = new SandboxControl(patchbay.sandbox);
  }, 150_000);
  afterAll(async () => {
    await browser.close();
    await patchbay.close();
  });
  beforeEach(() => control.reset());
  afterEach(async () => {
    expect(await ann.end()).toEqual([]);
  });

  it('loads what is chosen, shows it as a table and has it as files', async () => {
    await visit();
    await ann.connect('airtable');
    await ann.goTo('Explore');
    await ann.picture('explore-first');
    const choice = ann.page.getByTestId('choice');
    expect(await choice.getByTestId('type-base').isChecked()).toBe(true);
    await choice.getByTestId('type-record').check();
    await choice.getByTestId('load-airtable').click();
    const all = await loadAll(patchbay.newBrowser(), 'airtable', {
      ...ann.owner,
      page_size: 1000,
      item_types: ['base', 'table', 'record'],
    });
    expect(await ann.loaded('airtable')).toBe(all.length);
    await ann.picture('explore-done');
  });
});
