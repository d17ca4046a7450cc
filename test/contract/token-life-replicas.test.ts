import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { ConnectionUses } from '../../src/connections/connection-uses.ts';
import { eventually } from '../support/eventually.ts';
import type { Answer } from '../support/http-browser.ts';
import { startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { newClient, SignedCaller } from '../support/signed-caller.ts';
import { EXPIRED, INSIDE_MARGIN, LIFE, later, onTime } from './token-life-bench.ts';

describeWithRedis('Two replicas on one Redis', () => {
  let redis: RedisServer;
  let first: RunningPatchbay;
  let second: RunningPatchbay;
  let control: SandboxControl;
  let callers: readonly [SignedCaller, SignedCaller];
  let owner: { readonly user_id: string; readonly org_id: string };
  let count = 0;

  beforeAll(async () => {
    redis = await startRedis();
    const environment = {
      REDIS_URL: redis.url,
      ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
      REFRESH_AHEAD: 'false',
    };
    const sandbox = { items: 2, clock: () => Date.now(), lives: { accessLifeSeconds: LIFE } };
    first = await startPatchbay({ environment, sandbox });
    second = await startPatchbay({ environment: { ...environment, SANDBOX_URL: first.sandbox.url } });
    control = new SandboxControl(first.sandbox);
    const { key } = await newClient(first);
    callers = [new SignedCaller(first.url, key), new SignedCaller(second.url, key)];
  });
  afterAll(async () => {
    await second.close();
    await first.close();
    await redis.stop();
  });
  beforeEach(async () => {
    owner = { user_id: `user-${(count += 1)}`, org_id: 'acme' };
    await control.reset();
  });
  afterEach(onTime);

  const connect = (name: string) => first.newBrowser().connect(name, owner);
  const credentials = (name: string, caller: SignedCaller): Promise<Answer> =>
    caller.call('POST', `/integrations/${name}/credentials`, { ...owner, include: ['access_token'] });
  const tokenBy = async (name: string, caller: SignedCaller) => (await credentials(name, caller)).json['access_token'];
  const connectionBy = async (caller: SignedCaller) => {
    const answer = await caller.call('GET', `/connections?${new URLSearchParams(owner).toString()}`);
    return (answer.json['connections'] as readonly Record<string, unknown>[])[0];
  };
  const refreshFault = (name: string, fault: { mode: string; when?: 'after'; status?: number; retry_after?: number }) =>
    control.fault({ provider: name, endpoint: 'token', grant_type: 'refresh_token', delay_ms: 600_000, ...fault });
  /** How often the token endpoint was asked, exchanges included. */
  const asked = async (name: string): Promise<number> => {
    const { requests } = await control.stats(name);
    const tokenRequests = Object.entries(requests).filter(([path]) =>
      /^POST .*(?:\/token|oauth\.v2\.access)$/.test(path),
    );
    return tokenRequests.reduce((sum, [, times]) => sum + times, 0);
  };

  it('hand out what either has refreshed', async () => {
    await connect('airtable');
    const old = await tokenBy('airtable', callers[1]);
    later(INSIDE_MARGIN);
    const fresh = await tokenBy('airtable', callers[0]);
    expect(fresh).not.toBe(old);
    expect(await tokenBy('airtable', callers[1])).toBe(fresh);
    expect((await control.stats('airtable')).refreshes).toBe(1);
  });

  it.each(['airtable', 'slack'])('refresh an expired token of %s once, whoever asks where', async (name) => {
    await connect(name);
    later(EXPIRED);
    const exchanges = await asked(name);
    await refreshFault(name, { mode: 'slow' });
    const answers = Promise.all(
      callers.flatMap((caller) => Array.from({ length: 10 }, () => credentials(name, caller))),
    );
    await eventually(
      () => asked(name),
      (times) => times > exchanges,
    );
    await control.clearFaults();
    expect(new Set((await answers).map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set((await answers).map(({ json }) => json['access_token'])).size).toBe(1);
    expect(await asked(name)).toBe(exchanges + 1);
    expect(await control.stats(name)).toMatchObject({ refreshes: 1, rotated_token_reuse: 0 });
  });

  it('leave a token endpoint alone that has asked one of them to wait', async () => {
    await connect('hubspot');
    later(EXPIRED);
    await refreshFault('hubspot', { mode: 'status', status: 429, retry_after: 77 });
    expect((await credentials('hubspot', callers[0])).status).toBe(503);
    const before = await asked('hubspot');
    const answer = await credentials('hubspot', callers[1]);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '77']);
    expect(await asked('hubspot')).toBe(before);
    await control.clearFaults();
    later(77);
    expect((await credentials('hubspot', callers[1])).status).toBe(200);
    expect(await connectionBy(callers[0])).toMatchObject({ status: 'active', refresh_failure: null });
  });

  it('know of a dead grant from each other, and of the healing', async () => {
    await connect('slack');
    await control.expire('slack', 'grant');
    later(EXPIRED);
    expect((await credentials('slack', callers[0])).status).toBe(409);
    const before = await asked('slack');
    expect((await credentials('slack', callers[1])).status).toBe(409);
    expect(await connectionBy(callers[1])).toMatchObject({ reason: 'grant_revoked' });
    expect(await asked('slack')).toBe(before);
    await connect('slack');
    expect((await credentials('slack', callers[1])).status).toBe(200);
  });

  it('leave nothing of a connection that one ends while the other refreshes it', async () => {
    await connect('slack');
    later(EXPIRED);
    await refreshFault('slack', { mode: 'slow', when: 'after' });
    const used = credentials('slack', callers[0]);
    await eventually(
      () => control.stats('slack'),
      ({ refreshes }) => refreshes === 1,
    );
    const query = new URLSearchParams(owner).toString();
    expect((await callers[1].call('DELETE', `/integrations/slack/credentials?${query}`)).status).toBe(200);
    const { revocations } = await control.stats('slack');
    await control.clearFaults();
    expect((await used).status).toBe(404);
    expect((await control.stats('slack')).revocations).toBe(revocations + 2);
    expect(await connectionBy(callers[0])).toBeUndefined();
  });

  it('tell the last use that the other has written down', async () => {
    await connect('notion');
    later(60);
    await credentials('notion', callers[0]);
    const usedAt = new Date().toISOString();
    expect((await connectionBy(callers[0]))?.['last_used_at']).toBe(usedAt);
    expect((await connectionBy(callers[1]))?.['last_used_at']).toBeNull();
    await first.application.get(ConnectionUses, { strict: false }).flush();
    expect((await connectionBy(callers[1]))?.['last_used_at']).toBe(usedAt);
  });
});
