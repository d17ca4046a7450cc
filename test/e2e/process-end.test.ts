import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { ensureBuilt, type Folder, logLines, Program, temporaryFolder } from '../support/built-programs.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { Browser, type Answer } from '../support/http-browser.ts';
import { loadAll } from '../support/load-all.ts';
import { OWNER } from '../support/owner.ts';
import { preloaded } from '../support/preloaded.ts';
import { SandboxControl } from '../support/sandbox-control.ts';

const QUERY = new URLSearchParams(OWNER).toString();
const BASES = { ...OWNER, item_types: ['base'] };
/** What one connection may have under way at a time. */
const IN_FLIGHT = 16;

describe('The service, as a process', () => {
  let sandbox: Sandbox;
  let control: SandboxControl;
  let folder: Folder;
  let environment: Record<string, string>;
  let url: string;
  let service: Program;
  let browser: Browser;

  const startService = async (more: Record<string, string> = {}): Promise<void> => {
    service = new Program('dist/src/main.js', { ...environment, ...more }, folder.path);
    await service.said('Patchbay is ready');
  };
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
  };
  const readiness = (): Promise<number | string> =>
    fetch(`${url}/health/ready`).then(
      (answer) => answer.status,
      () => 'refused',
    );
  const connections = async (): Promise<unknown> => (await browser.get(`/connections?${QUERY}`)).json['connections'];
  /** So many loads that the provider holds back, once all of them are being served. */
  const heldLoads = async (count: number): Promise<Promise<Answer>[]> => {
    await browser.connect('airtable', OWNER);
    await control.fault({ provider: 'airtable', endpoint: 'api', mode: 'slow', delay_ms: 600_000 });
    const loads = Array.from({ length: count }, () => browser.post('/integrations/airtable/load', BASES));
    await eventually(
      () => metric('patchbay_requests_in_flight'),
      (number) => number === count,
    );
    return loads;
  };

  beforeAll(async () => {
    ensureBuilt();
    sandbox = await startSandbox({ rateLimits: false, items: 12 });
    control = new SandboxControl(sandbox);
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    await control.reset();
    folder = temporaryFolder();
    const port = await freePort();
    environment = {
      DEMO: 'true',
      PORT: String(port),
      DATA_DIR: folder.path,
      SANDBOX_URL: sandbox.url,
      PACE_FACTOR: '10000',
      RATE_LIMIT_PER_MINUTE: '0',
      RATE_LIMIT_PER_MINUTE_USER: '0',
      MAX_LOOP_DELAY_MS: '0',
      REFRESH_AHEAD: 'false',
    };
    url = `http://localhost:${port}`;
    browser = new Browser(url);
  });
  afterEach(async () => {
    await service.stop('SIGKILL');
    folder.remove();
  });

  it('started as a demo, warns that whoever reaches it is let in as anybody', async () => {
    await startService();
    const warnings = logLines(service.output).filter(({ level }) => level === 40);
    expect(warnings.map(({ msg }) => msg)).toContainEqual(expect.stringContaining('This is the demo'));
  });

  it('sent SIGUSR1, opens no debugger and goes on', async () => {
    await startService();
    service.signal('SIGUSR1');
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    expect(service.errors).not.toContain('Debugger listening');
  });

  // With 100 requests in flight: test/faults/process-end.test.ts.
  it('told to end with requests in flight and a refresh under way, serves them, takes no other and ends with 0', async () => {
    await startService({ NODE_OPTIONS: preloaded('long-deadlines') });
    await browser.connect('hubspot', OWNER);
    const loads = await heldLoads(IN_FLIGHT);
    // The old refresh token is used up, and the new one is on its way.
    await control.expire('hubspot', 'access');
    await control.fault({ provider: 'hubspot', endpoint: 'token', mode: 'slow', when: 'after', delay_ms: 600_000 });
    const refreshed = browser.post('/integrations/hubspot/load', { ...OWNER, item_types: ['company'] });
    await eventually(
      () => control.stats('hubspot'),
      ({ refreshes }) => refreshes === 1,
    );
    service.signal('SIGTERM');

    expect(await eventually(readiness, (answer) => answer !== 200)).toBe(503);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const late = await browser.post('/integrations/airtable/load', BASES);
    expect([late.status, late.json['error'], late.headers.get('connection')]).toEqual([
      503,
      'service_unavailable',
      'close',
    ]);
    expect(await metric('patchbay_draining')).toBe(1);
    expect(service.hasEnded).toBe(false);
    await control.clearFaults();
    const answers = await Promise.all(loads);
    expect(answers.map(({ status, json }) => [status, json['complete']])).toEqual(
      Array.from({ length: IN_FLIGHT }, () => [200, true]),
    );
    expect((await refreshed).status).toBe(200);
    // Clients keep their connections open; the service doesn't wait for that.
    expect(await service.ended()).toEqual({ code: 0, signal: null });
    expect(service.errors).toBe('');

    await startService();
    expect((await browser.post('/integrations/hubspot/load', { ...OWNER, item_types: ['company'] })).status).toBe(200);
    const { refreshes, rotated_token_reuse } = await control.stats('hubspot');
    expect({ refreshes, rotated_token_reuse }).toEqual({ refreshes: 1, rotated_token_reuse: 0 });
  });

  it('after an exception that nobody caught, serves what is under way, says so in one line and ends with 1', async () => {
    await startService({ NODE_OPTIONS: preloaded('long-deadlines', 'misbehave'), DEFECT: 'exception' });
    const [load] = await heldLoads(1);
    service.signal('SIGWINCH');
    expect(await eventually(readiness, (answer) => answer !== 200)).toBe(503);
    await control.clearFaults();
    expect((await load)?.status).toBe(200);
    expect(await service.ended()).toEqual({ code: 1, signal: null });
    const lines = logLines(service.output).filter(({ level }) => level === 60);
    expect(lines).toEqual([
      expect.objectContaining({
        msg: 'an exception that nobody handled: the process ends in order',
        err: expect.objectContaining({ message: 'a defect: nobody catches this' }),
      }),
    ]);
    expect(service.errors).toBe('');
  });

  it('after a rejection that nobody awaited, says so in one line, counts it and goes on', async () => {
    await startService({ NODE_OPTIONS: preloaded('misbehave'), DEFECT: 'rejection' });
    service.signal('SIGWINCH');
    await service.said('a rejection that nobody handled');
    expect(await readiness()).toBe(200);
    expect(await metric('patchbay_stray_errors_total\\{kind="rejection"\\}')).toBe(1);
    const lines = logLines(service.output).filter(({ level }) => level === 50);
    expect(lines).toEqual([expect.objectContaining({ msg: 'a rejection that nobody handled' })]);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
  });

  it('keeps connections and grants over a restart, beside a sandbox that keeps them too', async () => {
    const sandboxPort = await freePort();
    environment['SANDBOX_URL'] = `http://127.0.0.1:${sandboxPort}`;
    const data = { SANDBOX_PORT: String(sandboxPort), SANDBOX_DATA: `${folder.path}/sandbox.sqlite` };
    const startProvider = async (): Promise<Program> => {
      const settings = { ...data, SANDBOX_ITEMS: '12', SANDBOX_RATE_LIMITS: 'off' };
      const program = new Program('dist/sandbox/main.js', settings, folder.path);
      await program.said('Sandbox listening');
      return program;
    };
    const [provider] = await Promise.all([startProvider(), startService()]);
    await browser.connect('notion', OWNER);
    const items = await loadAll(browser, 'notion', OWNER);
    expect(items.length).toBeGreaterThan(0);
    const before = await connections();

    expect(await service.stop()).toEqual({ code: 0, signal: null });
    expect(await provider.stop()).toEqual({ code: 0, signal: null });
    const [again] = await Promise.all([startProvider(), startService()]);
    try {
      expect(await connections()).toEqual(before);
      expect(await loadAll(browser, 'notion', OWNER)).toEqual(items);
    } finally {
      await again.stop('SIGKILL');
    }
  });

  it('keeps a connection that was answered for when it is killed at once', async () => {
    await startService();
    const page = await browser.connect('slack', OWNER);
    expect(await service.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    expect(page.status).toBe(200);
    await startService();
    expect(await connections()).toEqual([expect.objectContaining({ integration: 'slack', status: 'active' })]);
    expect((await browser.post('/integrations/slack/load', OWNER)).status).toBe(200);
  });

  it('logs one line a request, with its id and without its query', async () => {
    await startService();
    await browser.connect('hubspot', OWNER);
    const sent = { 'x-request-id': 'process-test-0001' };
    await browser.get(`/connections?${QUERY}`, sent);
    await service.stop();

    const lines = logLines(service.output).filter(({ msg }) => msg === 'request');
    const routes = lines.map(({ method, route }) => `${String(method)} ${String(route)}`);
    expect(routes).toEqual([
      'POST /demo/sessions',
      'POST /sessions/activate',
      'POST /integrations/hubspot/authorize',
      'GET /integrations/hubspot/oauth2callback',
      'GET /connections',
    ]);
    expect(new Set(lines.map(({ request_id }) => request_id)).size).toBe(routes.length);
    expect(lines.at(-1)).toMatchObject({ request_id: sent['x-request-id'], status: 200 });
    expect(service.output).not.toMatch(/[?&](?:code|state|user_id|org_id)=/);
    expect(service.output).not.toContain(OWNER.user_id + '&');
  });
});
