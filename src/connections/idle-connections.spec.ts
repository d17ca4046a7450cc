import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { oauthClient } from '../oauth/fixtures/oauth-client.ts';
import { writeConnectionRecord } from './connection-record.ts';
import { IDLE_INDEX, refreshIndexOf } from './connection-schedule.ts';
import { ConnectionEnding } from './connection-ending.ts';
import type { OpenConnection } from './connection.ts';
import { aged } from './fixtures/aged-connection.ts';
import { OWNER, refreshBench } from './fixtures/refresh-bench.ts';
import { IdleConnections } from './idle-connections.ts';
import { partitionOf } from './owner.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** What the bench is configured with. */
const IDLE_MS = 90 * DAY_MS;

describe('Ending what nobody uses', () => {
  let bench: ReturnType<typeof refreshBench>;
  let idle: IdleConnections;
  /** Access tokens of the grants that the provider was asked to revoke. */
  let revoked: string[];
  let meanwhile: () => Promise<unknown>;
  beforeEach(() => {
    bench = refreshBench();
    revoked = [];
    meanwhile = () => Promise.resolve();
    bench.authorities.enter('acme', {
      client: () => oauthClient('http://provider.test'),
      revoke: async (_client, grant) => {
        revoked.push(grant.primary.accessToken.reveal());
        await meanwhile();
        return true;
      },
    });
    const ending = new ConnectionEnding(bench.connections, bench.uses, bench.revoker);
    idle = new IdleConnections(bench.store, bench.connections, ending, bench.uses, bench.authorities);
  });
  afterEach(() => bench.close());

  const memberOf = ({ connection }: OpenConnection) => `${partitionOf(connection)}/${connection.connectionId}`;
  const endIfUnused = (open: OpenConnection) => idle.endIfUnused(memberOf(open));
  const authorised = async (msAgo: number) =>
    aged(bench.connections, await bench.connect('token', { expiresAt: Date.now() + 60 * MINUTE_MS }), {
      authorizedAt: Date.now() - msAgo,
    });
  const stored = () => bench.connections.find(OWNER, 'acme');
  const due = (index = IDLE_INDEX) => bench.store.listDue(index, Number.MAX_SAFE_INTEGER, 10);

  it('revokes at the provider, deletes, and leaves nothing due', async () => {
    await endIfUnused(await authorised(IDLE_MS + DAY_MS));
    expect(revoked).toEqual(['token']);
    expect(await stored()).toBeUndefined();
    expect([...(await due()), ...(await due(refreshIndexOf('acme')))]).toEqual([]);
  });

  it('leaves alone what was used lately, until it is unused for long enough', async () => {
    const lastUsedAt = Date.now() - IDLE_MS + DAY_MS;
    await endIfUnused(await aged(bench.connections, await authorised(400 * DAY_MS), { lastUsedAt }));
    expect(revoked).toEqual([]);
    expect(await stored()).toBeDefined();
    expect(await due()).toMatchObject([{ dueAtMs: lastUsedAt + IDLE_MS }]);
  });

  it('ends nothing by a clock that is months ahead of the store’s', async () => {
    const used = await authorised(DAY_MS);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + IDLE_MS);
    await endIfUnused(used);
    jest.restoreAllMocks();
    expect(revoked).toEqual([]);
    expect(await stored()).toBeDefined();
  });

  it('counts a use that only this process knows of yet, and writes it down', async () => {
    const unused = await authorised(IDLE_MS + DAY_MS);
    const usedAt = Date.now() - 1;
    bench.uses.note(unused, usedAt);
    await endIfUnused(unused);
    expect((await stored())?.connection.lastUsedAt).toBe(usedAt);
    expect(await due()).toMatchObject([{ dueAtMs: usedAt + IDLE_MS }]);
  });

  it('counts no background refresh', async () => {
    const unused = await authorised(IDLE_MS + DAY_MS);
    const refresh = { ...unused.connection.refresh, lastAt: Date.now() - MINUTE_MS };
    await endIfUnused(await aged(bench.connections, unused, { refresh, updatedAt: Date.now() - MINUTE_MS }));
    expect(await stored()).toBeUndefined();
  });

  it('waits for uses that other replicas have yet to write down', async () => {
    await endIfUnused(await authorised(IDLE_MS + MINUTE_MS));
    expect(await stored()).toBeDefined();
    const [{ dueAtMs } = { dueAtMs: 0 }] = await due();
    expect(dueAtMs).toBeGreaterThan(Date.now() + 10 * MINUTE_MS);
    expect(dueAtMs).toBeLessThan(Date.now() + 20 * MINUTE_MS);
  });

  it('lets a connection live on when the time that it may is made longer', async () => {
    const unused = await authorised(10 * DAY_MS);
    const key = { collection: 'connection', partition: partitionOf(OWNER), id: unused.connection.connectionId };
    const value = writeConnectionRecord(bench.cipher, unused.connection, unused.grant, unused.version + 1);
    // Written under a setting by which it would have a day left.
    await bench.store.compareAndSet(key, unused.version, value, { ttlSeconds: DAY_MS / 1000 });
    await endIfUnused(unused);
    const [walked] = (await bench.store.walk('connection', 10)).records;
    expect(walked?.ttlSeconds).toBeGreaterThan((IDLE_MS - 11 * DAY_MS) / 1000);
    expect((await stored())?.connection.lastUsedAt).toBeNull();
  });

  it('ends one that cannot be opened any more, without asking the provider', async () => {
    const unused = await authorised(IDLE_MS + DAY_MS);
    const key = { collection: 'connection', partition: partitionOf(OWNER), id: unused.connection.connectionId };
    await bench.store.put(key, (await bench.store.get(key))?.value ?? '');
    await endIfUnused(unused);
    expect(revoked).toEqual([]);
    expect(await bench.connections.list(OWNER)).toEqual([]);
  });

  it('ends one of an integration that is not configured, of which nobody can be asked', async () => {
    bench.authorities.enter('acme', { client: () => undefined, revoke: () => Promise.reject(new Error('not asked')) });
    await endIfUnused(await authorised(IDLE_MS + DAY_MS));
    expect(await stored()).toBeUndefined();
  });

  it('forgets a member that has lost its connection', async () => {
    await bench.store.schedule(IDLE_INDEX, `${partitionOf(OWNER)}/con_gone`, 1);
    await idle.endIfUnused(`${partitionOf(OWNER)}/con_gone`);
    expect(await due()).toEqual([]);
  });

  it('leaves standing what its owner consents to while the provider takes its time to revoke', async () => {
    const unused = await authorised(IDLE_MS + DAY_MS);
    meanwhile = () => bench.connect('consented-token');
    await endIfUnused(unused);
    expect((await stored())?.grant.primary.accessToken.reveal()).toBe('consented-token');
    expect(revoked).toEqual(['token']);
  });
});
