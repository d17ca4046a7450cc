import { expect, it } from '@jest/globals';
import { BrowserStage } from '../support/browser-stage.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { connectable, decide, type Visit } from '../support/page-visit.ts';

/** As much of what has the focus as is asked about it. */
const FOCUSED = `({ tag: document.activeElement.tagName, id: document.activeElement.id,
  testId: document.activeElement.dataset.testid ?? null, text: document.activeElement.textContent })`;

interface Focused {
  readonly tag: string;
  readonly id: string;
  readonly testId: string | null;
  readonly text: string;
}

/** Finding one's way: with the keyboard alone, from page to page, and in more than one tab. */
describeWithChromium('Whoever uses the page', () => {
  const stage = BrowserStage.within();
  let ann: Visit;
  const focused = (): Promise<Focused> => ann.page.evaluate<Focused>(FOCUSED);

  it('connects with the keyboard alone, and is afterwards where they were', async () => {
    ann = await stage.visit();
    const { keyboard } = ann.page;
    await keyboard.press('Tab');
    expect((await focused()).testId).toBe('skip-link');
    await keyboard.press('Enter');
    expect((await focused()).id).toBe('main');
    expect(ann.page.url()).toBe(`${stage.patchbay.url}/`);
    for (let presses = 0; (await focused()).testId !== 'connect-notion'; presses += 1) {
      expect(presses).toBeLessThan(20);
      await keyboard.press('Tab');
    }
    const [popup] = await Promise.all([ann.page.waitForEvent('popup'), keyboard.press('Enter')]);
    await popup.getByRole('button', { name: 'Approve' }).press('Enter');
    await ann.notice('notion', 'connected').waitFor();
    await ann.connections('notion').waitFor();
    expect((await focused()).testId).toBe('connect-notion');
  });

  it('keeps the focus in the card when the notice that had it goes', async () => {
    ann = await stage.visit();
    const popup = await ann.openPopup('slack');
    await ann.notice('slack', 'waiting').getByTestId('connect-cancel').press('Enter');
    await ann.notice('slack', 'cancelled').waitFor();
    expect((await focused()).testId).toBe('connect-slack');
    await popup.close();
    const again = await ann.popupAfter(ann.notice('slack', 'cancelled').getByTestId('connect-again'));
    await decide(again, 'Deny');
    await ann.notice('slack', 'denied').waitFor();
    expect((await focused()).testId).toBe('connect-slack');
  });

  it('goes from page to page, each with its name in the tab and the focus on its heading', async () => {
    ann = await stage.visit();
    expect(await ann.page.title()).toBe('Connect accounts · Patchbay');
    expect((await focused()).tag).toBe('BODY');
    for (const [link, title] of [
      ['Explore', 'Explore items'],
      ['Connect', 'Connect accounts'],
    ] as const) {
      await ann.page.getByRole('navigation').getByRole('link', { name: link }).click();
      await ann.page.getByRole('heading', { level: 1, name: title }).waitFor();
      expect(await ann.page.title()).toBe(`${title} · Patchbay`);
      expect(await focused()).toMatchObject({ tag: 'H1', text: title });
    }
    await ann.page.goto(`${stage.patchbay.url}/explore`);
    await ann.page.getByRole('heading', { level: 1, name: 'Explore items' }).waitFor();
  });

  it('finds an integration by its name or by what it reads', async () => {
    ann = await stage.visit();
    const count = ann.page.getByTestId('integrations-count');
    await ann.page.getByTestId('integrations-search').fill('channel');
    await count.getByText('1 of 4 integrations').waitFor();
    expect(await ann.card('slack').count()).toBe(1);
    await ann.page.getByTestId('integrations-search').fill('fax');
    await ann.page.getByTestId('no-match').getByRole('button').click();
    await count.getByText('4 integrations', { exact: true }).waitFor();
  });

  it('chooses the colours, and finds them so the next time', async () => {
    ann = await stage.visit({ colorScheme: 'light' });
    const shown = (): Promise<string> =>
      ann.page.evaluate<string>('document.documentElement.dataset.mantineColorScheme');
    expect(await shown()).toBe('light');
    await ann.page.getByTestId('color-scheme').locator('label', { hasText: 'Dark' }).click();
    expect(await shown()).toBe('dark');
    await ann.page.reload();
    await connectable(ann.page);
    expect(await shown()).toBe('dark');
  });

  it('sees in one tab what another has connected, and hears that the same account is not a second one', async () => {
    ann = await stage.visit();
    const tab = await ann.openTab(stage.patchbay.url);
    await connectable(tab);
    await ann.connect('hubspot');
    await tab.getByTestId('card-hubspot').getByTestId('connection').waitFor();

    await decide(await ann.openPopup('hubspot'), 'Approve');
    await ann.notice('hubspot', 'connected').getByText('This account was connected already').waitFor();
    expect(await ann.connections('hubspot').count()).toBe(1);
    await decide(await ann.popupAfter(ann.page.getByTestId('reconnect-hubspot')), 'Approve');
    await ann.notice('hubspot', 'connected').getByText('Connected again').waitFor();
    await ann.picture('connected-again');
  });
});
