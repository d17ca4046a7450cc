import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { BrowserSessions } from '../../src/callers/browser-sessions.ts';
import { BrowserStage } from '../support/browser-stage.ts';
import { describeWithChromium } from '../support/chromium.ts';
import { loadAll } from '../support/load-all.ts';
import { connectable, decide, withSessions, type Visit } from '../support/page-visit.ts';
import { startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { newClient, type SessionFor } from '../support/signed-caller.ts';

const ACTIVATE = '/sessions/activate';
const DEMO = '/demo/sessions';
const KEY_ID = /keyid="([^"]+)"/;
const COVERED = '("@method" "@authority" "@path" "@query"';

/** What the page signs its calls with: made in it, kept in it, and good for nobody else. */
describeWithChromium('The session of a browser', () => {
  const stage = BrowserStage.within(() => startPatchbay({ sandbox: { items: 60 } }));
  const activations = async (of: Visit): Promise<number> => (await of.witness.received(ACTIVATE)).length;
  const onlySession = async (of: Visit): Promise<string> => {
    const kept = await of.keptSessions();
    expect(kept).toHaveLength(1);
    return kept[0]!.sessionId;
  };
  const endAtService = (sessionId: string): Promise<void> =>
    stage.patchbay.application.get(BrowserSessions, { strict: false }).end(sessionId);

  it('signs every call that leaves the page, each with a nonce of its own', async () => {
    const ann = await stage.visit();
    const calls = apiCalls(ann.page);
    await ann.connect('notion');
    await ann.load('notion');
    const sessionId = await onlySession(ann);
    expect(calls.length).toBeGreaterThan(3);
    for (const { input, hasBody } of calls) {
      expect(input).toContain(COVERED + (hasBody ? ' "content-type" "content-digest")' : ')'));
      expect(KEY_ID.exec(input)?.[1]).toBe(sessionId);
    }
    const nonces = calls.map(({ input }) => /nonce="([\w-]{22,})"/.exec(input)?.[1]);
    expect(new Set(nonces).size).toBe(calls.length);
    expect(nonces).not.toContain(undefined);
  });

  it('stays the same through a reload', async () => {
    const ann = await stage.visit({ connected: ['slack'] });
    const sessionId = await onlySession(ann);
    const calls = apiCalls(ann.page);
    await ann.page.reload();
    await ann.connections('slack').waitFor();
    expect(await ann.load('slack')).toBeGreaterThan(0);
    expect(new Set(calls.map(({ input }) => KEY_ID.exec(input)?.[1]))).toEqual(new Set([sessionId]));
    expect(await activations(ann)).toBe(1);
  });

  it('is shared by the tabs of one browser, and each of them goes on with the one that another renewed', async () => {
    const ann = await stage.visit({ connected: ['slack'] });
    const sessionId = await onlySession(ann);
    const tab = await ann.openTab(stage.patchbay.url);
    await tab.getByTestId('card-slack').getByTestId('connection').waitFor();
    expect(await activations(ann)).toBe(1);

    ann.witness.tolerate(401, '/load');
    await endAtService(sessionId);
    await Promise.all([ann.load('slack'), tab.getByTestId('load-slack').click()]);
    await tab.locator('[data-testid=items-panel][data-phase=done]').waitFor();
    expect(await activations(ann)).toBe(2);
    expect(await onlySession(ann)).not.toBe(sessionId);
  });

  it('is of no use to another browser that knows its id', async () => {
    const ann = await stage.visit();
    const sessionId = await onlySession(ann);
    const mallory = await stage.visit({ owner: ann.owner });
    const steal = `settled(store().put({ ...all[0], sessionId: ${JSON.stringify(sessionId)} }, keys[0]))`;
    await withSessions(mallory.page, steal);
    mallory.witness.tolerate(401, '/integrations');
    mallory.witness.tolerate(401, '/connections');
    await mallory.page.reload();
    const refused = mallory.page.getByTestId('integrations-error-code');
    await refused.waitFor();
    expect(await refused.textContent()).toBe('invalid_signature');
    expect(await mallory.page.getByTestId('connection').count()).toBe(0);
  });

  it('has a key that nobody can take out of the browser', async () => {
    const ann = await stage.visit();
    const formats = ['jwk', 'pkcs8', 'raw'].map((format) => JSON.stringify(format)).join(', ');
    const exporting = `crypto.subtle.exportKey(format, all[0].privateKey).then(() => 'taken', () => 'refused')`;
    expect(await withSessions(ann.page, `Promise.all([${formats}].map((format) => ${exporting}))`)).toEqual([
      'refused',
      'refused',
      'refused',
    ]);
    expect(await withSessions(ann.page, 'all[0].privateKey.extractable')).toBe(false);
    expect(await withSessions(ann.page, `JSON.stringify(all[0].privateKey)`)).toBe('{}');
  });

  it('leaves no token and no signature where a script could find it', async () => {
    const ann = await stage.visit();
    const calls = apiCalls(ann.page);
    await ann.connect('notion');
    const [issued] = await ann.witness.received(DEMO);
    const { session_token: token } = JSON.parse(issued?.body ?? '{}') as { session_token: string };
    expect(token).toMatch(/^[\w-]{43}$/);
    const kept = await withSessions<string>(
      ann.page,
      `JSON.stringify([{ ...localStorage }, { ...sessionStorage }, all, keys, document.cookie, location.href, history.state])`,
    );
    const secrets = [token, ...calls.map(({ signature }) => signature)];
    expect(secrets.filter((secret) => kept.includes(secret))).toEqual([]);
    expect(await ann.page.evaluate('Object.keys(localStorage)')).not.toContain('patchbay.session');
    expect(await ann.page.evaluate('JSON.stringify(localStorage)')).not.toMatch(/ses_|keyid|sig1/);
  });

  it('is renewed unseen when it ends in the middle of a load', async () => {
    const LOAD = '/integrations/hubspot/load';
    const ann = await stage.visit({ connected: ['hubspot'] });
    const whole = await loadAll(stage.patchbay.newBrowser(), 'hubspot', { ...ann.owner, page_size: 1000 });
    const sessionId = await onlySession(ann);
    let asked = 0;
    await ann.page.route(`**${LOAD}`, async (route) => {
      asked += 1;
      // The first stream breaks off; the one that goes on is another's business.
      if (asked > 1) return route.continue();
      await endAtService(sessionId);
      return route.abort('connectionreset');
    });
    ann.witness.tolerateAnOutage();
    // What else is asked once the service is back finds the session ended as well, if it is first.
    for (const path of [LOAD, '/integrations', '/connections']) ann.witness.tolerate(401, path);
    expect(await ann.load('hubspot')).toBe(whole.length);
    const answers = await ann.witness.received(LOAD);
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(1);
    expect(await activations(ann)).toBe(2);
    expect(await onlySession(ann)).not.toBe(sessionId);
  });

  it.each([-3_600, 3_600])('works on a computer whose clock is off by %i s', async (seconds) => {
    const script = `const now = Date.now; Date.now = () => now() + ${seconds * 1000};`;
    const ann = await stage.visit({ script });
    ann.witness.tolerate(401, ACTIVATE);
    await ann.connect('notion');
    expect(await ann.witness.received(DEMO)).toHaveLength(1);
    const received = await ann.witness.received();
    expect(received.filter(({ status }) => status === 401)).toHaveLength(1);
  });

  describe('that a connect link opens', () => {
    const linkFor = async (asked: SessionFor, at = stage.patchbay): Promise<string> => {
      const backend = await newClient(at, { permissions: ['sessions:create'] });
      const issued = await backend.call('POST', '/sessions', asked);
      expect(issued.status).toBe(201);
      // The whole page rather than the one that a connect link opens by itself (browser-focused.test.ts).
      return String(issued.json['connect_url']).replace('/connect#', '/#');
    };
    const follow = (address: string, at?: RunningPatchbay): Promise<Visit> =>
      stage.visit({ address, arrival: 'signed-in-panel' }, at);
    const EVE = { user_id: 'eve', org_id: 'acme', integrations: ['notion', 'slack'] };

    it('acts for exactly its user, with its integrations alone', async () => {
      const only = { ...EVE, user_id: 'eve-alone' };
      const eve = await follow(await linkFor(only));
      expect(await eve.page.getByTestId('signed-in-user').textContent()).toBe('eve-alone');
      expect(await eve.page.getByTestId('signed-in-org').textContent()).toBe('acme');
      expect(await eve.page.getByTestId('owner-panel').count()).toBe(0);
      await connectable(eve.page);
      const cards = await eve.page.locator('[data-testid^=card-]').count();
      expect([cards, await eve.card('notion').count(), await eve.card('slack').count()]).toEqual([2, 1, 1]);
      expect(eve.page.url()).toBe(`${stage.patchbay.url}/`);
      expect(await eve.page.evaluate('history.length')).toBeLessThanOrEqual(2);
      await eve.connect('notion');
      expect(await eve.load('notion')).toBeGreaterThan(0);
      await eve.picture('signed-in-by-link');
      expect(await eve.witness.received(DEMO)).toEqual([]);

      const bodies = { user_id: only.user_id, org_id: only.org_id };
      const seen = await stage.patchbay.newBrowser().get(`/connections?${new URLSearchParams(bodies).toString()}`);
      expect(seen.json['connections']).toHaveLength(1);
    });

    it('stays through a reload and in a second tab', async () => {
      const eve = await follow(await linkFor(EVE));
      await eve.page.reload();
      await eve.page.getByTestId('signed-in-panel').waitFor();
      const tab = await eve.openTab(stage.patchbay.url);
      await tab.getByTestId('signed-in-panel').waitFor();
      await connectable(tab);
      expect(await activations(eve)).toBe(1);
    });

    it('survives the provider in the same tab', async () => {
      const script = 'window.open = () => null';
      const eve = await stage.visit({ address: await linkFor(EVE), arrival: 'signed-in-panel', script });
      await eve.page.getByTestId('connect-slack').click();
      await eve.notice('slack', 'blocked').getByTestId('connect-same-tab').click();
      await decide(eve.page, 'Approve');
      await eve.page.locator('[data-testid=returned][data-status=connected]').waitFor();
      await eve.page.getByTestId('signed-in-panel').waitFor();
      await eve.connections('slack').first().waitFor();
    });

    it('works once: who opens it again is told that it was used', async () => {
      const address = await linkFor(EVE);
      await follow(address);
      const late = await stage.visit({ address, arrival: 'session-out' });
      late.witness.tolerate(403, ACTIVATE);
      const notice = late.page.getByTestId('session-out');
      expect(await notice.textContent()).toMatch(/can't be used.*used before.*ask for a new one/);
      expect(await late.page.getByTestId('session-out-code').textContent()).toBe('link_refused');
      expect(await late.page.getByTestId('cards').count()).toBe(0);
      expect(await late.keptSessions()).toEqual([]);
      expect(late.page.url()).toBe(`${stage.patchbay.url}/`);
      await late.picture('link-used');
    });

    it('takes the place of whoever was there, when it is pasted into an open page', async () => {
      const ann = await stage.visit();
      await ann.page.goto(await linkFor(EVE));
      await ann.page.getByTestId('signed-in-panel').waitFor();
      expect(ann.page.url()).toBe(`${stage.patchbay.url}/`);
      expect(await ann.page.getByTestId('owner-panel').count()).toBe(0);
      await ann.card('notion').waitFor();
      expect(await ann.card('hubspot').count()).toBe(0);
    });

    it('is not renewed when it ends: the page says so, and what to do', async () => {
      const owner = { user_id: 'eve-ended', org_id: 'acme' };
      const eve = await follow(await linkFor(owner));
      await eve.connect('slack');
      expect(await eve.load('slack')).toBeGreaterThan(0);
      await endAtService(await onlySession(eve));
      eve.witness.tolerate(401, '/load');
      await eve.panel('slack', 'done').waitFor();
      await eve.beginLoad('slack');
      const notice = eve.page.locator('[data-testid=session-out][data-reason=ended]');
      await notice.waitFor();
      expect(await notice.textContent()).toMatch(/session has ended.*Go back to the application/);
      expect(await eve.page.getByTestId('items-error-code').textContent()).toBe('session_ended');
      await eve.picture('session-ended');
      await eve.page.reload();
      await notice.waitFor();
      expect(await eve.witness.received(DEMO)).toEqual([]);

      await eve.page.goto(await linkFor(owner));
      await eve.connections('slack').waitFor();
    });

    it('ends when the person signs out, at the service too', async () => {
      const eve = await follow(await linkFor(EVE));
      const sessionId = await onlySession(eve);
      const ended = eve.page.waitForResponse(/\/sessions\/current$/);
      await eve.page.getByTestId('sign-out').click();
      await eve.page.locator('[data-testid=session-out][data-reason=signed_out]').waitFor();
      expect((await ended).status()).toBe(204);
      expect(await eve.keptSessions()).toEqual([]);
      const sessions = stage.patchbay.application.get(BrowserSessions, { strict: false });
      expect(await sessions.find(sessionId)).toBeUndefined();
      await eve.picture('signed-out');
    });

    describe('where there is no demo', () => {
      let installation: RunningPatchbay;

      beforeAll(async () => {
        installation = await startPatchbay({ environment: { DEMO: 'false' } });
      });
      afterAll(() => installation.close());

      it('is the only way in, and the page says so', async () => {
        const stranger = await stage.visit({ arrival: 'session-out' }, installation);
        stranger.witness.tolerate(404, DEMO);
        expect(await stranger.page.getByTestId('session-out').textContent()).toMatch(
          /Nobody is signed in.*application/,
        );
        expect(await stranger.page.getByTestId('session-out-code').textContent()).toBe('no_demo');
        await stranger.picture('no-demo');

        const eve = await follow(await linkFor(EVE, installation), installation);
        await eve.card('notion').waitFor();
      });
    });
  });
});

interface ApiCall {
  readonly input: string;
  readonly signature: string;
  readonly hasBody: boolean;
}

/** Every call of the page to the service from now on, as it left the page. */
function apiCalls(page: Page): ApiCall[] {
  const calls: ApiCall[] = [];
  page.on('request', (request) => {
    if (!['fetch', 'xhr'].includes(request.resourceType())) return;
    const { 'signature-input': input = '', signature = '' } = request.headers();
    calls.push({ input, signature, hasBody: request.postData() !== null });
  });
  return calls;
}
