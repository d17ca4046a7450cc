import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { ensureBuilt, type Folder, Program, temporaryFolder } from '../support/built-programs.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { Browser } from '../support/http-browser.ts';
import { OWNER } from '../support/owner.ts';
import { preloaded } from '../support/preloaded.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { fault } from './fault-row.ts';

const IN_FLIGHT = 100;
/** One connection has 16 calls at a time. */
const OWNERS = Array.from({ length: 10 }, (_, index) => ({ ...OWNER, user_id: `user-${index}` }));

describe('A service that is told to end', () => {
  let sandbox: Sandbox;
  let folder: Folder;
  let service: Program | undefined;

  beforeAll(async () => {
    ensureBuilt();
    folder = temporaryFolder();
    sandbox = await startSandbox({ rateLimits: false, items: 12 });
  });
  afterAll(async () => {
    await service?.stop('SIGKILL');
    await sandbox.close();
    folder.remove();
  });

  fault('SIGTERM with 100 requests in flight', 'readiness 503, refresh stored, 0 cut answers', async (report) => {
    const control = new SandboxControl(sandbox);
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const environment = {
      DEMO: 'true',
      PORT: String(port),
      DATA_DIR: folder.path,
      SANDBOX_URL: sandbox.url,
      PACE_FACTOR: '10000',
      RATE_LIMIT_PER_MINUTE: '0',
      RATE_LIMIT_PER_MINUTE_USER: '0',
      MAX_LOOP_DELAY_MS: '0',
      REFRESH_AHEAD: 'false',
      NODE_OPTIONS: preloaded('long-deadlines'),
    };
    const start = async (): Promise<Program> => {
      const program = new Program('dist/src/main.js', environment, folder.path);
      await program.said('Patchbay is ready');
      return program;
    };
    const browser = new Browser(url);
    const loadCompanies = () => browser.post('/integrations/hubspot/load', { ...OWNER, item_types: ['company'] });
    service = await start();
    await browser.connect('hubspot', OWNER);
    for (const owner of OWNERS) await browser.connect('airtable', owner);
    await control.reset();
    await control.fault({ provider: 'airtable', endpoint: 'api', mode: 'slow', delay_ms: 600_000 });
    const loads = Array.from({ length: IN_FLIGHT }, (_, index) =>
      browser.post('/integrations/airtable/load', { ...OWNERS[index % OWNERS.length], item_types: ['base'] }),
    );
    await eventually(
      async () => (await fetch(`${url}/metrics`)).text(),
      (text) => text.includes(`\npatchbay_requests_in_flight ${IN_FLIGHT}\n`),
    );
    // The old refresh token is used up, and the new one is on its way.
    await control.expire('hubspot', 'access');
    await control.fault({ provider: 'hubspot', endpoint: 'token', mode: 'slow', when: 'after', delay_ms: 600_000 });
    const refreshed = loadCompanies();
    await eventually(
      () => control.stats('hubspot'),
      ({ refreshes }) => refreshes === 1,
    );

    const toldAt = performance.now();
    service.signal('SIGTERM');
    const readiness = async () => (await fetch(`${url}/health/ready`)).status;
    expect(await eventually(readiness, (status) => status !== 200)).toBe(503);
    await control.clearFaults();
    const answers = await Promise.all(loads);
    const complete = answers.filter(({ status, json }) => status === 200 && json['complete'] === true);
    expect([complete.length, (await refreshed).status]).toEqual([IN_FLIGHT, 200]);
    expect(await service.ended()).toEqual({ code: 0, signal: null });
    report.atMost('drained in', (performance.now() - toldAt) / 1000, 25, 's');

    service = await start();
    expect((await loadCompanies()).status).toBe(200);
    expect(await control.stats('hubspot')).toMatchObject({ refreshes: 1, rotated_token_reuse: 0 });
  });
});
