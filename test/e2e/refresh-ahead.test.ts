import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { ConnectionRepository } from '../../src/connections/connection-repository.ts';
import { aged } from '../../src/connections/fixtures/aged-connection.ts';
import { eventually } from '../support/eventually.ts';
import { onlyTheDateIsFake } from '../support/fake-date.ts';
import type { Browser } from '../support/http-browser.ts';
import { OWNER, startPatchbay, type PatchbayOptions, type RunningPatchbay } from '../support/patchbay.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import { SandboxControl } from '../support/sandbox-control.ts';

const HOUR = { lives: { accessLifeSeconds: 3_600 } };
/** A token of an hour is renewed 6 to 9 minutes before its end: not yet after 50 minutes, and after 55. */
const DUE_MS = 55 * 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

interface Connection {
  readonly status: string;
  readonly expires_at: string;
  readonly last_used_at: string | null;
}

let running: RunningPatchbay[] = [];
afterEach(async () => {
  await Promise.all(running.map((patchbay) => patchbay.close()));
  running = [];
  jest.useRealTimers();
});

function passUntilDue(): void {
  jest.setSystemTime(Date.now() + DUE_MS);
}

async function start(options: PatchbayOptions): Promise<RunningPatchbay> {
  const patchbay = await startPatchbay(options);
  running.push(patchbay);
  return patchbay;
}

async function connectionsOf(browser: Browser): Promise<readonly Connection[]> {
  const answer = await browser.get(`/connections?user_id=${OWNER.user_id}&org_id=${OWNER.org_id}`);
  return answer.json['connections'] as readonly Connection[];
}

describeWithRedis('Two replicas that renew tokens ahead of need', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  const startBoth = async (): Promise<readonly [RunningPatchbay, RunningPatchbay]> => {
    const encryptionKeys = `test:${randomBytes(32).toString('base64')}`;
    const environment = { REDIS_URL: redis.url, ENCRYPTION_KEYS: encryptionKeys };
    const one = await start({ environment, sandbox: HOUR });
    return [one, await start({ environment: { ...environment, SANDBOX_URL: one.sandbox.url } })];
  };

  it('keep connections fresh with no request, renew none twice, and one goes on without the other', async () => {
    onlyTheDateIsFake(Date.now());
    const [one, other] = await startBoth();
    const browser = one.newBrowser();
    const integrations = ['airtable', 'hubspot', 'slack'];
    for (const integration of integrations) await browser.connect(integration, OWNER);
    const control = new SandboxControl(one.sandbox);
    const refreshes = () =>
      Promise.all(integrations.map(async (integration) => (await control.stats(integration)).refreshes));
    const unused = { status: 'active', last_used_at: null };
    // Exactly one for each time a token is due, whichever replica makes it.
    const expectRefreshes = async (times: number): Promise<void> => {
      passUntilDue();
      const counts = await eventually(refreshes, (now) => now.every((count) => count >= times));
      expect(counts).toEqual([times, times, times]);
      const connections = await eventually(
        () => connectionsOf(other.newBrowser()),
        (stored) => stored.every(({ expires_at }) => Date.parse(expires_at) === Date.now() + HOUR_MS),
      );
      expect(connections).toMatchObject([unused, unused, unused]);
    };
    await expectRefreshes(1);
    await expectRefreshes(2);
    await one.application.close();
    await expectRefreshes(3);
    // A second refresh of one token would have presented one that was rotated already.
    for (const integration of ['airtable', 'slack']) {
      expect(await control.stats(integration)).toMatchObject({ rotated_token_reuse: 0 });
    }
  });
});

describe('Renewing tokens ahead of need', () => {
  it('is left to others with REFRESH_AHEAD=false', async () => {
    onlyTheDateIsFake(Date.now());
    const idle = await start({ sandbox: HOUR, environment: { REFRESH_AHEAD: 'false' } });
    const busy = await start({ sandbox: HOUR });
    for (const patchbay of [idle, busy]) await patchbay.newBrowser().connect('airtable', OWNER);
    passUntilDue();
    const refreshes = async ({ sandbox }: RunningPatchbay) =>
      (await new SandboxControl(sandbox).stats('airtable')).refreshes;
    await eventually(
      () => refreshes(busy),
      (count) => count === 1,
    );
    expect(await refreshes(idle)).toBe(0);
  });
});

describe('A connection that nobody has used for CONNECTION_IDLE_TTL_DAYS', () => {
  it('is revoked at the provider and deleted; one that was used is not', async () => {
    const patchbay = await start({ environment: { CONNECTION_IDLE_TTL_DAYS: '30' } });
    const browser = patchbay.newBrowser();
    for (const integration of ['hubspot', 'notion']) await browser.connect(integration, OWNER);
    const connections = patchbay.application.get(ConnectionRepository, { strict: false });
    const owner = { orgId: OWNER.org_id, userId: OWNER.user_id };
    for (const [integration, lastUsedAt] of [
      ['hubspot', null],
      ['notion', Date.now() - DAY_MS],
    ] as const) {
      const read = await connections.find(owner, integration);
      if (read === undefined) throw new Error(`${integration} was not connected.`);
      const authorizedAt = Date.now() - 31 * DAY_MS;
      const written = await aged(connections, read, { authorizedAt, lastUsedAt });
      await connections.scheduleEnd(written.connection);
    }
    await patchbay.restart();
    const left = await eventually(
      () => connectionsOf(patchbay.newBrowser()),
      (standing) => standing.length === 1,
    );
    expect(left).toMatchObject([{ integration: 'notion', status: 'active' }]);
    const control = new SandboxControl(patchbay.sandbox);
    expect(await control.stats('hubspot')).toMatchObject({ revocations: 1 });
    expect(await control.stats('notion')).toMatchObject({ revocations: 0 });
  });
});
