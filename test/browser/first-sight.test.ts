import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { BrowserStage } from '../support/browser-stage.ts';
import { expectNoViolations } from '../support/page-looks.ts';
import { connectable } from '../support/page-visit.ts';
import { describeWithChromium } from '../support/chromium.ts';

const PAGES = [
  ['/', 'Connect accounts'],
  ['/connect', 'Connect your accounts'],
  ['/explore', 'Explore items'],
  ['/status', 'Status of this Patchbay'],
] as const;
const OWN_CODE = '**/assets/index-*.js';
const HEADING = `document.querySelector('h1')`;

/** What is seen before the page's code has come: it was drawn when the page was built. */
describeWithChromium('The first sight of the page', () => {
  const stage = BrowserStage.within();
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });

  /** Keeps the page's own code away until it is let go. */
  async function withoutCode(page: Page): Promise<() => void> {
    let letGo: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (letGo = resolve));
    await page.route(OWN_CODE, async (route) => {
      await released;
      await route.continue();
    });
    return () => letGo();
  }

  it.each(PAGES)('is there at %s without a line of script, and says what the page is', async (path, name) => {
    const context = await stage.browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(stage.patchbay.url + path);
    await heading(page, name).waitFor();
    expect(await page.title()).toBe(`${name} · Patchbay`);
    await page.getByTestId('arriving').waitFor();
    expect(await page.locator('body').innerText()).toContain('needs JavaScript');
    await context.close();
  });

  it.each(PAGES.map(([path]) => path))('asks at %s for no script but our files, as the policy has it', async (path) => {
    const html = await (await fetch(stage.patchbay.url + path)).text();
    const scripts = [...html.matchAll(/<script\b[^>]*>(.*?)<\/script>/gs)];
    expect(scripts).toHaveLength(1);
    expect(scripts[0]?.[0]).toMatch(/^<script src="\/assets\/first-sight-[\w-]+\.js" data-code="[^"]+"><\/script>$/);
    expect(html).not.toMatch(/ on[a-z]+="|javascript:/);
  });

  it('is taken over by the page, not drawn again', async () => {
    const ann = await stage.visit();
    const letGo = await withoutCode(ann.page);
    await ann.page.reload({ waitUntil: 'commit' });
    await heading(ann.page, 'Connect accounts').waitFor();
    await ann.picture('first-sight-light');
    await expectNoViolations(ann);
    await ann.page.evaluate(`${HEADING}.dataset.mark = 'drawn ahead'`);
    letGo();
    await connectable(ann.page);
    expect(await ann.page.evaluate(`${HEADING}.dataset.mark`)).toBe('drawn ahead');
  });

  it('is drawn anew where a document is asked for by the name of its file, which is no address of the page', async () => {
    const arrival = 'lost-page';
    const ann = await stage.visit({ address: `${stage.patchbay.url}/explore.html`, arrival });
    await heading(ann.page, 'There is no such page').waitFor();
    expect(await heading(ann.page, 'Explore items').count()).toBe(0);
  });

  it('has the colours that were chosen, and the choice itself when the page is there', async () => {
    const ann = await stage.visit({ colorScheme: 'light' });
    const choice = ann.page.getByTestId('color-scheme');
    await choice.getByLabel('Dark').check();
    const letGo = await withoutCode(ann.page);
    await ann.page.reload({ waitUntil: 'commit' });
    await heading(ann.page, 'Connect accounts').waitFor();
    const background = await ann.page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    expect(background).toBe('rgb(36, 36, 36)');
    await ann.picture('first-sight-dark');
    await expectNoViolations(ann);
    letGo();
    await connectable(ann.page);
    expect(await choice.getByLabel('Dark').isChecked()).toBe(true);
    expect(await ann.page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(background);
  });

  it('says when the code is out of reach, and a reload that reaches it goes on with what was asked for', async () => {
    const ann = await stage.visit();
    ann.witness.tolerateComplaint(/ERR_CONNECTION_FAILED/);
    await ann.page.route(OWN_CODE, (route) => route.abort('connectionfailed'));
    await ann.page.goto(`${stage.patchbay.url}/explore?a=1`);
    const notice = ann.page.getByRole('alert');
    await notice.getByText("This page couldn't be loaded").waitFor();
    expect(await ann.page.getByTestId('arriving').count()).toBe(0);
    await ann.picture('code-out-of-reach');
    await expectNoViolations(ann);
    await ann.page.unroute(OWN_CODE);
    await notice.getByRole('button', { name: 'Reload the page' }).click();
    await ann.page.getByTestId('nothing-connected').waitFor();
    expect(ann.page.url()).toBe(`${stage.patchbay.url}/explore?a=1`);
  });
});
