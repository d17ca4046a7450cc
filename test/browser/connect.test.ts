import { describe, expect, it } from '@jest/globals';
import { integrationNames } from '../../src/integrations/registry.ts';
import { BrowserStage } from '../support/browser-stage.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { loadAll } from '../support/load-all.ts';
import { decide } from '../support/page-visit.ts';
import { startPatchbay } from '../support/patchbay.ts';

const PAGE_SIZE = 1000;

describeWithChromium('The page, connecting accounts', () => {
  const stage = BrowserStage.within(() => startPatchbay({ sandbox: { items: 12 } }));

  it('connects all four integrations through the popup and loads what the API gives', async () => {
    const ann = await stage.visit();
    for (const name of integrationNames) {
      await ann.connect(name);
      expect(await ann.connections(name).getAttribute('data-status')).toBe('active');
      expect(await ann.connections(name).getByTestId('account').textContent()).toMatch(/\w/);
    }
    for (const name of integrationNames) {
      const items = await loadAll(stage.patchbay.newBrowser(), name, { ...ann.owner, page_size: PAGE_SIZE });
      expect(await ann.load(name)).toBe(items.length);
      // A stream has the types side by side, each in its order.
      expect((await ann.itemIds(name)).sort()).toEqual(items.map((item) => item.id).sort());
    }
    await ann.picture('connected-and-loaded');
  });

  it('says that access was declined, what to do, and connects nothing', async () => {
    const ann = await stage.visit();
    const before = await stage.control.stats('notion');
    const popup = await ann.openPopup('notion');
    await ann.picture('consent-page', popup);
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

  it('stops waiting when told to, and still counts what is approved afterwards', async () => {
    const ann = await stage.visit();
    const popup = await ann.openPopup('hubspot');
    await ann.notice('hubspot', 'waiting').getByTestId('connect-cancel').click();
    await ann.notice('hubspot', 'cancelled').waitFor();
    await decide(popup, 'Approve');
    await popup.locator('main[data-status=connected]').waitFor();
    expect(await ann.notice('hubspot', 'cancelled').textContent()).toContain('reload the page to see it');
    await ann.page.reload();
    await ann.connections('hubspot').waitFor();
  });

  describe('when the browser blocks the popup', () => {
    const BLOCKED = 'window.open = () => null';

    it('goes to the provider in the same tab and comes back with the connection', async () => {
      const ann = await stage.visit({ script: BLOCKED });
      await ann.page.getByTestId('connect-hubspot').click();
      const blocked = ann.notice('hubspot', 'blocked');
      await blocked.waitFor();
      await ann.picture('popup-blocked');
      await blocked.getByTestId('connect-same-tab').click();
      await decide(ann.page, 'Approve');
      await ann.page.locator('[data-testid=returned][data-status=connected]').waitFor();
      await ann.connections('hubspot').waitFor();
      expect(ann.page.url()).toBe(`${stage.patchbay.url}/`);
      await ann.picture('returned');
    });

    it('comes back with the denial, too', async () => {
      const ann = await stage.visit({ script: BLOCKED });
      await ann.page.getByTestId('connect-airtable').click();
      await ann.notice('airtable', 'blocked').getByTestId('connect-same-tab').click();
      await decide(ann.page, 'Deny');
      await ann.page.locator('[data-testid=returned][data-status=denied]').waitFor();
      await ann.card('airtable').getByTestId('not-connected').waitFor();
      expect(ann.page.url()).toBe(`${stage.patchbay.url}/`);
    });
  });

  it('refuses an answer that arrives in another browser, and leaves it to the one that began', async () => {
    const ann = await stage.visit();
    const mallory = await stage.visit();
    const before = await stage.control.stats('airtable');
    const popup = await ann.openPopup('airtable');

    mallory.witness.tolerate(400, '/oauth2callback');
    await mallory.page.goto(popup.url());
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
    const ann = await stage.visit();
    await ann.connect('notion');
    await ann.page.getByTestId('user-id').fill(`${ann.owner.user_id}-other`);
    await ann.page.getByTestId('owner-apply').click();
    await ann.card('notion').getByTestId('not-connected').waitFor();
    await ann.page.getByTestId('user-id').fill(ann.owner.user_id);
    await ann.page.getByTestId('owner-apply').click();
    await ann.connections('notion').waitFor();
  });

  it('disconnects after asking, and says that the provider agreed', async () => {
    const ann = await stage.visit();
    await ann.connect('slack');
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
    const ann = await stage.visit();
    const { port } = new URL(stage.patchbay.url);
    await ann.page.goto(`http://127.0.0.1:${port}/`);
    expect(ann.page.url()).toBe(`${stage.patchbay.url}/`);
    await ann.connect('notion');
    expect(await ann.load('notion')).toBeGreaterThan(0);
  });
});
