import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { integrationNames } from '../../src/integrations/registry.ts';
import { describeWithChromium, launchChromium } from '../support/chromium.ts';
import { loadAll } from '../support/load-all.ts';
import { ensureBuilt } from '../support/built-programs.ts';
import { decide, Visit, type VisitOptions } from '../support/page-visit.ts';
import { startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import { SandboxControl } from '../support/sandbox-control.ts';

const PAGE_SIZE = 1000;

describeWithChromium('The page, connecting accounts', () => {
  let browser: Browser;
  let patchbay: RunningPatchbay;
  let control: SandboxControl;
  const visits: Visit[] = [];

  const visit = async (options?: VisitOptions, at = patchbay): Promise<Visit> => {
    const begun = await Visit.begin(browser, at, options);
    visits.push(begun);
    return begun;
  };

  beforeAll(async () => {
    ensureBuilt();
    [browser, patchbay] = await Promise.all([launchChromium(), startPatchbay({ sandbox: { items: 12 } })]);
    control = new SandboxControl(patchbay.sandbox);
  }, 150_000);
  afterAll(async () => {
    await browser.close();
    await patchbay.close();
  });
  afterEach(async () => {
    const complaints = await Promise.all(visits.splice(0).map((each) => each.end()));
    expect(complaints.flat()).toEqual([]);
  });

  it('connects all four integrations through the popup and loads what the API gives', async () => {
    const ann = await visit();
    for (const name of integrationNames) {
      await ann.connect(name);
      expect(await ann.connections(name).getAttribute('data-status')).toBe('active');
      expect(await ann.connections(name).getByTestId('account').textContent()).toMatch(/\w/);
    }
    for (const name of integrationNames) {
      const items = await loadAll(patchbay.newBrowser(), name, { ...ann.owner, page_size: PAGE_SIZE });
      expect(await ann.load(name)).toBe(items.length);
      // A stream has the types side by side, each in its order.
      expect((await ann.itemIds(name)).sort()).toEqual(items.map((item) => item.id).sort());
    }
    await ann.picture('connected-and-loaded');
  });

  it('says that access was declined, what to do, and connects nothing', async () => {
    const ann = await visit();
    const before = await control.stats('notion');
    const popup = await ann.openPopup('notion');
    await ann.picture('consent-page', popup);
    await decide(popup, 'Deny');
    const denied = ann.notice('notion', 'denied');
    await denied.waitFor();
    expect(await denied.textContent()).toMatch(/declined.*Nothing was stored.*try again and approve at Notion/);
    expect(await ann.connections('notion').count()).toBe(0);
    expect(await ann.card('notion').getByTestId('not-connected').count()).toBe(1);
    expect((await control.stats('notion')).exchanges).toBe(before.exchanges);
    await ann.picture('denied');

    await decide(await ann.popupAfter(denied.getByTestId('connect-again')), 'Approve');
    await ann.notice('notion', 'connected').waitFor();
  });

  it('goes on waiting when the popup is closed without an answer, and opens it again', async () => {
    const ann = await visit();
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
    const ann = await visit();
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
      const ann = await visit({ script: BLOCKED });
      await ann.page.getByTestId('connect-hubspot').click();
      const blocked = ann.notice('hubspot', 'blocked');
      await blocked.waitFor();
      await ann.picture('popup-blocked');
      await blocked.getByTestId('connect-same-tab').click();
      await decide(ann.page, 'Approve');
      await ann.page.locator('[data-testid=returned][data-status=connected]').waitFor();
      await ann.connections('hubspot').waitFor();
      expect(ann.page.url()).toBe(`${patchbay.url}/`);
      await ann.picture('returned');
    });

    it('comes back with the denial, too', async () => {
      const ann = await visit({ script: BLOCKED });
      await ann.page.getByTestId('connect-airtable').click();
      await ann.notice('airtable', 'blocked').getByTestId('connect-same-tab').click();
      await decide(ann.page, 'Deny');
      await ann.page.locator('[data-testid=returned][data-status=denied]').waitFor();
      await ann.card('airtable').getByTestId('not-connected').waitFor();
      expect(ann.page.url()).toBe(`${patchbay.url}/`);
    });
  });

  it('refuses an answer that arrives in another browser, and leaves it to the one that began', async () => {
    const ann = await visit();
    const mallory = await visit();
    const before = await control.stats('airtable');
    const popup = await ann.openPopup('airtable');

    mallory.witness.tolerate(400, '/oauth2callback');
    await mallory.page.goto(popup.url());
    await decide(mallory.page, 'Approve');
    await mallory.page.locator('main[data-status=failed]').waitFor();
    await mallory.picture('callback-in-another-browser');
    const [answer] = await mallory.witness.received('/oauth2callback');
    expect(answer?.status).toBe(400);
    expect((await control.stats('airtable')).exchanges).toBe(before.exchanges);
    expect(await ann.card('airtable').getByTestId('outcomes').getAttribute('data-pending')).toBe('1');

    await decide(popup, 'Approve');
    await ann.notice('airtable', 'connected').waitFor();
    await ann.connections('airtable').waitFor();
  });

  it('shows each owner their own connections', async () => {
    const ann = await visit();
    await ann.connect('notion');
    await ann.page.getByTestId('user-id').fill(`${ann.owner.user_id}-other`);
    await ann.page.getByTestId('owner-apply').click();
    await ann.card('notion').getByTestId('not-connected').waitFor();
    await ann.page.getByTestId('user-id').fill(ann.owner.user_id);
    await ann.page.getByTestId('owner-apply').click();
    await ann.connections('notion').waitFor();
  });

  it('disconnects after asking, and says that the provider agreed', async () => {
    const ann = await visit();
    await ann.connect('slack');
    await ann.page.getByTestId('disconnect-slack').click();
    await ann.page.getByTestId('disconnect-keep').click();
    await ann.page.getByTestId('disconnect-dialog').waitFor({ state: 'hidden' });
    expect(await ann.connections('slack').count()).toBe(1);

    const before = await control.stats('slack');
    await ann.page.getByTestId('disconnect-slack').click();
    await ann.picture('disconnect-dialog');
    await ann.page.getByTestId('disconnect-confirm').click();
    const farewell = ann.card('slack').getByTestId('disconnected');
    await farewell.waitFor();
    expect(await farewell.textContent()).toContain('confirmed that the access is revoked');
    await ann.card('slack').getByTestId('not-connected').waitFor();
    expect(await ann.notice('slack', 'connected').count()).toBe(0);
    expect((await control.stats('slack')).revocations).toBeGreaterThan(before.revocations);
  });

  it('leads from http://127.0.0.1 to the public address and works there', async () => {
    const ann = await visit();
    const { port } = new URL(patchbay.url);
    await ann.page.goto(`http://127.0.0.1:${port}/`);
    expect(ann.page.url()).toBe(`${patchbay.url}/`);
    await ann.connect('notion');
    expect(await ann.load('notion')).toBeGreaterThan(0);
  });

  describeWithRedis('over Redis', () => {
    let redis: RedisServer;
    let onRedis: RunningPatchbay;

    beforeAll(async () => {
      redis = await startRedis({ appendOnly: true });
      onRedis = await startPatchbay({ environment: { REDIS_URL: redis.url } });
    });
    afterAll(async () => {
      await onRedis.close();
      await redis.stop();
    });

    it('connects and loads, and keeps the connection through a restart', async () => {
      const ann = await visit({}, onRedis);
      await ann.connect('hubspot');
      const count = await ann.load('hubspot');
      expect(count).toBeGreaterThan(0);
      await onRedis.restart();
      await ann.page.reload();
      await ann.goTo('Connect');
      await ann.connections('hubspot').waitFor();
      expect(await ann.load('hubspot')).toBe(count);
    });
  });
});
