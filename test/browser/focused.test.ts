import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FrameLocator, Page } from 'playwright-core';
import { BrowserStage } from '../support/browser-stage.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { decide, type Visit, type VisitOptions } from '../support/page-visit.ts';
import { newClient } from '../support/signed-caller.ts';

const FOCUSED = 'focused-page';
let people = 0;

/** What a connect link opens: the accounts of one person, within an application that isn't ours. */
describeWithChromium('The page of a connect link', () => {
  const stage = BrowserStage.within();
  let application: Server;
  /** The application's own address; by another site's name for the same; and a page that nobody allowed. */
  let host: string;
  let elsewhere: string;
  let foreign: string;
  let visit: Visit;

  const linkFor = async (more: Record<string, unknown> = {}): Promise<string> => {
    const backend = await newClient(stage.patchbay, { permissions: ['sessions:create'] });
    const person = { user_id: `guest-${(people += 1)}`, org_id: 'acme', integrations: ['notion', 'slack'] };
    const issued = await backend.call('POST', '/sessions', {
      ...person,
      return_url: `${host}/settings?tab=2`,
      ...more,
    });
    expect(issued.status).toBe(201);
    return String(issued.json['connect_url']);
  };
  const follow = async (address: string, options: VisitOptions = {}): Promise<Visit> => {
    visit = await stage.visit({ address, arrival: FOCUSED, ...options });
    return visit;
  };
  const framedBy = async (origin: string, link: string, options: VisitOptions = {}): Promise<FrameLocator> => {
    const address = `${origin}/embed#${encodeURIComponent(link)}`;
    visit = await stage.visit({ address, arrival: 'frame', ...options });
    return visit.page.frameLocator('iframe');
  };

  beforeAll(async () => {
    application = createServer((request, response) => {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(request.url?.startsWith('/embed') === true ? EMBEDDING : '<title>Settings</title><h1>Settings</h1>');
    });
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
    const { port } = application.address() as AddressInfo;
    [host, elsewhere] = [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
    foreign = `http://app.localhost:${port}`;
    await stage.patchbay.restart({ ALLOWED_ORIGINS: [stage.patchbay.url, host, elsewhere].join(',') });
  });
  afterAll(async () => {
    application.closeAllConnections();
    await new Promise((resolve) => application.close(resolve));
  });

  it('shows what its session may connect and no way to anything else, and leads back with what was connected', async () => {
    const eve = await follow(await linkFor());
    expect(eve.page.url()).toBe(`${stage.patchbay.url}/connect`);
    await eve.card('slack').getByTestId('not-connected').waitFor();
    expect(await eve.page.locator('[data-testid^=card-]').count()).toBe(2);
    expect(await eve.page.locator('nav, [data-testid=owner-panel], [data-testid=sign-out]').count()).toBe(0);
    expect(await eve.page.title()).toContain('Connect your accounts');
    await eve.picture('focused');
    expect(await eve.page.getByTestId('way-back').getAttribute('href')).toBe(`${host}/settings?tab=2`);

    await eve.connect('notion');
    expect(await eve.page.getByTestId('load-notion').count()).toBe(0);
    await eve.picture('focused-connected');
    const back = eve.page.getByRole('status').getByTestId('way-back');
    expect(await back.textContent()).toBe(`Back to ${new URL(host).host}`);
    const id = await eve.connections('notion').getAttribute('data-connection-id');
    // It waits for the person, who may want to connect more.
    expect(eve.page.url()).toBe(`${stage.patchbay.url}/connect`);
    await back.click();
    await eve.page.waitForURL(`${host}/settings?tab=2&status=connected&integration=notion&connection_id=${id}`);
  });

  it('stays through a reload, with its way back', async () => {
    const eve = await follow(await linkFor());
    await eve.page.reload();
    await eve.page.getByTestId(FOCUSED).waitFor();
    expect(await eve.page.getByTestId('way-back').getAttribute('href')).toBe(`${host}/settings?tab=2`);
  });

  it('goes back by itself when the provider was visited in this very tab', async () => {
    const eve = await follow(await linkFor(), { script: 'window.open = () => null' });
    await eve.page.getByTestId('connect-slack').click();
    await eve.notice('slack', 'blocked').getByTestId('connect-same-tab').click();
    await decide(eve.page, 'Approve');
    await eve.page.waitForURL(/\/settings\?tab=2&status=connected&integration=slack&connection_id=con_/);
  });

  it('stays when access was declined there, and when an address only says that something was connected', async () => {
    const eve = await follow(await linkFor(), { script: 'window.open = () => null' });
    await eve.page.getByTestId('connect-slack').click();
    await eve.notice('slack', 'blocked').getByTestId('connect-same-tab').click();
    await decide(eve.page, 'Deny');
    await eve.page.locator('[data-testid=returned][data-status=denied]').waitFor();

    await eve.page.goto(`${stage.patchbay.url}/connect?status=connected&connection_id=con_madeUp`);
    await eve.card('slack').getByTestId('not-connected').waitFor();
    expect(eve.page.url()).toBe(`${stage.patchbay.url}/connect`);
    expect(await eve.page.getByTestId('way-back').getAttribute('href')).toBe(`${host}/settings?tab=2`);
  });

  it('without a link acts as nobody, not even where there is a demo', async () => {
    visit = await stage.visit({ address: `${stage.patchbay.url}/connect`, arrival: 'no-link' });
    expect(await visit.page.getByTestId('cards').count()).toBe(0);
    expect(await visit.witness.received('/demo/sessions')).toEqual([]);
    await visit.picture('focused-no-link');
  });

  describe('within a page', () => {
    it('of the application connects, and tells it and nobody else', async () => {
      const frame = await framedBy(host, await linkFor());
      await frame.getByTestId(FOCUSED).waitFor();
      const [popup] = await Promise.all([
        visit.page.waitForEvent('popup'),
        frame.getByTestId('connect-notion').click(),
      ]);
      await decide(popup, 'Approve');
      await frame.locator('[data-testid=connect-notice][data-phase=connected]').waitFor();
      const id = await frame.getByTestId('connection').getAttribute('data-connection-id');
      await visit.page.locator('#heard li').waitFor({ state: 'attached' });
      expect(await heardBy(visit.page)).toEqual([
        {
          origin: stage.patchbay.url,
          data: { type: 'patchbay.connection', integration: 'notion', status: 'connected', connection_id: id },
        },
      ]);
      await visit.picture('framed');
      await frame.getByRole('status').getByTestId('way-back').click();
      await visit.page.waitForURL(/\/settings\?tab=2&status=connected&integration=notion/);
    });

    it('other than the one it leads back to works there, and tells it nothing', async () => {
      const frame = await framedBy(host, await linkFor({ return_url: `${stage.patchbay.url}/elsewhere` }));
      visit.witness.tolerateComplaint(/Failed to execute 'postMessage'/);
      const [popup] = await Promise.all([visit.page.waitForEvent('popup'), frame.getByTestId('connect-slack').click()]);
      await decide(popup, 'Approve');
      await frame.locator('[data-testid=connect-notice][data-phase=connected]').waitFor();
      await frame.getByRole('status').getByTestId('way-back').waitFor();
      expect(await heardBy(visit.page)).toEqual([]);
    });

    it('of another site, where no answer could be bound to the browser, opens in a window of its own', async () => {
      const frame = await framedBy(elsewhere, await linkFor());
      const open = frame.getByTestId('open-new-window');
      await open.waitFor();
      await visit.picture('framed-elsewhere');
      expect(await visit.witness.received('/sessions/activate')).toEqual([]);
      const [page] = await Promise.all([visit.context.waitForEvent('page'), open.click()]);
      await page.getByTestId(FOCUSED).waitFor();
      const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByTestId('connect-notion').click()]);
      await decide(popup, 'Approve');
      await page.getByTestId('connection').waitFor();
    });

    it('that nobody allowed is not shown at all', async () => {
      const link = await linkFor();
      const frame = await framedBy(foreign, link);
      visit.witness.tolerateComplaint(/frame-ancestors|Refused to frame|Framing/);
      await visit.page.waitForFunction('window.frames.length === 1 && document.readyState === "complete"');
      expect(await frame.locator('#root').count()).toBe(0);
      expect(await visit.witness.received('/sessions/activate')).toEqual([]);
      // Its link is still good for whom it was made.
      await visit.page.goto(link);
      await visit.page.getByTestId(FOCUSED).waitFor();
    });

    it('never holds the page that can do everything', async () => {
      const frame = await framedBy(host, (await linkFor()).replace('/connect#', '/#'));
      visit.witness.tolerateComplaint(/frame-ancestors|Refused to frame|Framing|X-Frame-Options/);
      await visit.page.waitForFunction('window.frames.length === 1 && document.readyState === "complete"');
      expect(await frame.locator('#root').count()).toBe(0);
    });
  });

  it('reads well on a small dark screen', async () => {
    const eve = await follow(await linkFor(), { colorScheme: 'dark', viewport: { width: 360, height: 740 } });
    await eve.connect('slack');
    expect(await eve.page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await eve.picture('focused-small-dark');
  });
});

interface Heard {
  readonly origin: string;
  readonly data: unknown;
}

async function heardBy(page: Page): Promise<Heard[]> {
  const lines = await page.locator('#heard li').allTextContents();
  return lines.map((line) => JSON.parse(line) as Heard);
}

/** An application's page that frames the address in its own fragment, and writes down what it is told. */
const EMBEDDING = `<!doctype html><title>Embedding</title><body style="font: 1rem system-ui; margin: 1rem">
<h1>Settings of an application</h1><iframe data-testid="frame" style="width: 100%; height: 900px; border: 1px solid #999"></iframe>
<ul id="heard" hidden></ul><script>
addEventListener('message', ({ origin, data }) => {
  document.getElementById('heard').append(Object.assign(document.createElement('li'), { textContent: JSON.stringify({ origin, data }) }));
});
document.querySelector('iframe').src = decodeURIComponent(location.hash.slice(1));
</script>`;
