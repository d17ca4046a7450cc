import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BrowserStage } from '../support/browser-stage.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { connectable, decide, type Visit, type VisitOptions } from '../support/page-visit.ts';
import { startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';

const NO_BROADCAST = 'BroadcastChannel.prototype.postMessage = () => undefined;';
/** `window.opener` as a provider's Cross-Origin-Opener-Policy leaves it. */
const NO_OPENER = `if (location.pathname.endsWith('/oauth2callback')) window.opener = null;`;

/** The ways on which the page can learn how a popup ended, each on its own and under what providers do to them. */
describeWithChromium('The result of a popup', () => {
  const policies = ['same-origin', 'same-origin-allow-popups', 'noopener-allow-popups', 'unsafe-none', null] as const;
  const patchbays = new Map<string | null, RunningPatchbay>();
  // Its own provider sends no such policy.
  const stage = BrowserStage.within();
  let ann: Visit;

  const visit = async (policy: string | null, options?: VisitOptions): Promise<void> => {
    ann = await stage.visit(options, patchbays.get(policy) ?? stage.patchbay);
  };
  /** From here on no timer of the page fires, so that it can only learn what somebody tells it. */
  const stopLookingByItself = async (): Promise<void> => {
    await ann.page.clock.install();
    await ann.page.reload();
    await connectable(ann.page);
    // What it draws with needs timers, too: it has to stand before they stop.
    await ann.card('airtable').getByTestId('not-connected').waitFor();
    // No further ahead than a signature may be.
    await ann.page.clock.pauseAt(Date.now() + 10_000);
  };
  const connectsWithTimersStopped = async (): Promise<void> => {
    await stopLookingByItself();
    await decide(await ann.openPopup('airtable'), 'Approve');
    await ann.notice('airtable', 'connected').waitFor();
    await ann.page.clock.resume();
    await ann.connections('airtable').waitFor();
  };

  beforeAll(async () => {
    const start = async (crossOriginOpenerPolicy: string | null): Promise<void> => {
      patchbays.set(crossOriginOpenerPolicy, await startPatchbay({ sandbox: { crossOriginOpenerPolicy } }));
    };
    await Promise.all(policies.filter((policy) => policy !== null).map(start));
  });
  afterAll(async () => {
    for (const patchbay of patchbays.values()) await patchbay.close();
  });

  it.each(policies)('arrives when the provider sends Cross-Origin-Opener-Policy: %s', async (policy) => {
    await visit(policy);
    const popup = await ann.openPopup('hubspot');
    const [consent] = await ann.witness.received('/hubspot/oauth/authorize');
    expect(consent?.headers['cross-origin-opener-policy'] ?? null).toBe(policy);
    // With some of these policies `popup.closed` reads true from now on, though the popup is open.
    await ann.look('hubspot');
    expect(await ann.notice('hubspot', 'waiting').count()).toBe(1);
    await decide(popup, 'Approve');
    await ann.notice('hubspot', 'connected').waitFor();
    await ann.connections('hubspot').waitFor();
  });

  it.each(['same-origin', null] as const)('of a denial arrives under %s, too', async (policy) => {
    await visit(policy);
    await decide(await ann.openPopup('slack'), 'Deny');
    await ann.notice('slack', 'denied').waitFor();
  });

  it('is learned by looking alone, when no message gets through', async () => {
    await visit(null, { script: NO_BROADCAST + NO_OPENER });
    await decide(await ann.openPopup('airtable'), 'Approve');
    await ann.notice('airtable', 'connected').waitFor();
    await ann.connections('airtable').waitFor();
  });

  it('is heard over the broadcast channel at once, when the opener is severed', async () => {
    await visit('same-origin', { script: NO_OPENER });
    await connectsWithTimersStopped();
  });

  it('is heard from the popup itself at once, when the broadcast is lost', async () => {
    await visit(null, { script: NO_BROADCAST });
    await connectsWithTimersStopped();
  });

  it('is not believed from a message alone: the service has to say it', async () => {
    await visit(null);
    const popup = await ann.openPopup('notion');
    const state = new URL(popup.url()).searchParams.get('state');
    const lie = { type: 'patchbay.connection', integration: 'notion', status: 'connected', state };
    const looked = ann.page.waitForResponse(/\/authorizations\//);
    await ann.page.evaluate(`window.postMessage(${JSON.stringify(lie)}, location.origin)`);
    await looked;
    expect(await ann.notice('notion', 'waiting').count()).toBe(1);
    expect(await ann.connections('notion').count()).toBe(0);
  });
});
