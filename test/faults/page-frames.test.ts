import { expect } from '@jest/globals';
import { BrowserStage } from '../support/browser-stage.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { startPatchbay } from '../support/patchbay.ts';
import { fault } from './fault-row.ts';

const MANY = 100_000;

describeWithChromium('The page', () => {
  const stage = BrowserStage.within(() =>
    startPatchbay({ sandbox: { items: MANY }, environment: { LOG_LEVEL: 'info' } }),
  );

  fault(`${MANY} items in the page`, 'every item counted, no long frame', async (report) => {
    const ann = await stage.visit({ connected: ['slack'] });
    const grid = ann.page.getByTestId('items-table');
    const longestFrame = (): Promise<number> => ann.page.evaluate<number>('window.longestFrame()');
    await ann.goTo('Explore');
    const choice = ann.page.getByTestId('choice');
    await choice.getByTestId('type-channel').uncheck();
    await ann.page.evaluate(WATCH_FRAMES);
    await choice.getByTestId('load-slack').click();
    expect(await ann.loaded('slack')).toBe(MANY);
    await ann.page.locator(`[data-testid=items-matching][data-matching="${MANY}"]`).waitFor();
    report.atMost('longest frame while loading', await longestFrame(), 1_000);

    await ann.page.evaluate(SCROLL_THROUGH);
    report.atMost('while scrolling', await longestFrame(), 500);
    await grid.focus();
    await ann.page.keyboard.press('End');
    await ann.page.locator(`[aria-selected=true][aria-rowindex="${MANY + 1}"]`).waitFor();

    await longestFrame();
    await ann.page.getByTestId('sort-name').click();
    await ann.page.getByTestId('items-search').pressSequentially('son', { delay: 30 });
    await ann.page.locator(`[data-testid=items-matching]:not([data-matching="${MANY}"])`).waitFor();
    report.atMost('while sorting and filtering', await longestFrame(), 500);
  });
});

/** Afterwards `longestFrame()` gives the longest time between two frames since it was last called, in milliseconds. */
const WATCH_FRAMES = `(() => {
  let longest = 0;
  let last = performance.now();
  const frame = (now) => {
    longest = Math.max(longest, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  window.longestFrame = () => {
    const measured = Math.round(longest);
    longest = 0;
    return measured;
  };
})()`;

/** From top to bottom in a hundred frames. */
const SCROLL_THROUGH = `new Promise((resolve) => {
  window.longestFrame();
  const grid = document.querySelector('[data-testid=items-table]');
  let steps = 0;
  const step = () => {
    grid.scrollTop = (grid.scrollHeight / 100) * (steps += 1);
    if (steps < 100) requestAnimationFrame(step);
    else resolve();
  };
  requestAnimationFrame(step);
})`;
