import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { BrowserSessions } from '../../src/callers/browser-sessions.ts';
import { BrowserStage } from '../support/browser-stage.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { Browser as HttpBrowser } from '../support/http-browser.ts';
import { loadAll } from '../support/load-all.ts';
import { expectGoodLooks } from '../support/page-looks.ts';
import type { Visit, VisitOptions } from '../support/page-visit.ts';
import { freePort, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';

const HUBSPOT_LOAD = '/integrations/hubspot/load';
/** Far longer than any test: a provider that keeps its answer to itself. */
const FOREVER_MS = 600_000;

describeWithChromium('The page, loading items', () => {
  let proxy: FaultProxy;
  let ann: Visit;

  // Before the stage's own, which waits for every answer to a visit.
  afterEach(async () => {
    proxy.spoil({});
    await stage.control.clearFaults();
  });
  const stage = BrowserStage.within(async () => {
    const port = await freePort();
    proxy = await startFaultProxy({ host: '127.0.0.1', port });
    // People reach it by its public address, which can be cut.
    const url = `http://localhost:${proxy.port}`;
    const environment = { PORT: String(port), PUBLIC_URL: url };
    const direct = await startPatchbay({ environment, sandbox: { items: 250 } });
    const newBrowser = (): HttpBrowser => new HttpBrowser(url);
    return Object.create(direct, { url: { value: url }, newBrowser: { value: newBrowser } }) as RunningPatchbay;
  });
  afterAll(() => proxy.close());
  beforeEach(() => stage.control.reset());

  const visit = async (options?: VisitOptions, at?: RunningPatchbay): Promise<Visit> => {
    ann = await stage.visit(options, at);
    return ann;
  };
  const rows = (): Locator => ann.page.getByTestId('item');
  const count = async (): Promise<number> =>
    Number(await ann.page.getByTestId('items-count').getAttribute('data-count'));
  /** Holds back all of HubSpot's pages but the first ones. */
  const holdBack = async (pages: number): Promise<void> => {
    const slow = { provider: 'hubspot', endpoint: '/crm', mode: 'slow' } as const;
    await stage.control.fault({ ...slow, delay_ms: 0, times: pages });
    await stage.control.fault({ ...slow, delay_ms: FOREVER_MS });
  };
  const whole = (integration: string) =>
    loadAll(stage.patchbay.newBrowser(), integration, { ...ann.owner, page_size: 1000 });
  const idsOf = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id).sort();

  describe('under way', () => {
    const FIRST_PAGES = 4;

    const loadHalf = async (): Promise<void> => {
      await visit({ connected: ['hubspot'] });
      await holdBack(FIRST_PAGES);
      await ann.beginLoad('hubspot');
      await eventually(count, (loaded) => loaded >= 100);
    };

    it('counts live and by type, stops at once and goes on from there without an item missing or twice', async () => {
      await loadHalf();
      const types = ann.page.getByTestId('type-progress');
      await eventually(
        () => types.count(),
        (seen) => seen === 4,
      );
      await expectGoodLooks(ann, 'explore-loading');
      await ann.page.getByTestId('items-stop').click();
      await ann.panel('hubspot', 'stopped').waitFor();
      const had = await count();
      await stage.control.clearFaults();
      expect(await count()).toBe(had);
      await ann.page.getByTestId('items-resume').click();
      const all = await whole('hubspot');
      expect(await ann.loaded('hubspot')).toBe(all.length);
      expect((await ann.itemIds('hubspot')).sort()).toEqual(idsOf(all));
      expect(had).toBeLessThan(all.length);
    });

    it('goes on by itself when the connection is cut and the session has ended meanwhile', async () => {
      await loadHalf();
      ann.witness.tolerateAnOutage();
      // Whoever asks first finds that the session has ended, and renews it.
      for (const path of [HUBSPOT_LOAD, '/integrations', '/connections']) ann.witness.tolerate(401, path);
      const [kept] = await ann.keptSessions();
      await stage.patchbay.application.get(BrowserSessions, { strict: false }).end(kept!.sessionId);
      proxy.refuse();
      const waiting = ann.page.locator('[data-testid=items-waiting][data-why=connection]');
      await waiting.waitFor();
      expect(await waiting.textContent()).toMatch(/broke off. What is loaded stays; next try in \d+ s/);
      expect(await count()).toBeGreaterThan(0);
      await expectGoodLooks(ann, 'explore-cut');
      await stage.control.clearFaults();
      proxy.spoil({});
      await ann.page.getByTestId('items-go-on-now').click();
      const all = await whole('hubspot');
      expect(await ann.loaded('hubspot')).toBe(all.length);
      expect((await ann.itemIds('hubspot')).sort()).toEqual(idsOf(all));
      expect((await ann.keptSessions())[0]!.sessionId).not.toBe(kept!.sessionId);
    });

    it('goes on by itself when the service is restarted', async () => {
      await loadHalf();
      ann.witness.tolerateAnOutage();
      ann.witness.tolerate(503, HUBSPOT_LOAD);
      const restarted = stage.patchbay.restart();
      await ann.panel('hubspot', 'waiting').waitFor();
      await stage.control.clearFaults();
      await restarted;
      expect(await ann.loaded('hubspot')).toBe((await whole('hubspot')).length);
    });

    it('is as if it had not been after a reload: the account is there to load from', async () => {
      await loadHalf();
      await ann.page.reload();
      await stage.control.clearFaults();
      const choice = ann.page.getByTestId('choice');
      await choice.waitFor();
      expect(await ann.page.getByTestId('items-panel').count()).toBe(0);
      await choice.getByTestId('load-hubspot').click();
      expect(await ann.loaded('hubspot')).toBe((await whole('hubspot')).length);
    });
  });

  it('marks what is missing and why, and loads it when it can be had', async () => {
    await visit({ connected: ['hubspot'] });
    const all = await whole('hubspot');
    await stage.control.fault({
      provider: 'hubspot',
      endpoint: '/crm/v3/objects/tickets',
      mode: 'status',
      status: 400,
    });
    const loaded = await ann.load('hubspot');
    expect(loaded).toBeLessThan(all.length);
    const failures = ann.page.getByTestId('items-failures');
    expect(await failures.textContent()).toMatch(/ticket: .*\(provider_error\)/);
    expect(await ann.page.locator('[data-testid=type-progress][data-type=ticket]').getAttribute('data-state')).toBe(
      'failed',
    );
    await expectGoodLooks(ann, 'explore-partial');
    await stage.control.reset();
    await failures.getByTestId('items-retry-missing').click();
    await ann.panel('hubspot', 'done').locator(`[data-testid=items-count][data-count="${all.length}"]`).waitFor();
    expect(await failures.count()).toBe(0);
    expect((await ann.itemIds('hubspot')).sort()).toEqual(idsOf(all));
  });

  it('says so when nothing could be had', async () => {
    await visit({ connected: ['slack'] });
    ann.witness.tolerate(502, '/load');
    await stage.control.fault({ provider: 'slack', endpoint: 'api', mode: 'status', status: 400 });
    await ann.beginLoad('slack');
    await ann.panel('slack', 'failed').waitFor();
    await expectGoodLooks(ann, 'explore-failed');
  });

  it('shows an earlier load while the provider is away, marked as such, and the current one once it is back', async () => {
    await visit({ connected: ['slack'] });
    const earlier = await stage.patchbay.newBrowser().post('/integrations/slack/load', { ...ann.owner });
    expect(earlier.status).toBe(200);
    // Behind the last page that is kept.
    ann.witness.tolerate(503, '/load');
    await stage.control.fault({ provider: 'slack', endpoint: 'api', mode: 'status', status: 500 });
    await ann.beginLoad('slack');
    const stale = ann.page.getByTestId('items-stale');
    await stale.waitFor();
    expect(await stale.textContent()).toMatch(/Not current.*Slack can't be reached.*loaded on .*\d/);
    await rows().first().waitFor();
    expect(await count()).toBe(100);
    await expectGoodLooks(ann, 'explore-stale');
    await stage.control.reset();
    // Slack is tried again when its circuit lets somebody.
    await ann.panel('slack', 'done').waitFor();
    expect(await ann.loaded('slack')).toBe((await whole('slack')).length);
    expect(await stale.count()).toBe(0);
  });

  it('says so of an account that has nothing', async () => {
    const empty = await startPatchbay({ sandbox: { items: 0 } });
    try {
      await visit({}, empty);
      await ann.connect('slack');
      expect(await ann.load('slack')).toBe(0);
      expect(await ann.panel('slack', 'done').textContent()).toContain('There are no items in this account.');
      await expectGoodLooks(ann, 'explore-empty');
    } finally {
      await empty.close();
    }
  });
});
