import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { BUILD_TIMEOUT_MS, ensureBuilt } from '../support/built-programs.ts';
import { eventually } from '../support/eventually.ts';
import type { Answer } from '../support/http-browser.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { fault, isSoak } from './fault-row.ts';
import { ServiceProcess } from './service.ts';

const REQUESTS_A_USER = 10;
const USERS = isSoak ? 20_000 : 200;
const AT_ONCE = 16;
const MEGABYTE = 1024 * 1024;
const SAMPLES = 20;
/** Memory that is there for good once everything has run: what comes after the first half is growth. */
const GROWTH_MB = 64;
/** Garbage is collected early: what still grows is kept, and ends the process in the long form. */
const SMALL_HEAP = '--max-old-space-size=160 --max-semi-space-size=8';
const TIMEOUT_MS = isSoak ? 4 * 3_600_000 : 300_000;
const PROVIDERS = ['airtable', 'notion', 'hubspot', 'slack'] as const;
/** So often, each on its own. */
const FAULTS = [
  { mode: 'status', status: 500, probability: 0.05 },
  { mode: 'reset', probability: 0.05 },
  { mode: 'truncate', probability: 0.03 },
  { mode: 'html', probability: 0.03 },
  { mode: 'slow', delay_ms: 50, probability: 0.05 },
] as const;

describe('A service over a long time', () => {
  let sandbox: Sandbox;
  let service: ServiceProcess;
  const statuses = new Map<string, number>();
  let requests = 0;

  beforeAll(async () => {
    ensureBuilt();
    sandbox = await startSandbox({ rateLimits: false, items: 12 });
    service = await ServiceProcess.start({ SANDBOX_URL: sandbox.url, NODE_OPTIONS: SMALL_HEAP });
    const control = new SandboxControl(sandbox);
    for (const provider of PROVIDERS)
      for (const one of FAULTS) await control.fault({ provider, endpoint: 'api', ...one });
  }, BUILD_TIMEOUT_MS);
  afterAll(async () => {
    await service.stop();
    await sandbox.close();
  });

  const count = ({ status, json }: Answer): void => {
    requests += 1;
    const told =
      status < 400 ? String(status) : `${status} ${typeof json['error'] === 'string' ? json['error'] : 'page'}`;
    statuses.set(told, (statuses.get(told) ?? 0) + 1);
  };

  /** A session (two requests), a connection (two), and what is done with it. */
  async function visit(number: number): Promise<void> {
    const browser = service.newBrowser();
    const owner = { user_id: `user-${number}`, org_id: `org-${number % 100}` };
    const provider = PROVIDERS[number % PROVIDERS.length] ?? 'airtable';
    const query = new URLSearchParams(owner).toString();
    const page = await browser.connect(provider, owner);
    requests += 3;
    count(page);
    for (let done = 4; done < REQUESTS_A_USER; done += 1)
      count(
        await (done % 2 === 0
          ? browser.post(`/integrations/${provider}/load`, owner)
          : browser.get(`/connections?${query}`)),
      );
  }

  const openFiles = (): number => readdirSync(`/proc/${service.program.pid}/fd`).length;

  function leasesHeld(): number {
    const database = new DatabaseSync(join(service.folder.path, 'patchbay.sqlite'), { readOnly: true });
    const row = database
      .prepare('SELECT count(*) AS held FROM leases WHERE owner_token <> ? AND expires_at > ?')
      .get('', Date.now());
    database.close();
    return Number(row?.['held']);
  }

  fault(
    `${USERS * REQUESTS_A_USER} requests over ${USERS} users, with random faults`,
    'memory flat, 0 sockets, 0 leases, 0 defects',
    async (measured) => {
      const before = openFiles();
      const memory: number[] = [];
      let next = 0;
      const visitor = async (): Promise<void> => {
        while (next < USERS) {
          const number = next++;
          await visit(number);
          if (number % Math.ceil(USERS / SAMPLES) === 0) memory.push(service.memory().now / MEGABYTE);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, visitor));
      memory.push(service.memory().now / MEGABYTE);
      // Connections that are kept alive end by themselves after some seconds.
      const filesLeft = (await eventually(openFiles, (open) => open <= before + 2, 90_000, 100)) - before;
      const leases = await eventually(leasesHeld, (held) => held === 0, 30_000, 100);
      const half = memory.slice(Math.floor(memory.length / 2));
      const grownMb = (half.at(-1) ?? 0) - (half[0] ?? 0);
      const slope = slopeOf(half) / ((USERS * REQUESTS_A_USER) / SAMPLES / 1_000);
      measured(
        `${requests} requests; ${memory.at(-1)?.toFixed(0)} MB, ${slope.toFixed(2)} MB per 1,000 requests in the second half`,
      );
      measured(`${Math.max(0, filesLeft)} open files or sockets more than before, ${leases} leases`);
      measured([...statuses].map(([status, times]) => `${times} × ${status}`).join(', '));
      expect(grownMb).toBeLessThan(GROWTH_MB);
      expect([...statuses.keys()].filter((status) => status.includes('internal_error'))).toEqual([]);
      expect(service.program.hasEnded).toBe(false);
      expect(service.program.errors).toBe('');
    },
    TIMEOUT_MS,
  );
});

/** Least squares, per step. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const rise = values.reduce((sum, value, step) => sum + (step - middle) * (value - mean), 0);
  return rise / values.reduce((sum, _value, step) => sum + (step - middle) ** 2, 0);
}
