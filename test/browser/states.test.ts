import { describe, expect, it } from '@jest/globals';
import type { Locator, Route } from 'playwright-core';
import { violations } from '../support/axe.ts';
import { BrowserStage } from '../support/browser-stage.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { connectable, pictures, type Visit, type VisitOptions } from '../support/page-visit.ts';

/** What the page calls; its files, which have a dot in their names, still come. */
const CALLS = /\/(?:integrations|connections|health\/ready)(?:\?|$)/;

/** States that nobody wants to be in, and what the page makes of them. Each is pictured, for people to look at. */
describeWithChromium('The page, while', () => {
  const stage = BrowserStage.within();
  let ann: Visit;

  const visit = async (options?: VisitOptions): Promise<void> => {
    ann = await stage.visit(options);
  };
  const banner = (condition: string): Locator =>
    ann.page.locator(`[data-testid=availability][data-condition=${condition}]`);
  const isAccessible = async (): Promise<void> => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await ann.page.emulateMedia({ colorScheme });
      expect([colorScheme, await violations(ann.page)]).toEqual([colorScheme, []]);
    }
  };

  it('somebody is here for the first time, says what to do', async () => {
    await visit();
    expect(await ann.page.getByTestId('first-visit').textContent()).toMatch(/Press Connect.*invented data/);
    await pictures(ann, 'first-visit');
    await isAccessible();
  });

  it('somebody has connected something, has it in its place on every screen', async () => {
    await visit({ connected: ['notion'] });
    expect(await ann.page.getByTestId('first-visit').count()).toBe(0);
    await pictures(ann, 'connected');
    await isAccessible();
    await ann.page.setViewportSize({ width: 2560, height: 1300 });
    await ann.picture('connected-2560');
  });

  it('it waits for an answer, shows where things are going to stand, and says so when that takes long', async () => {
    await visit();
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    await ann.page.route(/\/integrations$/, async (route) => {
      await held;
      await route.continue();
    });
    await ann.page.clock.install();
    await ann.page.reload();
    await ann.page.getByTestId('skeletons').waitFor();
    expect(await ann.page.getByTestId('slow').count()).toBe(0);
    await pictures(ann, 'loading');
    await ann.page.clock.fastForward(6_000);
    await ann.page.getByTestId('slow').waitFor();
    await ann.picture('slow');
    answer();
    await connectable(ann.page);
    expect(await ann.page.getByTestId('skeletons').count()).toBe(0);
  });

  it('the computer is offline, keeps what it shows and goes on by itself afterwards', async () => {
    await visit();
    ann.witness.tolerateAnOutage();
    await ann.context.setOffline(true);
    await banner('offline').getByText('You are offline').waitFor();
    expect(await ann.card('notion').count()).toBe(1);
    await pictures(ann, 'offline');
    await isAccessible();
    await ann.context.setOffline(false);
    await banner('well').waitFor({ state: 'attached' });
  });

  describe.each([
    ['does not answer', 'restarting', (route: Route) => route.abort('connectionrefused')],
    ['has lost its store (503)', 'unavailable', (route: Route) => route.fulfill(refusal(503, 'storage_unavailable'))],
  ])('the service %s,', (_how, name, act) => {
    it('says so, and has everything back by itself', async () => {
      await visit();
      ann.witness.tolerateAnOutage();
      for (const path of ['/integrations', '/connections', '/health/ready']) ann.witness.tolerate(503, path);
      await ann.page.route(CALLS, act);
      await ann.page.reload();
      await banner('away').waitFor();
      await ann.page.getByTestId('skeletons').waitFor();
      await pictures(ann, name);
      await ann.page.unroute(CALLS);
      await connectable(ann.page);
      expect(await banner('well').count()).toBe(1);
      expect(await ann.page.getByTestId('integrations-error').count()).toBe(0);
    });
  });

  it('it has asked too much (429), counts down and then goes on by itself', async () => {
    await visit();
    ann.witness.tolerate(429, '/integrations');
    await ann.page.route(/\/integrations$/, (route) => route.fulfill(refusal(429, 'rate_limited', 6)));
    await ann.page.reload();
    await banner('limited')
      .getByTestId('countdown')
      .getByText(/Back in [1-6] s\./)
      .waitFor();
    await pictures(ann, 'too-many-requests');
    await ann.page.unroute(/\/integrations$/);
    await connectable(ann.page);
    expect(await banner('well').count()).toBe(1);
  });

  it('a part of it is gone since an upgrade, offers to reload', async () => {
    await visit();
    ann.witness.tolerateAnOutage();
    await ann.page.route(/\/assets\/explore-page/, (route) => route.abort('connectionrefused'));
    ann.witness.tolerateComplaint(/dynamically imported module|Unable to preload CSS/);
    await ann.page.getByRole('link', { name: 'Explore' }).click();
    const broken = ann.page.getByTestId('page-broken');
    await broken.waitFor();
    await pictures(ann, 'page-broken');
    await ann.page.unroute(/\/assets\/explore-page/);
    await broken.getByRole('button').click();
    await broken.waitFor({ state: 'detached' });
    await ann.page.getByRole('heading', { level: 1, name: 'Explore items' }).waitFor();
  });
});

function refusal(status: number, error: string, retryAfter = 2) {
  return {
    ...{ status, contentType: 'application/json', headers: { 'retry-after': String(retryAfter) } },
    body: JSON.stringify({ error, message: 'Try again later.', details: { request_id: 'r', retry_after: retryAfter } }),
  };
}
