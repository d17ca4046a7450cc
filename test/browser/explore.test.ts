import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { BrowserStage } from '../support/browser-stage.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { loadAll } from '../support/load-all.ts';
import { expectGoodLooks } from '../support/page-looks.ts';
import { startPatchbay } from '../support/patchbay.ts';

/** Thousands of items: far more than rows fit into a page. Frame times are measured in test/faults/page-frames.test.ts. */
const SANDBOX = { items: 60, airtable: { bases: 3, tablesPerBase: 2, recordsPerTable: 900 } };
const TYPES = ['base', 'table', 'record'];
const RECORDS = 5_400;
const ALL = 5_409;
const MAX_ROWS = 200;

describeWithChromium('The Explore page', () => {
  const stage = BrowserStage.within(() => startPatchbay({ sandbox: SANDBOX }));

  it('links to Connect while nothing is connected, and lets people choose an account and types afterwards', async () => {
    const address = `${stage.patchbay.url}/explore`;
    const ann = await stage.visit({ address, arrival: 'nothing-connected' });
    await expectGoodLooks(ann, 'explore-nothing-connected');
    await ann.page.getByTestId('nothing-connected').getByRole('link').click();
    await ann.card('notion').waitFor();

    await stage.patchbay.newBrowser().connect('notion', { ...ann.owner });
    await ann.page.goto(address);
    await ann.page.getByTestId('choice').waitFor();
    await expectGoodLooks(ann, 'explore-chooser');
  });

  describe('with thousands of bases, tables and records', () => {
    const visit = stage.sharedVisit({ connected: ['airtable'] }, async (ann) => {
      await ann.goTo('Explore');
      const choice = ann.page.getByTestId('choice');
      expect(await choice.getByTestId('type-base').isChecked()).toBe(true);
      expect(await choice.getByTestId('type-comment').isChecked()).toBe(false);
      await choice.getByTestId('type-record').check();
      await choice.getByTestId('load-airtable').click();
      expect(await ann.loaded('airtable')).toBe(ALL);
    });
    const grid = (): Locator => visit().page.getByTestId('items-table');
    const nameInRow = (number: number): Locator =>
      visit().page.locator(`[data-testid=item][aria-rowindex="${number + 1}"] > :first-child`);
    const activeName = (): Promise<string | null> =>
      visit().page.locator('[data-testid=item][aria-selected=true] > :first-child').textContent();
    const matching = (count: number): Promise<void> =>
      visit().page.locator(`[data-testid=items-matching][data-matching="${count}"]`).waitFor();
    const loadAgain = (types: readonly string[]) =>
      loadAll(stage.patchbay.newBrowser(), 'airtable', { ...visit().owner, page_size: 1000, item_types: types });
    const sortedIds = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id).sort();

    // Filter, order and shape go with the page, the items stay.
    beforeEach(async () => {
      await visit().goTo('Connect');
      await visit().goTo('Explore');
      await matching(ALL);
    });

    it('loads the types that are chosen, and exports what is shown as CSV, JSON and NDJSON', async () => {
      const ann = visit();
      await expectGoodLooks(ann, 'explore-done');
      const all = sortedIds(await loadAgain(TYPES));
      expect((await ann.itemIds('airtable')).sort()).toEqual(all);
      expect(sortedIds(JSON.parse(await ann.exported('airtable', 'json')) as { id: string }[])).toEqual(all);

      await ann.page.getByTestId('filter-base').check();
      await matching(3);
      const lines = (await ann.exported('airtable', 'csv')).split('\r\n');
      expect(lines[0]).toMatch(/^id,type,name,parent_id,/);
      expect(lines).toHaveLength(3 + 2);
      expect(lines.slice(1, -1).map((line) => line.split(',')[1])).toEqual(['base', 'base', 'base']);
    });

    it('filters by text and sorts by column, and tells screen readers', async () => {
      const { page } = visit();
      await page.getByTestId('filter-record').check();
      await matching(RECORDS);
      expect(await page.getByRole('columnheader').first().getAttribute('aria-sort')).toBe('none');
      const names = (await loadAgain(['record'])).map(({ name }) => name ?? '').filter((name) => name.trim());
      names.sort(new Intl.Collator('en', { numeric: true }).compare);
      for (const [order, first] of [
        ['ascending', names[0]],
        ['descending', names.at(-1)],
      ]) {
        await page.getByTestId('sort-name').click();
        await page.locator(`[aria-sort=${order}]`).waitFor();
        await eventually(
          () => nameInRow(1).textContent(),
          (text) => text === first,
        );
      }

      await page.getByTestId('items-search').fill('no such item');
      await matching(0);
      await page.getByTestId('no-match').waitFor();
      await page.getByTestId('clear-filter').click();
      await matching(ALL);
    });

    it('is a tree from bases to records, by keyboard alone', async () => {
      const { page } = visit();
      await page.getByText('Tree', { exact: true }).click();
      await page.locator('[role=treegrid][aria-rowcount="4"]').waitFor();
      await page.getByRole('treegrid').focus();
      const active = page.locator('[data-testid=item][aria-selected=true]');
      await active.waitFor();
      expect(await active.getAttribute('aria-level')).toBe('1');
      await page.keyboard.press('ArrowRight');
      await page.locator('[aria-selected=true][aria-expanded=true]').waitFor();
      await page.keyboard.press('ArrowRight');
      await page.locator('[aria-selected=true][aria-level="2"]').waitFor();
      await page.keyboard.press('ArrowRight');
      await page.locator('[aria-selected=true][aria-level="2"][aria-expanded=true]').waitFor();
      await page.keyboard.press('ArrowDown');
      await page.locator('[aria-selected=true][aria-level="3"]').waitFor();
      expect(await active.getAttribute('aria-setsize')).toBe('900');
      await expectGoodLooks(visit(), 'explore-tree');
      await page.keyboard.press('ArrowLeft');
      await page.locator('[aria-selected=true][aria-level="2"]').waitFor();
      await page.keyboard.press('ArrowLeft');
      await page.locator('[aria-selected=true][aria-level="2"][aria-expanded=false]').waitFor();
    });

    it('keeps few rows in the page, reaches all with the keys, and returns from details to the row', async () => {
      const { page } = visit();
      await grid().focus();
      expect(await grid().getAttribute('aria-rowcount')).toBe(String(ALL + 1));
      await page.keyboard.press('End');
      await page.locator(`[aria-selected=true][aria-rowindex="${ALL + 1}"]`).waitFor();
      expect(await page.getByTestId('item').count()).toBeLessThan(MAX_ROWS);
      await page.keyboard.press('PageUp');
      await page.keyboard.press('Home');
      await page.locator('[aria-selected=true][aria-rowindex="2"]').waitFor();
      await page.keyboard.press('ArrowDown');
      await page.locator('[aria-selected=true][aria-rowindex="3"]').waitFor();
      const name = await activeName();
      await page.keyboard.press('Enter');
      const details = page.getByTestId('item-details');
      await details.waitFor();
      expect(await page.getByRole('dialog').textContent()).toContain(name);
      expect(await details.locator('dt').count()).toBe(16);
      const link = details.getByTestId('item-link');
      expect(await link.getAttribute('href')).toMatch(/^https:\/\/airtable\.com\//);
      expect(await link.getAttribute('rel')).toContain('noopener');
      await expectGoodLooks(visit(), 'explore-details');
      await page.keyboard.press('Escape');
      await details.waitFor({ state: 'detached' });
      await page.waitForFunction(`document.activeElement.dataset.testid === 'items-table'`);
      expect(await activeName()).toBe(name);
    });
  });
});
