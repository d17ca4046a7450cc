import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ensureBuilt,
  type Folder,
  logLines,
  Program,
  temporaryFolder,
} from '../support/built-programs.ts';
import { eventually } from '../support/eventually.ts';
import { Browser } from '../support/http-browser.ts';
import { loadAll } from '../support/load-all.ts';
import { freePort } from '../support/free-port.ts';
import { OWNER } from '../support/owner.ts';

const QUERY = new URLSearchParams(OWNER).toString();

describe('The built programs', () => {
  let folder: Folder;
  let environment: Record<string, string>;
  let sandboxUrl: string;
  let sandbox: Program;
  let service: Program;
  let browser: Browser;

  const startSandbox = async (): Promise<void> => {
    sandbox = new Program('dist/sandbox/main.js', environment, folder.path);
    await sandbox.said('Sandbox listening');
  };
  const startService = async (): Promise<void> => {
    service = new Program('dist/src/main.js', environment, folder.path);
    await service.said('Patchbay is ready');
  };
  const connections = async (): Promise<unknown> => (await browser.get(`/connections?${QUERY}`)).json['connections'];
  const loadRequests = async (): Promise<number> => {
    const stats = (await (await fetch(`${sandboxUrl}/_control/stats`)).json()) as {
      airtable: { requests: Record<string, number> };
    };
    return stats.airtable.requests['GET /v0/meta/bases'] ?? 0;
  };

  beforeAll(ensureBuilt);
  beforeEach(async () => {
    folder = temporaryFolder();
    const [port, sandboxPort] = [await freePort(), await freePort()];
    sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
    environment = {
      DEMO: 'true',
      PORT: String(port),
      DATA_DIR: folder.path,
      SANDBOX_PORT: String(sandboxPort),
      SANDBOX_DATA: `${folder.path}/sandbox.sqlite`,
      SANDBOX_ITEMS: '12',
      SANDBOX_RATE_LIMITS: 'off',
    };
    browser = new Browser(`http://localhost:${port}`);
    await startSandbox();
    await startService();
  });
  afterEach(async () => {
    await service.stop('SIGKILL');
    await sandbox.stop('SIGKILL');
    folder.remove();
  });

  it('answer a request that is under way at SIGTERM to its end, take no other, and end with 0', async () => {
    await browser.connect('airtable', OWNER);
    await fetch(`${sandboxUrl}/_control/stats`, { method: 'DELETE' });
    const fault = { provider: 'airtable', endpoint: 'api', mode: 'slow', delay_ms: 1000, times: 1 };
    await fetch(`${sandboxUrl}/_control/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    });
    const load = browser.post('/integrations/airtable/load', OWNER);
    await eventually(loadRequests, (count) => count > 0);
    service.signal('SIGTERM');
    // Another connection than the one that waits.
    const isServing = (): Promise<boolean> =>
      fetch(`http://localhost:${environment['PORT']}/health/ready`).then(
        (answer) => answer.status === 200,
        () => false,
      );
    await eventually(isServing, (serving) => !serving);
    expect(service.hasEnded).toBe(false);

    const answer = await load;
    expect([answer.status, answer.json['complete']]).toEqual([200, true]);
    expect((answer.json['items'] as unknown[]).length).toBeGreaterThan(0);
    const answeredAt = performance.now();
    expect(await service.ended()).toEqual({ code: 0, signal: null });
    // The client keeps its connection open; the service doesn't wait for that.
    expect(performance.now() - answeredAt).toBeLessThan(10_000);
    expect(service.errors).toBe('');
    expect(await sandbox.stop()).toEqual({ code: 0, signal: null });
  });

  it('keep connections and grants over a restart of both', async () => {
    await browser.connect('notion', OWNER);
    const items = await loadAll(browser, 'notion', OWNER);
    expect(items.length).toBeGreaterThan(0);
    const before = await connections();

    expect(await service.stop()).toEqual({ code: 0, signal: null });
    expect(await sandbox.stop()).toEqual({ code: 0, signal: null });
    await startSandbox();
    await startService();

    expect(await connections()).toEqual(before);
    expect(await loadAll(browser, 'notion', OWNER)).toEqual(items);
  });

  it('keep a connection that was answered for when the service is killed at once', async () => {
    const page = await browser.connect('slack', OWNER);
    expect(await service.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    expect(page.status).toBe(200);
    await startService();
    expect(await connections()).toEqual([expect.objectContaining({ integration: 'slack', status: 'active' })]);
    expect((await browser.post('/integrations/slack/load', OWNER)).status).toBe(200);
  });

  it('log one line a request, with its id and without its query', async () => {
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
