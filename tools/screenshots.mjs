// Takes the pictures of the README anew: runs the product, does what a newcomer would, and looks.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGUMENTS } from './chromium.mjs';
import { withDemo } from './running-demo.mjs';
import { chromiumPath } from './test-programs.mjs';

const PICTURES = join(import.meta.dirname, '..', 'docs', 'pictures');
const SIZE = { width: 1280, height: 860 };

async function connect(page, integration) {
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByTestId(`connect-${integration}`).click()]);
  await popup.getByRole('button', { name: 'Approve' }).click();
  await page.getByTestId(`card-${integration}`).getByTestId('connection').first().waitFor();
}

async function take(page, name) {
  // No pointer over anything, and nothing that is on its way in or out.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' });
  console.log(`docs/pictures/${name}.png`);
}

async function takeAll(browser, url) {
  const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto(url);
  for (const integration of ['notion', 'airtable']) await connect(page, integration);
  const news = page.getByRole('button', { name: 'Dismiss' });
  while ((await news.count()) > 0) await news.first().click();
  await page.evaluate(() => globalThis.scrollTo(0, 0));
  await take(page, 'connect');
  await page.getByTestId('load-notion').click();
  await page.locator('[data-testid=items-panel][data-phase=done]').waitFor();
  await page.evaluate(() => globalThis.document.querySelector('[data-testid=items-panel]')?.scrollIntoView());
  await take(page, 'explore');
  await page.getByRole('navigation').getByRole('link', { name: 'Status' }).click();
  await page.getByRole('heading', { name: 'Airtable', exact: true }).waitFor();
  await take(page, 'status');
}

mkdirSync(PICTURES, { recursive: true });
await withDemo(async (url) => {
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGUMENTS });
  await takeAll(browser, url);
  await browser.close();
});
