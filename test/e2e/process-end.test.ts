import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  ensureBuilt,
  type Folder,
  logLines,
  Program,
  temporaryFolder,
} from '../support/built-programs.ts';
import { eventually } from '../support/eventually.ts';
import { Browser, type Answer } from '../support/http-browser.ts';
import { freePort } from '../support/free-port.ts';
import { OWNER } from '../support/owner.ts';
import { SandboxControl } from '../support/sandbox-control.ts';

const MISBEHAVE = pathToFileURL(join(import.meta.dirname, '..', 'support', 'misbehave.mjs')).href;
const LOAD = { ...OWNER, item_types: ['base'] };
const IN_FLIGHT = 100;
/** One connection has 16 calls at a time. */
const OWNERS = Array.from({ length: 10 }, (_, index) => ({ ...OWNER, user_id: `user-${index}` }));

describe('The service, as a process', () => {
  let folder: Folder;
  let environment: Record<string, string>;
  let url: string;
  let control: SandboxControl;
  let sandbox: Program;
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
  /** So many slow loads, of ten people if there are that many, once all of them are being served. */
  const slowLoads = async (count: number): Promise<Promise<Answer>[]> => {
    const owners = OWNERS.slice(0, count);
    for (const owner of owners) await browser.connect('airtable', owner);
    await control.reset();
    await control.fault({ provider: 'airtable', endpoint: 'api', mode: 'slow', delay_ms: 9_000 });
    const loads = Array.from({ length: count }, (_, index) =>
      browser.post('/integrations/airtable/load', { ...LOAD, ...owners[index % owners.length] }),
    );
    await eventually(
      () => metric('patchbay_requests_in_flight'),
      (number) => number === count,
    );
    return loads;
  };

  beforeAll(ensureBuilt);
  beforeEach(async () => {
    folder = temporaryFolder();
    const [port, sandboxPort] = [await freePort(), await freePort()];
    environment = {
      DEMO: 'true',
      PORT: String(port),
      DATA_DIR: folder.path,
      SANDBOX_PORT: String(sandboxPort),
      SANDBOX_DATA: `${folder.path}/sandbox.sqlite`,
      SANDBOX_ITEMS: '12',
      SANDBOX_RATE_LIMITS: 'off',
      PACE_FACTOR: '10000',
      RATE_LIMIT_PER_MINUTE: '0',
      RATE_LIMIT_PER_MINUTE_USER: '0',
      MAX_LOOP_DELAY_MS: '0',
      REFRESH_AHEAD: 'false',
    };
    url = `http://localhost:${port}`;
    browser = new Browser(url);
    control = new SandboxControl({ url: `http://127.0.0.1:${sandboxPort}` });
    sandbox = new Program('dist/sandbox/main.js', environment, folder.path);
    await sandbox.said('Sandbox listening');
  });
  afterEach(async () => {
    await service.stop('SIGKILL');
    await sandbox.stop('SIGKILL');
    folder.remove();
  });

  it('told to end with 100 requests in flight and a refresh under way, ends with 0 and has lost nothing', async () => {
    await startService();
    await browser.connect('hubspot', OWNER);
    const loads = await slowLoads(IN_FLIGHT);
    // The old refresh token is used up, and the new one is on its way.
    await control.expire('hubspot', 'access');
    await control.fault({ provider: 'hubspot', endpoint: 'token', mode: 'slow', when: 'after', delay_ms: 9_000 });
    const refreshed = browser.post('/integrations/hubspot/load', { ...OWNER, item_types: ['company'] });
    await eventually(
      () => control.stats('hubspot'),
      ({ refreshes }) => refreshes === 1,
    );
    const toldAt = performance.now();
    service.signal('SIGTERM');

    expect(await eventually(readiness, (answer) => answer !== 200)).toBe(503);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const late = await browser.post('/integrations/airtable/load', LOAD);
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
    expect(await service.ended()).toEqual({ code: 0, signal: null });
    expect(performance.now() - toldAt).toBeLessThan(25_000);
    expect(service.errors).toBe('');

    await startService();
    expect((await browser.post('/integrations/hubspot/load', { ...OWNER, item_types: ['company'] })).status).toBe(200);
    const { refreshes, rotated_token_reuse } = await control.stats('hubspot');
    expect({ refreshes, rotated_token_reuse }).toEqual({ refreshes: 1, rotated_token_reuse: 0 });
  });

  it('after an exception that nobody caught, serves what is under way, says so in one line and ends with 1', async () => {
    await startService({ NODE_OPTIONS: `--import ${MISBEHAVE}`, DEFECT: 'exception' });
    const [load] = await slowLoads(1);
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
    await startService({ NODE_OPTIONS: `--import ${MISBEHAVE}`, DEFECT: 'rejection' });
    service.signal('SIGWINCH');
    await service.said('a rejection that nobody handled');
    expect(await readiness()).toBe(200);
    expect(await metric('patchbay_stray_errors_total\\{kind="rejection"\\}')).toBe(1);
    const lines = logLines(service.output).filter(({ level }) => level === 50);
    expect(lines).toEqual([expect.objectContaining({ msg: 'a rejection that nobody handled' })]);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
  });
});
