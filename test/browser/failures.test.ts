import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from 'playwright-core';
import { integrationNames } from '../../src/integrations/registry.ts';
import { BrowserStage } from '../support/browser-stage.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { decide, type Visit, type VisitOptions } from '../support/page-visit.ts';
import { TOKEN_PATTERNS } from '../support/page-witness.ts';
import { startPatchbay } from '../support/patchbay.ts';

const MARKUP = '<img src=x onerror="document.title=1">';
/** Chromium closes a window with one page of history, whoever opened it; these tests want to look at it. */
const STAY_OPEN = 'window.close = () => undefined;';

describeWithChromium('The page, when things go wrong', () => {
  const sandboxFolder = mkdtempSync(join(tmpdir(), 'patchbay-sandbox-'));
  const sandboxFile = join(sandboxFolder, 'sandbox.sqlite');
  const stage = BrowserStage.within(() => startPatchbay({ sandbox: { items: 60, dataFile: sandboxFile } }));
  let ann: Visit;

  const visit = async (options?: VisitOptions): Promise<Visit> => {
    ann = await stage.visit(options);
    return ann;
  };

  afterAll(() => rmSync(sandboxFolder, { recursive: true }));
  beforeEach(() => stage.control.reset());

  describe('loading items', () => {
    const LOAD = '/integrations/slack/load';

    it('shows the error with its code and request id, and loads when tried again', async () => {
      await visit({ connected: ['slack'] });
      ann.witness.tolerate(502, LOAD);
      await stage.control.fault({ provider: 'slack', endpoint: 'api', mode: 'status', status: 400 });
      await ann.beginLoad('slack');
      const failed = ann.panel('slack', 'failed');
      await failed.waitFor();
      expect(await failed.getByTestId('items-error-code').textContent()).toBe('provider_error');
      const [answer] = await ann.witness.received(LOAD);
      expect(await failed.getByTestId('items-error-request-id').textContent()).toBe(answer?.headers['x-request-id']);
      await ann.picture('load-failed');

      await stage.control.reset();
      await failed.getByTestId('items-retry').click();
      expect(await ann.loaded('slack')).toBeGreaterThan(0);
      expect(await ann.page.getByTestId('items-error').count()).toBe(0);
    });

    it("explains the provider's rate limit and how long it lasts, and goes on by itself", async () => {
      await visit({ connected: ['slack'] });
      await stage.control.fault({
        provider: 'slack',
        endpoint: 'api',
        mode: 'status',
        status: 429,
        retry_after: 3,
        times: 1,
      });
      await ann.beginLoad('slack');
      const waiting = ann.page.getByTestId('items-waiting');
      await waiting.waitFor();
      expect(await waiting.textContent()).toMatch(/Slack asks us to wait [1-5] s \((?:channel|user|, )+\)/);
      expect(await ann.loaded('slack')).toBeGreaterThan(0);
      expect(await waiting.count()).toBe(0);
    });

    it('asks to reconnect when the provider has withdrawn the grant, and is well again after that', async () => {
      await visit();
      await ann.connect('slack');
      await stage.control.expire('slack', 'grant');
      ann.witness.tolerate(409, LOAD);
      await ann.beginLoad('slack');
      const failed = ann.panel('slack', 'failed');
      await failed.waitFor();
      expect(await failed.getByTestId('items-error-code').textContent()).toBe('reauthorization_required');
      await ann.picture('reauthorization-required');
      await ann.goTo('Connect');
      const lost = ann.card('slack').locator('[data-testid=connection][data-status=reauthorization_required]');
      await lost.waitFor();
      expect(await ann.notice('slack', 'connected').count()).toBe(0);

      await decide(await ann.popupAfter(lost.getByTestId('reconnect-slack')), 'Approve');
      await ann.card('slack').locator('[data-testid=connection][data-status=active]').waitFor();
      expect(await ann.connections('slack').count()).toBe(1);
      expect(await ann.load('slack')).toBeGreaterThan(0);
    });
  });

  it('says so when the provider does not give a token, and connects when tried again', async () => {
    await visit({ script: STAY_OPEN });
    ann.witness.tolerate(502, '/oauth2callback');
    await stage.control.fault({ provider: 'notion', endpoint: 'token', mode: 'html' });
    const popup = await ann.openPopup('notion');
    await decide(popup, 'Approve');
    const failed = ann.notice('notion', 'failed');
    await failed.waitFor();
    expect(await failed.textContent()).toMatch(/didn't work out \(provider_\w+\)/);
    expect(await ann.connections('notion').count()).toBe(0);
    await popup.locator('main[data-status=failed]').waitFor();
    await ann.picture('callback-failed', popup);

    await stage.control.reset();
    await decide(await ann.popupAfter(failed.getByTestId('connect-again')), 'Approve');
    await ann.notice('notion', 'connected').waitFor();
  });

  it('keeps connections through a restart of the service, and waits for one that happens meanwhile', async () => {
    await visit({ connected: ['airtable'] });
    const count = await ann.load('airtable');
    const popup = await ann.openPopup('notion');
    ann.witness.tolerateAnOutage();
    await stage.patchbay.restart();
    await decide(popup, 'Approve');
    await ann.notice('notion', 'connected').waitFor();
    await ann.page.reload();
    await ann.goTo('Connect');
    await ann.connections('airtable').waitFor();
    await ann.connections('notion').waitFor();
    expect(await ann.load('airtable')).toBe(count);
  });

  describe('texts from outside', () => {
    const isInert = async (page: Page): Promise<void> => {
      expect(await page.locator('img, [onerror]').count()).toBe(0);
      expect(await page.title()).not.toBe('1');
    };

    it('does not repeat what a callback URL says, for a state of its own or a made-up one', async () => {
      await visit({ script: STAY_OPEN });
      const popup = await ann.openPopup('airtable');
      const state = new URL(popup.url()).searchParams.get('state') ?? '';
      ann.witness.tolerate(400, '/oauth2callback');
      ann.witness.tolerate(410, '/oauth2callback');
      const madeUp = 'm'.repeat(43);
      for (const [known, status] of [
        [madeUp, 410],
        [MARKUP, 400],
        [state, 200],
      ] as const) {
        const query = { error: 'access_denied', error_description: MARKUP, error_uri: MARKUP, state: known };
        const url = `${stage.patchbay.url}/integrations/airtable/oauth2callback?${new URLSearchParams(query).toString()}`;
        const answer = await popup.goto(url);
        expect([known, answer?.status()]).toEqual([known, status]);
        await popup.locator('main[data-status]').waitFor();
        await isInert(popup);
        expect(await answer?.text()).not.toContain('onerror');
      }
      await ann.picture('callback-denied', popup);
      await ann.notice('airtable', 'denied').waitFor();
      await isInert(ann.page);
    });

    it('shows markup in the names of items as the text it is', async () => {
      await visit({ connected: ['notion'] });
      await ann.load('notion');
      await ann.page.getByTestId('items-search').fill('<img');
      await ann.page.locator('[data-testid=items-matching]:not([data-matching="0"])').waitFor();
      const texts = await ann.rowTexts('notion');
      expect(texts.filter((text) => text.includes('<img src=x onerror=alert(1)>'))).not.toEqual([]);
      await isInert(ann.page);
    });

    it('shows nothing of a link to the page that only looks like coming back', async () => {
      await visit();
      await ann.page.goto(`${stage.patchbay.url}/?status=failed&error=${encodeURIComponent(MARKUP)}`);
      const returned = ann.page.getByTestId('returned');
      await returned.waitFor();
      expect(await returned.textContent()).not.toContain('img');
      await isInert(ann.page);
    });
  });

  describe('what a browser receives', () => {
    it('has the headers that keep the callback page to itself', async () => {
      await visit({ script: STAY_OPEN });
      const popup = await ann.openPopup('hubspot');
      await decide(popup, 'Approve');
      await popup.locator('main[data-status=connected]').waitFor();
      await ann.picture('callback-connected', popup);
      const [callback] = await ann.witness.received('/oauth2callback');
      expect(callback?.headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'content-type': expect.stringMatching(/^text\/html/),
      });
      const policy = callback?.headers['content-security-policy'] ?? '';
      expect(policy).toMatch(/default-src 'none'/);
      expect(policy).toMatch(/script-src 'nonce-[\w+/=-]{20,}'/);
      expect(policy).not.toMatch(/unsafe|http|\*/);
      expect(popup.url()).toBe(`${stage.patchbay.url}/integrations/hubspot/oauth2callback`);
      await ann.notice('hubspot', 'connected').waitFor();
    });

    it('holds none of the tokens that the providers gave out', async () => {
      await visit({ script: STAY_OPEN });
      for (const name of integrationNames) {
        await ann.connect(name);
        await stage.control.expire(name, 'access');
        await ann.load(name);
      }
      const tokens = tokensGivenOut();
      expect(tokens.length).toBeGreaterThan(2 * integrationNames.length);
      const unknown = tokens.filter((token) => !Object.values(TOKEN_PATTERNS).some((pattern) => pattern.test(token)));
      expect(unknown).toEqual([]);
      const received = JSON.stringify(await ann.witness.received());
      expect(tokens.filter((token) => received.includes(token))).toEqual([]);
      const callbacks = await ann.witness.received('/oauth2callback');
      expect(callbacks.map(({ body }) => body.includes('</html>'))).toEqual(integrationNames.map(() => true));
    });

    /** Read from the sandbox's own file, so that it is the very tokens that are looked for. */
    function tokensGivenOut(): string[] {
      const database = new DatabaseSync(sandboxFile, { readOnly: true });
      const rows = database.prepare('SELECT token FROM tokens').all() as { token: string }[];
      database.close();
      return rows.map(({ token }) => token);
    }
  });

  it('reads well on a small dark screen', async () => {
    await visit({ connected: ['airtable', 'slack'], colorScheme: 'dark', viewport: { width: 360, height: 740 } });
    await ann.load('slack');
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await ann.page.evaluate(overflow)).toBe(0);
    await ann.picture('small-and-dark');
    const popup = await ann.openPopup('hubspot');
    await ann.picture('consent-page-dark', popup);
  });
});
