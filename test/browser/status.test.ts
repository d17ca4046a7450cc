import { expect, it } from '@jest/globals';
import { violations } from '../support/axe.ts';
import { BrowserStage } from '../support/browser-stage.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import type { Visit, VisitOptions } from '../support/page-visit.ts';
import { OWNER, startPatchbay } from '../support/patchbay.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { newClient, type SessionFor } from '../support/signed-caller.ts';

const STATUS = '/operations/status';
const LOOKS = [
  ['light', 1280],
  ['dark', 1280],
  ['dark', 360],
  ['light', 360],
  ['light', 2560],
] as const;
const EVE = { user_id: 'eve', org_id: 'acme' };

/** A page whose intervals pass in a fiftieth of their time, and that counts how many of five seconds have passed. */
const FAST = `const every = window.setInterval.bind(window);
  window.intervals = 0;
  every(() => (window.intervals += 1), 100);
  window.setInterval = (act, ms) => every(act, ms / 50);`;

describeWithChromium('The status page', () => {
  const stage = BrowserStage.within(async () => {
    const patchbay = await startPatchbay();
    const sandbox = new SandboxControl(patchbay.sandbox);
    const product = patchbay.newBrowser();
    for (const name of ['airtable', 'notion', 'slack']) await product.connect(name, OWNER);
    for (const name of ['notion', 'slack']) await product.post(`/integrations/${name}/load`, OWNER);
    await sandbox.expire('notion', 'access');
    await product.post('/integrations/notion/load', OWNER);
    await product.get('/nowhere');
    await sandbox.fault({ provider: 'airtable', endpoint: 'api', mode: 'status', status: 500 });
    await eventually(
      () => product.post('/integrations/airtable/load', OWNER),
      ({ status }) => status === 503,
    );
    return patchbay;
  });

  const visit = (options: VisitOptions = {}): Promise<Visit> =>
    stage.visit({ ...{ address: `${stage.patchbay.url}/status`, arrival: 'sentence' }, ...options });
  const linkFor = async (asked: SessionFor): Promise<string> => {
    const issued = await (await newClient(stage.patchbay)).call('POST', '/sessions', asked);
    expect(issued.status).toBe(201);
    // The whole page, not that for connecting alone.
    return String(issued.json['connect_url']).replace('/connect#', '/#');
  };
  /** Charts have lines from their second point on. */
  const drawn = (of: Visit) => of.page.locator('[data-testid=chart][data-chart=Requests]').waitFor();

  it('says at a glance who is left alone, why, and when it is tried again', async () => {
    const operator = await visit();
    const { page } = operator;
    const airtable = page.getByTestId('provider-airtable').getByTestId('circuit-api');
    expect(await page.getByTestId('sentence').textContent()).toMatch(/Airtable (?:left alone|on trial)/);
    expect(await airtable.textContent()).toMatch(/server errors, 1\d failures in a row|server errors, 10 failures/);
    const notion = page.getByTestId('provider-notion').getByTestId('circuit-api');
    expect(await notion.getAttribute('data-state')).toBe('closed');
    await drawn(operator);
    const strip = airtable.getByRole('img');
    expect(await strip.getAttribute('aria-label')).toMatch(/^API: Not answering for .*% of the last/);
    const requests = page.locator('[data-chart=Requests]').getByRole('img');
    expect(await requests.getAttribute('aria-label')).toMatch(/^Requests: Served, .* now, lowest .*, highest [1-9]/);
    await operator.picture('status-light');
  });

  it('reads anew every few seconds, and stops while it is out of sight', async () => {
    const operator = await visit({ script: FAST });
    const { page } = operator;
    let asked = 0;
    page.on('request', (request) => (asked += Number(request.url().endsWith(STATUS))));
    await eventually(
      () => asked,
      (count) => count > 2,
    );
    const see = (state: 'visible' | 'hidden') =>
      page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`);
    await see('hidden');
    const before = asked;
    const due = await page.evaluate<number>('window.intervals');
    await eventually(
      () => page.evaluate<number>('window.intervals'),
      (count) => count > due + 5,
    );
    expect(asked).toBe(before);
    await see('visible');
    await eventually(
      () => asked,
      (count) => count > before,
    );
  });

  it('tells the numbers of a moment that the arrow keys choose', async () => {
    const operator = await visit();
    await drawn(operator);
    const chart = operator.page.locator('[data-testid=chart][data-chart=Requests]');
    const cursor = chart.getByRole('slider', { name: 'Moment in Requests' });
    expect(await chart.getByTestId('chart-moment').textContent()).toBe('now');
    await cursor.focus();
    await operator.page.keyboard.press('Home');
    const first = await cursor.getAttribute('aria-valuetext');
    expect(first).toMatch(/^\d.*: Served /);
    expect(await chart.getByTestId('chart-moment').textContent()).not.toBe('now');
    await operator.page.keyboard.press('ArrowRight');
    expect(await cursor.getAttribute('aria-valuetext')).not.toBe(first);
    await operator.picture('status-keyboard');
    await operator.page.keyboard.press('Tab');
    expect(await chart.getByTestId('chart-moment').textContent()).toBe('now');
  });

  it('has every chart as a table, and more of a provider when asked', async () => {
    const operator = await visit();
    await drawn(operator);
    const chart = operator.page.locator('[data-testid=chart][data-chart=Requests]');
    await chart.getByText('As a table').click();
    const table = chart.getByRole('table');
    // A head, and a row for each of the points that make a line.
    await table.getByRole('row').nth(2).waitFor();
    const notion = operator.page.getByTestId('provider-notion');
    await notion.getByText('Latency, pacing and refreshes').click();
    const refreshes = notion.locator('[data-chart="Refreshes at Notion"]').getByRole('img');
    expect(await refreshes.getAttribute('aria-label')).toMatch(/Renewed, .* highest 1/);
    expect(await violations(operator.page)).toEqual([]);
    await operator.picture('status-opened');
  });

  it('has nothing that axe minds, and scrolls in one direction, light and dark and from 360 px to 2560 px', async () => {
    const operator = await visit();
    const { page } = operator;
    await drawn(operator);
    for (const [colorScheme, width] of LOOKS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      expect([colorScheme, width, await violations(page)]).toEqual([colorScheme, width, []]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await operator.picture(`status-${colorScheme}-${width}`);
    }
  });

  it('is linked for whoever may see it', async () => {
    const operator = await visit({
      address: await linkFor({ ...EVE, permissions: ['operations:read'] }),
      arrival: 'signed-in-panel',
    });
    await operator.page.getByRole('link', { name: 'Status' }).click();
    await operator.page.getByTestId('sentence').waitFor();
  });

  it('is not linked for anybody else, who is told so at its address', async () => {
    const user = await visit({ address: await linkFor(EVE), arrival: 'signed-in-panel' });
    expect(await user.page.getByRole('link', { name: 'Explore' }).count()).toBe(1);
    expect(await user.page.getByRole('link', { name: 'Status' }).count()).toBe(0);
    user.witness.tolerate(403, STATUS);
    await user.page.goto(`${stage.patchbay.url}/status`);
    await user.page.getByTestId('status-forbidden').waitFor();
    expect(await user.page.getByTestId('sentence').count()).toBe(0);
    expect(await violations(user.page)).toEqual([]);
    await user.picture('status-forbidden');
  });

  it('says that its numbers are old while the service does not answer, and goes on when it does', async () => {
    const operator = await visit();
    await drawn(operator);
    operator.witness.tolerateAnOutage();
    const pattern = `**${STATUS}`;
    await operator.page.route(pattern, (route) => route.abort());
    await operator.page.getByTestId('status-stale').waitFor();
    expect(await operator.page.getByTestId('sentence').count()).toBe(1);
    expect(await violations(operator.page)).toEqual([]);
    await operator.picture('status-stale');
    await operator.page.unroute(pattern);
    await operator.page.getByTestId('status-stale').waitFor({ state: 'detached' });
  });

  it('says what is wrong when there are no numbers at all', async () => {
    const script = `const send = window.fetch; window.fetch = (request) =>
      request.url?.endsWith('${STATUS}') ? Promise.reject(new TypeError('away')) : send(request);`;
    const operator = await visit({ script, arrival: 'status-error' });
    expect(await operator.page.getByTestId('status-error-code').textContent()).toBe('network_error');
    await operator.picture('status-away');
  });

  it('says that it has only just started, and that another process answers', async () => {
    const operator = await visit();
    operator.witness.tolerateAnOutage();
    operator.witness.tolerate(503, STATUS);
    await stage.patchbay.restart();
    await operator.page.getByTestId('process-replaced').waitFor();
    const newcomer = await visit();
    await newcomer.picture('status-young');
  });
});
