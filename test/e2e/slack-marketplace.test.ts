import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { stopTime } from '../../src/outbound/fixtures/stopped-clock.ts';
import { loadAll } from '../support/load-all.ts';
import { OWNER, startPatchbay, type PatchbayOptions, type RunningPatchbay } from '../support/patchbay.ts';
import { SandboxControl, type ProviderStats } from '../support/sandbox-control.ts';

const MESSAGES = { ...OWNER, item_types: ['message'], page_size: 1000 };

let patchbay: RunningPatchbay | undefined;
afterEach(async () => {
  jest.useRealTimers();
  await patchbay?.close();
  patchbay = undefined;
});

async function connected(options: PatchbayOptions) {
  patchbay = await startPatchbay(options);
  const browser = patchbay.newBrowser();
  await browser.connect('slack', OWNER);
  return { browser, control: new SandboxControl(patchbay.sandbox) };
}

const historyCalls = ({ requests }: ProviderStats): number => requests['GET /api/conversations.history'] ?? 0;

describe('An app of Slack’s that is sold outside the Marketplace', () => {
  const soldElsewhere = { items: 40, rateLimits: true, slack: { marketplace: false } };

  it('with SLACK_MARKETPLACE=false asks for messages once a minute, meets no 429, and a page leads on', async () => {
    stopTime();
    const { browser, control } = await connected({
      environment: { SLACK_MARKETPLACE: 'false' },
      sandbox: soldElsewhere,
    });
    const first = await browser.post('/integrations/slack/load', MESSAGES);
    expect([first.status, first.json['failures']]).toEqual([200, []]);
    const items = first.json['items'] as unknown[];
    expect(items.length).toBeGreaterThan(0);
    expect(items.length).toBeLessThanOrEqual(15);
    const next = await browser.post('/integrations/slack/load', { ...MESSAGES, cursor: first.json['next_cursor'] });
    expect([next.status, next.json['error']]).toEqual([503, 'provider_rate_limited']);
    expect(Number(next.headers.get('retry-after'))).toBeGreaterThanOrEqual(60);
    const stats = await control.stats('slack');
    expect([historyCalls(stats), stats.rate_limit_breaches]).toEqual([1, 0]);
  });

  it('is taken for one of the Marketplace when nobody says otherwise, and is told by Slack', async () => {
    const { browser, control } = await connected({ sandbox: soldElsewhere });
    await browser.post('/integrations/slack/load', MESSAGES);
    const stats = await control.stats('slack');
    expect(historyCalls(stats)).toBeGreaterThan(1);
    expect(stats.rate_limit_breaches).toBeGreaterThan(0);
  });

  it('has all messages loaded in pages of fifteen, the same as in large ones', async () => {
    const sandbox = { items: 40, slack: { marketplace: false } };
    const small = await connected({ environment: { SLACK_MARKETPLACE: 'false' }, sandbox });
    const inSmallPages = await loadAll(small.browser, 'slack', MESSAGES);
    await patchbay?.close();
    const large = await connected({ sandbox: { items: 40 } });
    const inLargePages = await loadAll(large.browser, 'slack', MESSAGES);
    expect(inSmallPages.map(({ id }) => id)).toEqual(inLargePages.map(({ id }) => id));
    expect(inSmallPages.length).toBeGreaterThan(15);
  });
});
