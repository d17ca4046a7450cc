import { afterAll, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { integrationNames } from '../../src/integrations/registry.ts';
import { BrowserStage } from '../support/browser-stage.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { loadAll } from '../support/load-all.ts';
import { approvable, connectable, decide, NO_POPUPS, STAY_OPEN } from '../support/page-visit.ts';
import { TOKEN_PATTERNS, type SeenResponse } from '../support/page-witness.ts';
import { startPatchbay } from '../support/patchbay.ts';

const PAGE_SIZE = 1000;

describeWithChromium('The page, connecting accounts', () => {
  const sandboxFolder = mkdtempSync(join(tmpdir(), 'patchbay-sandbox-'));
  const dataFile = join(sandboxFolder, 'sandbox.sqlite');
  const stage = BrowserStage.within(() => startPatchbay({ sandbox: { dataFile } }));
  afterAll(() => rmSync(sandboxFolder, { recursive: true }));

  /** Read from the sandbox's own file: exactly the tokens that it has issued. */
  const issuedTokens = (): string[] => {
    const database = new DatabaseSync(dataFile, { readOnly: true });
    const rows = database.prepare('SELECT token FROM tokens').all() as { token: string }[];
    database.close();
    return rows.map(({ token }) => token);
  };

  it('connects all four integrations through the popup, loads what the API gives, and receives no token', async () => {
    const ann = await stage.visit({ script: STAY_OPEN });
    for (const name of integrationNames) {
      await ann.connect(name);
      expect(await ann.connections(name).getAttribute('data-status')).toBe('active');
      expect(await ann.connections(name).getByTestId('account').textContent()).toMatch(/\w/);
    }
    for (const name of integrationNames) {
      // Loading refreshes it.
      await stage.control.expire(name, 'access');
      const count = await ann.load(name);
      const items = await loadAll(stage.patchbay.newBrowser(), name, { ...ann.owner, page_size: PAGE_SIZE });
      expect(count).toBe(items.length);
      // A stream has the types side by side, each in its order.
      expect((await ann.itemIds(name)).sort()).toEqual(items.map((item) => item.id).sort());
    }
    await ann.picture('connected-and-loaded');

    const tokens = issuedTokens();
    expect(tokens.length).toBeGreaterThan(2 * integrationNames.length);
    const unknown = tokens.filter((token) => !Object.values(TOKEN_PATTERNS).some((pattern) => pattern.test(token)));
    expect(unknown).toEqual([]);
    const received = JSON.stringify(await ann.witness.received());
    expect(tokens.filter((token) => received.includes(token))).toEqual([]);
    const callbacks = await ann.witness.received('/oauth2callback');
    expect(callbacks.map(({ body }) => body.includes('</html>'))).toEqual(integrationNames.map(() => true));
    for (const callback of callbacks) expectToBeKeptToItself(callback);
    const [, ...popups] = ann.context.pages();
    expect(popups.map((popup) => popup.url())).toEqual(
      integrationNames.map((name) => `${stage.patchbay.url}/integrations/${name}/oauth2callback`),
    );
  });

  it('connects with the keyboard alone, closes the popup, and leaves the focus where it was', async () => {
    const ann = await stage.visit();
    const { keyboard } = ann.page;
    await keyboard.press('Tab');
    expect((await ann.focused()).testId).toBe('skip-link');
    await keyboard.press('Enter');
    expect((await ann.focused()).id).toBe('main');
    expect(ann.page.url()).toBe(`${stage.patchbay.url}/`);
    for (let presses = 0; (await ann.focused()).testId !== 'connect-notion'; presses += 1) {
      expect(presses).toBeLessThan(20);
      await keyboard.press('Tab');
    }
    const [popup] = await Promise.all([ann.page.waitForEvent('popup'), keyboard.press('Enter')]);
    const closed = popup.waitForEvent('close');
    await popup.getByRole('button', { name: 'Approve' }).press('Enter');
    await ann.notice('notion', 'connected').waitFor();
    await ann.connections('notion').waitFor();
    await closed;
    expect((await ann.focused()).testId).toBe('connect-notion');
  });

  it('says that access was declined, connects nothing, and returns the focus to the card when tried again', async () => {
    const ann = await stage.visit();
    const before = await stage.control.stats('notion');
    const popup = await ann.openPopup('notion');
    await ann.picture('consent-page', popup);
    await popup.emulateMedia({ colorScheme: 'dark' });
    await ann.picture('consent-page-dark', popup);
    await decide(popup, 'Deny');
    const denied = ann.notice('notion', 'denied');
    await denied.waitFor();
    expect(await denied.textContent()).toMatch(/declined.*Nothing was stored.*try again and approve at Notion/);
    expect(await ann.connections('notion').count()).toBe(0);
    expect(await ann.card('notion').getByTestId('not-connected').count()).toBe(1);
    expect((await stage.control.stats('notion')).exchanges).toBe(before.exchanges);
    await ann.picture('denied');

    await decide(await ann.popupAfter(denied.getByTestId('connect-again')), 'Approve');
    await ann.notice('notion', 'connected').waitFor();
    // The notice that had it is gone.
    expect((await ann.focused()).testId).toBe('connect-notion');
  });

  it('goes on waiting when the popup is closed without an answer, and opens it again', async () => {
    const ann = await stage.visit();
    const popup = await ann.openPopup('slack');
    await popup.close();
    // Two looks at the service after the window went: whatever would take that for an answer has had its chance.
    for (let looks = 0; looks < 2; looks += 1) {
      await ann.look('slack');
      expect(await ann.card('slack').getByTestId('outcomes').getAttribute('data-pending')).toBe('1');
    }
    const waiting = ann.notice('slack', 'waiting');
    await waiting.waitFor();

    await decide(await ann.popupAfter(waiting.getByTestId('connect-open-again')), 'Approve');
    await ann.notice('slack', 'connected').waitFor();
    await ann.connections('slack').waitFor();
    expect(await ann.connections('slack').count()).toBe(1);
  });

  it('stops waiting when told to, keeps the focus in the card, and still counts what is approved afterwards', async () => {
    const ann = await stage.visit();
    const popup = await ann.openPopup('hubspot');
    await ann.notice('hubspot', 'waiting').getByTestId('connect-cancel').press('Enter');
    const cancelled = ann.notice('hubspot', 'cancelled');
    await cancelled.waitFor();
    expect((await ann.focused()).testId).toBe('connect-hubspot');
    expect(await cancelled.textContent()).toContain('reload the page to see it');
    const callback = ann.context.waitForEvent('response', (response) => response.url().includes('/oauth2callback'));
    await decide(popup, 'Approve');
    expect((await callback).status()).toBe(200);
    await ann.page.reload();
    await ann.connections('hubspot').waitFor();
  });

  it('goes to the provider in the same tab when the popup is blocked, and returns with the result', async () => {
    const ann = await stage.visit({ script: NO_POPUPS });
    for (const [name, decision, status] of [
      ['airtable', 'Deny', 'denied'],
      ['hubspot', 'Approve', 'connected'],
    ] as const) {
      await ann.page.getByTestId(`connect-${name}`).click();
      const blocked = ann.notice(name, 'blocked');
      await blocked.waitFor();
      await ann.picture('popup-blocked');
      await blocked.getByTestId('connect-same-tab').click();
      await decide(ann.page, decision);
      await ann.page.locator(`[data-testid=returned][data-status=${status}]`).waitFor();
      expect(ann.page.url()).toBe(`${stage.patchbay.url}/`);
      await ann.picture('returned');
    }
    await ann.connections('hubspot').waitFor();
    await ann.card('airtable').getByTestId('not-connected').waitFor();
  });

  it('refuses an answer that arrives in another browser, and leaves it to the one that began', async () => {
    const ann = await stage.visit();
    const before = await stage.control.stats('airtable');
    const popup = await ann.openPopup('airtable');

    const mallory = await stage.visit({ address: popup.url(), arrival: approvable });
    mallory.witness.tolerate(400, '/oauth2callback');
    await decide(mallory.page, 'Approve');
    await mallory.page.locator('main[data-status=failed]').waitFor();
    await mallory.picture('callback-in-another-browser');
    const [answer] = await mallory.witness.received('/oauth2callback');
    expect(answer?.status).toBe(400);
    expect((await stage.control.stats('airtable')).exchanges).toBe(before.exchanges);
    expect(await ann.card('airtable').getByTestId('outcomes').getAttribute('data-pending')).toBe('1');

    await decide(popup, 'Approve');
    await ann.notice('airtable', 'connected').waitFor();
    await ann.connections('airtable').waitFor();
  });

  it('shows each owner their own connections', async () => {
    const ann = await stage.visit({ connected: ['notion'] });
    await ann.connections('notion').waitFor();
    await ann.page.getByTestId('user-id').fill(`${ann.owner.user_id}-other`);
    await ann.page.getByTestId('owner-apply').click();
    await ann.card('notion').getByTestId('not-connected').waitFor();
    await ann.page.getByTestId('user-id').fill(ann.owner.user_id);
    await ann.page.getByTestId('owner-apply').click();
    await ann.connections('notion').waitFor();
  });

  it('shows in one tab what another connects, adds no account twice, and disconnects after asking', async () => {
    const ann = await stage.visit();
    const tab = await ann.openTab(stage.patchbay.url);
    await connectable(tab);
    await ann.connect('slack');
    await tab.getByTestId('card-slack').getByTestId('connection').waitFor();

    await decide(await ann.openPopup('slack'), 'Approve');
    await ann.notice('slack', 'connected').getByText('This account was connected already').waitFor();
    expect(await ann.connections('slack').count()).toBe(1);
    await decide(await ann.popupAfter(ann.page.getByTestId('reconnect-slack')), 'Approve');
    await ann.notice('slack', 'connected').getByText('Connected again').waitFor();
    await ann.picture('connected-again');

    await ann.page.getByTestId('disconnect-slack').click();
    await ann.page.getByTestId('disconnect-keep').click();
    await ann.page.getByTestId('disconnect-dialog').waitFor({ state: 'hidden' });
    expect(await ann.connections('slack').count()).toBe(1);
    const before = await stage.control.stats('slack');
    await ann.page.getByTestId('disconnect-slack').click();
    await ann.picture('disconnect-dialog');
    await ann.page.getByTestId('disconnect-confirm').click();
    const farewell = ann.card('slack').getByTestId('disconnected');
    await farewell.waitFor();
    expect(await farewell.textContent()).toContain('confirmed that the access is revoked');
    await ann.card('slack').getByTestId('not-connected').waitFor();
    expect(await ann.notice('slack', 'connected').count()).toBe(0);
    expect((await stage.control.stats('slack')).revocations).toBeGreaterThan(before.revocations);
  });

  it('leads from http://127.0.0.1 to the public address and works there', async () => {
    const ann = await stage.visit({ address: stage.patchbay.url.replace('localhost', '127.0.0.1') });
    expect(ann.page.url()).toBe(`${stage.patchbay.url}/`);
    await ann.connect('notion');
    expect(await ann.load('notion')).toBeGreaterThan(0);
  });
});

function expectToBeKeptToItself({ headers }: SeenResponse): void {
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'content-type': expect.stringMatching(/^text\/html/),
  });
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).toMatch(/default-src 'none'/);
  expect(policy).toMatch(/script-src 'nonce-[\w+/=-]{20,}'/);
  expect(policy).not.toMatch(/unsafe|http|\*/);
}
