import { describe, expect, it } from '@jest/globals';
import { BrowserSessions } from '../../src/callers/browser-sessions.ts';
import { BrowserStage } from '../support/browser-stage.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { foundBinary } from '../support/found-binaries.ts';
import { loadAll } from '../support/load-all.ts';
import { decide, type Visit } from '../support/page-visit.ts';
import { startPatchbay } from '../support/patchbay.ts';
import { startRedis } from '../support/redis-server.ts';
import { newClient } from '../support/signed-caller.ts';

const describeWithBoth = foundBinary('redis-server') === undefined ? describe.skip : describeWithChromium;
const LOAD = '/integrations/hubspot/load';
/** Far longer than any test. */
const FOREVER_MS = 600_000;

/** The journeys that lean on the store, of which the other suites have all on the embedded one. */
describeWithBoth('The page, over Redis', () => {
  const stage = BrowserStage.within(async () => {
    const redis = await startRedis({ appendOnly: true });
    const patchbay = await startPatchbay({ environment: { REDIS_URL: redis.url }, sandbox: { items: 60 } });
    const close = async (): Promise<void> => {
      await patchbay.close();
      await redis.stop();
    };
    return Object.create(patchbay, { close: { value: close } }) as typeof patchbay;
  });
  const idsOf = async (of: Visit, integration: string): Promise<string[]> => {
    const all = await loadAll(stage.patchbay.newBrowser(), integration, { ...of.owner, page_size: 1000 });
    return all.map(({ id }) => id).sort();
  };
  /** Connects, and begins a load of which all but the first pages are held back. */
  const loadHalf = async (): Promise<Visit> => {
    const ann = await stage.visit();
    await ann.connect('hubspot');
    const slow = { provider: 'hubspot', endpoint: '/crm', mode: 'slow' } as const;
    await stage.control.fault({ ...slow, delay_ms: 0, times: 3 });
    await stage.control.fault({ ...slow, delay_ms: FOREVER_MS });
    await ann.beginLoad('hubspot');
    await eventually(
      async () => Number(await ann.page.getByTestId('items-count').getAttribute('data-count')),
      (count) => count > 0,
    );
    return ann;
  };

  it('connects and loads, and keeps the connection through a restart', async () => {
    const ann = await stage.visit();
    await ann.connect('hubspot');
    const count = await ann.load('hubspot');
    expect(count).toBeGreaterThan(0);
    await stage.patchbay.restart();
    await ann.page.reload();
    await ann.goTo('Connect');
    await ann.connections('hubspot').waitFor();
    expect(await ann.load('hubspot')).toBe(count);
  });

  it('connects after access was declined, hears that an account is there already, and disconnects', async () => {
    const ann = await stage.visit();
    await decide(await ann.openPopup('slack'), 'Deny');
    await decide(await ann.popupAfter(ann.notice('slack', 'denied').getByTestId('connect-again')), 'Approve');
    await ann.connections('slack').waitFor();
    await ann.connect('slack');
    await ann.notice('slack', 'connected').getByText('This account was connected already').waitFor();
    const { revocations } = await stage.control.stats('slack');
    await ann.page.getByTestId('disconnect-slack').click();
    await ann.page.getByTestId('disconnect-confirm').click();
    await ann.card('slack').getByTestId('not-connected').waitFor();
    expect((await stage.control.stats('slack')).revocations).toBeGreaterThan(revocations);
  });

  it('shows in one tab what another has connected', async () => {
    const ann = await stage.visit();
    const tab = await ann.openTab(stage.patchbay.url);
    await ann.connect('notion');
    await tab.getByTestId('card-notion').getByTestId('connection').waitFor();
    expect(await ann.keptSessions()).toHaveLength(1);
  });

  describe('in the middle of a load', () => {
    it('goes on by itself with another session when its own has ended, with every item once', async () => {
      const ann = await loadHalf();
      ann.witness.tolerateAnOutage();
      ann.witness.tolerate(503, LOAD);
      for (const path of [LOAD, '/integrations', '/connections']) ann.witness.tolerate(401, path);
      const [kept] = await ann.keptSessions();
      await stage.patchbay.application.get(BrowserSessions, { strict: false }).end(kept!.sessionId);
      const restarted = stage.patchbay.restart();
      await ann.panel('hubspot', 'waiting').waitFor();
      await stage.control.clearFaults();
      await restarted;
      await ann.loaded('hubspot');
      expect((await ann.itemIds('hubspot')).sort()).toEqual(await idsOf(ann, 'hubspot'));
      expect((await ann.keptSessions())[0]!.sessionId).not.toBe(kept!.sessionId);
    });

    it('has the account there to load from after a reload', async () => {
      const ann = await loadHalf();
      await ann.page.reload();
      await stage.control.clearFaults();
      await ann.page.getByTestId('choice').getByTestId('load-hubspot').click();
      expect(await ann.loaded('hubspot')).toBe((await idsOf(ann, 'hubspot')).length);
    });
  });

  it('opens a connect link once, connects there, and exports as CSV what it loads', async () => {
    const backend = await newClient(stage.patchbay, { permissions: ['sessions:create'] });
    const issued = await backend.call('POST', '/sessions', { user_id: 'guest', org_id: 'acme' });
    const link = String(issued.json['connect_url']).replace('/connect#', '/#');
    const eve = await stage.visit({ address: link, arrival: 'signed-in-panel' });
    await eve.connect('notion');
    const count = await eve.load('notion');
    // A head, and a row for each; a row may have line breaks within quotes.
    expect((await eve.exported('notion', 'csv')).split('\r\n').length).toBeGreaterThan(count);
    const late = await stage.visit({ address: link, arrival: 'session-out' });
    late.witness.tolerate(403, '/sessions/activate');
    expect(await late.page.getByTestId('session-out-code').textContent()).toBe('link_refused');
  });
});
