import { expect, it } from '@jest/globals';
import { BrowserStage } from '../support/browser-stage.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { startPatchbay } from '../support/patchbay.ts';

/** Far more than fit into a page. How long its frames take with 100,000 is measured in test/faults/page-frames.test.ts. */
const MANY = 5_000;
const MAX_ROWS = 200;

describeWithChromium('The page, with thousands of items', () => {
  const stage = BrowserStage.within(() => startPatchbay({ sandbox: { items: MANY } }));

  it('counts every item, keeps few rows in the page, and reaches, sorts and filters all of them', async () => {
    const ann = await stage.visit({ connected: ['slack'] });
    const grid = ann.page.getByTestId('items-table');
    await ann.goTo('Explore');
    const choice = ann.page.getByTestId('choice');
    await choice.getByTestId('type-channel').uncheck();
    await choice.getByTestId('load-slack').click();
    expect(await ann.loaded('slack')).toBe(MANY);
    await ann.page.locator(`[data-testid=items-matching][data-matching="${MANY}"]`).waitFor();
    expect(await grid.getAttribute('aria-rowcount')).toBe(String(MANY + 1));

    await grid.focus();
    await ann.page.keyboard.press('End');
    await ann.page.locator(`[aria-selected=true][aria-rowindex="${MANY + 1}"]`).waitFor();
    expect(await ann.page.getByTestId('item').count()).toBeLessThan(MAX_ROWS);

    await ann.page.getByTestId('sort-name').click();
    await ann.page.getByTestId('items-search').fill('son');
    await ann.page.locator(`[data-testid=items-matching]:not([data-matching="${MANY}"])`).waitFor();
    await ann.picture('explore-large');
  });
});
