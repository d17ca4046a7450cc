import { describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { BrowserStage } from '../support/browser-stage.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { loadAll } from '../support/load-all.ts';
import { pictureEverywhere } from '../support/page-looks.ts';
import type { Visit, VisitOptions } from '../support/page-visit.ts';
import { startPatchbay } from '../support/patchbay.ts';

const SANDBOX = { items: 60, airtable: { bases: 3, tablesPerBase: 2, recordsPerTable: 30 } };

describeWithChromium('The page, looking at items', () => {
  const stage = BrowserStage.within(() => startPatchbay({ sandbox: SANDBOX }));
  let ann: Visit;

  const visit = async (options?: VisitOptions): Promise<Visit> => {
    ann = await stage.visit(options);
    return ann;
  };
  const grid = (): Locator => ann.page.getByTestId('items-table');
  const row = (number: number): Locator => ann.page.locator(`[data-testid=item][aria-rowindex="${number + 1}"]`);
  const activeName = (): Promise<string | null> =>
    ann.page.locator('[data-testid=item][aria-selected=true] > :first-child').textContent();
  const matching = (count: number): Promise<void> =>
    ann.page.locator(`[data-testid=items-matching][data-matching="${count}"]`).waitFor();
  const whole = (integration: string, itemTypes?: string[]) =>
    loadAll(stage.patchbay.newBrowser(), integration, {
      ...ann.owner,
      page_size: 1000,
      ...(itemTypes === undefined ? {} : { item_types: itemTypes }),
    });
  const idsOf = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id).sort();

  it('says where to connect while nothing is connected', async () => {
    await visit({ address: `${stage.patchbay.url}/explore`, arrival: 'nothing-connected' });
    await pictureEverywhere(ann, 'explore-nothing-connected');
    await ann.page.getByTestId('nothing-connected').getByRole('link').click();
    await ann.card('notion').waitFor();
  });

  describe('of bases, tables and records', () => {
    const TYPES = ['base', 'table', 'record'];
    const RECORDS = 180;
    const ALL = 189;

    const load = async (): Promise<void> => {
      await visit({ connected: ['airtable'] });
      await ann.goTo('Explore');
      const choice = ann.page.getByTestId('choice');
      expect(await choice.getByTestId('type-base').isChecked()).toBe(true);
      expect(await choice.getByTestId('type-comment').isChecked()).toBe(false);
      await choice.getByTestId('type-record').check();
      await choice.getByTestId('load-airtable').click();
      expect(await ann.loaded('airtable')).toBe(ALL);
      await matching(ALL);
    };

    it('loads the types that are chosen, and exports what is shown as CSV, JSON and NDJSON', async () => {
      await load();
      await pictureEverywhere(ann, 'explore-done');
      const all = await whole('airtable', TYPES);
      expect(await ann.itemIds('airtable').then((ids) => ids.sort())).toEqual(idsOf(all));
      const json = JSON.parse(await ann.exported('airtable', 'json')) as { id: string }[];
      expect(idsOf(json)).toEqual(idsOf(all));

      await ann.page.getByTestId('filter-base').check();
      await matching(3);
      const csv = await ann.exported('airtable', 'csv');
      const lines = csv.split('\r\n');
      expect(lines[0]).toMatch(/^id,type,name,parent_id,/);
      expect(lines).toHaveLength(3 + 2);
      expect(lines.slice(1, -1).map((line) => line.split(',')[1])).toEqual(['base', 'base', 'base']);
    });

    it('filters by text and sorts by column, and says so to those who listen', async () => {
      await load();
      await ann.page.getByTestId('filter-record').check();
      await matching(RECORDS);
      const head = ann.page.getByRole('columnheader').first();
      expect(await head.getAttribute('aria-sort')).toBe('none');
      await ann.page.getByTestId('sort-name').click();
      await ann.page.locator('[aria-sort=ascending]').waitFor();
      const names = (await whole('airtable', ['record'])).map(({ name }) => name ?? '').filter((name) => name.trim());
      names.sort(new Intl.Collator('en', { numeric: true }).compare);
      await eventually(
        () => row(1).locator(':scope > :first-child').textContent(),
        (text) => text === names[0],
      );
      await ann.page.getByTestId('sort-name').click();
      await ann.page.locator('[aria-sort=descending]').waitFor();
      await eventually(
        () => row(1).locator(':scope > :first-child').textContent(),
        (text) => text === names.at(-1),
      );

      await ann.page.getByTestId('items-search').fill('no such item');
      await matching(0);
      await ann.page.getByTestId('no-match').waitFor();
      await ann.page.getByTestId('clear-filter').click();
      await matching(ALL);
    });

    it('is a tree from bases to records, by keyboard alone', async () => {
      await load();
      await ann.page.getByText('Tree', { exact: true }).click();
      const tree = ann.page.getByRole('treegrid');
      await tree.waitFor();
      await eventually(
        () => tree.getAttribute('aria-rowcount'),
        (rowcount) => rowcount === '4',
      );
      await tree.focus();
      const active = ann.page.locator('[data-testid=item][aria-selected=true]');
      await active.waitFor();
      expect(await active.getAttribute('aria-level')).toBe('1');
      await ann.page.keyboard.press('ArrowRight');
      await ann.page.locator('[aria-selected=true][aria-expanded=true]').waitFor();
      await ann.page.keyboard.press('ArrowRight');
      await ann.page.locator('[aria-selected=true][aria-level="2"]').waitFor();
      await ann.page.keyboard.press('ArrowRight');
      await ann.page.locator('[aria-selected=true][aria-level="2"][aria-expanded=true]').waitFor();
      await ann.page.keyboard.press('ArrowDown');
      await ann.page.locator('[aria-selected=true][aria-level="3"]').waitFor();
      expect(await active.getAttribute('aria-setsize')).toBe('30');
      await pictureEverywhere(ann, 'explore-tree');
      await ann.page.keyboard.press('ArrowLeft');
      await ann.page.locator('[aria-selected=true][aria-level="2"]').waitFor();
      await ann.page.keyboard.press('ArrowLeft');
      await ann.page.locator('[aria-selected=true][aria-level="2"][aria-expanded=false]').waitFor();
    });

    it('moves with the keys, shows all of an item, and brings the focus back to its row', async () => {
      await load();
      await grid().focus();
      await ann.page.keyboard.press('End');
      await ann.page.locator(`[aria-selected=true][aria-rowindex="${ALL + 1}"]`).waitFor();
      await ann.page.keyboard.press('PageUp');
      await ann.page.keyboard.press('Home');
      await ann.page.locator('[aria-selected=true][aria-rowindex="2"]').waitFor();
      await ann.page.keyboard.press('ArrowDown');
      await ann.page.locator('[aria-selected=true][aria-rowindex="3"]').waitFor();
      const name = await activeName();
      await ann.page.keyboard.press('Enter');
      const details = ann.page.getByTestId('item-details');
      await details.waitFor();
      expect(await ann.page.getByRole('dialog').textContent()).toContain(name);
      expect(await details.locator('dt').count()).toBe(16);
      const link = details.getByTestId('item-link');
      expect(await link.getAttribute('href')).toMatch(/^https:\/\/airtable\.com\//);
      expect(await link.getAttribute('rel')).toContain('noopener');
      await pictureEverywhere(ann, 'explore-details');
      await ann.page.keyboard.press('Escape');
      await details.waitFor({ state: 'detached' });
      await eventually(
        () => ann.page.evaluate('document.activeElement.dataset.testid'),
        (testId) => testId === 'items-table',
      );
      expect(await activeName()).toBe(name);
    });
  });

  it('lets people choose from which account to load, and what', async () => {
    await visit({ connected: ['notion'] });
    await ann.goTo('Explore');
    await ann.page.getByTestId('choice').waitFor();
    await pictureEverywhere(ann, 'explore-chooser');
  });
});
