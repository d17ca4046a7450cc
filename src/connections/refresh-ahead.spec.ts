import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { oauthClient, tokenAnswer } from '../oauth/fixtures/oauth-client.ts';
import { json, startProviderStub, type ProviderStub } from '../outbound/fixtures/provider-stub.ts';
import { stopTime } from '../outbound/fixtures/stopped-clock.ts';
import { refreshIndexOf } from './connection-schedule.ts';
import type { Connection, OpenConnection } from './connection.ts';
import { DueWorker } from './due-worker.ts';
import { aged } from './fixtures/aged-connection.ts';
import { OWNER, refreshBench } from './fixtures/refresh-bench.ts';
import { GrantRefresher } from './grant-refresher.ts';
import { partitionOf } from './owner.ts';
import { RefreshAhead } from './refresh-ahead.ts';
import { RefreshJournal } from './refresh-journal.ts';
import { RefreshPace } from './refresh-pace.ts';
import { RenewedGrants } from './renewed-grants.ts';
import { TokenRenewal } from './token-renewal.ts';

const INDEX = refreshIndexOf('acme');
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

describe('Renewing tokens ahead of need', () => {
  let provider: ProviderStub;
  let bench: ReturnType<typeof refreshBench>;
  let ahead: RefreshAhead;

  beforeEach(async () => {
    stopTime();
    provider = await startProviderStub();
    provider.answer = json(tokenAnswer({ access_token: 'new-token' }));
    bench = refreshBench();
    ahead = new RefreshAhead(bench.store, bench.connections, bench.refresher, bench.uses);
  });
  afterEach(async () => {
    jest.useRealTimers();
    await bench.close();
    await provider.close();
  });

  const client = () => oauthClient(provider.url);
  const memberOf = ({ connection }: OpenConnection) => `${partitionOf(connection)}/${connection.connectionId}`;
  const renew = (open: OpenConnection, by = ahead) =>
    by.renew(client(), memberOf(open), new RefreshPace(bench.store, client()));
  /** A connection whose token is about to end. */
  const ending = () => bench.connect('old-token', { expiresAt: Date.now() + 6 * MINUTE_MS });
  const stored = async () => {
    const found = await bench.connections.find(OWNER, 'acme');
    if (found === undefined) throw new Error('It is gone.');
    return found;
  };
  const tokenNow = async () => (await stored()).grant.primary.accessToken.reveal();
  const dueAt = async () => (await bench.store.listDue(INDEX, Number.MAX_SAFE_INTEGER, 10)).map((one) => one.dueAtMs);
  const age = async (read: OpenConnection, changes: Partial<Connection>) => aged(bench.connections, read, changes);
  /** Authorised that long ago and renewed since, but never used. */
  const unusedFor = async (read: OpenConnection, ms: number, renewedMsAgo: number) => {
    const { refresh } = read.connection;
    const lastAt = Date.now() - renewedMsAgo;
    return age(read, { authorizedAt: Date.now() - ms, refresh: { ...refresh, lastAt } });
  };

  it('renews a token that is near its end, and notes when it is due next', async () => {
    await renew(await ending());
    expect(await tokenNow()).toBe('new-token');
    const { nextAt } = (await stored()).connection.refresh;
    expect(await dueAt()).toEqual([nextAt]);
    expect(nextAt).toBeGreaterThan(Date.now() + 45 * MINUTE_MS);
  });

  it('asks for nothing that is not due, and puts right an index that comes too early', async () => {
    const read = await bench.connect('old-token', { expiresAt: Date.now() + 60 * MINUTE_MS });
    await bench.store.schedule(INDEX, memberOf(read), 0);
    await renew(read);
    expect(provider.requests).toHaveLength(0);
    const [due] = await dueAt();
    expect(due).toBeGreaterThan(Date.now() + 30 * MINUTE_MS);
  });

  it('is no use of the connection', async () => {
    const before = await age(await ending(), { lastUsedAt: Date.now() - DAY_MS });
    await renew(before);
    const after = await stored();
    expect(after.connection.lastUsedAt).toBe(before.connection.lastUsedAt);
    expect(bench.connections.idleAt(after.connection)).toBe(bench.connections.idleAt(before.connection));
  });

  it('lets one rest that nobody has used for a week, until two weeks after it was last renewed', async () => {
    const read = await unusedFor(await ending(), 30 * DAY_MS, DAY_MS);
    await renew(read);
    expect(provider.requests).toHaveLength(0);
    expect(await dueAt()).toEqual([(read.connection.refresh.lastAt ?? 0) + 2 * WEEK_MS]);
  });

  it('keeps an unused one alive, every two weeks', async () => {
    const read = await unusedFor(await ending(), 60 * DAY_MS, 2 * WEEK_MS);
    await renew(read);
    expect(await tokenNow()).toBe('new-token');
    await bench.store.schedule(INDEX, memberOf(read), 0);
    await renew(read);
    expect(provider.requests).toHaveLength(1);
    const [due] = await dueAt();
    expect(due).toBe(((await stored()).connection.refresh.lastAt ?? 0) + 2 * WEEK_MS);
  });

  it('keeps one ready that was used lately, even when only this process knows yet', async () => {
    const read = await unusedFor(await ending(), 30 * DAY_MS, DAY_MS);
    bench.uses.note(read, Date.now() - 1);
    await renew(read);
    expect(await tokenNow()).toBe('new-token');
  });

  it('forgets a member that has lost its connection, whose grant is dead, or that has nothing to renew', async () => {
    const gone = await ending();
    await bench.store.delete({
      collection: 'connection',
      partition: partitionOf(OWNER),
      id: gone.connection.connectionId,
    });
    await renew(gone);
    expect(await dueAt()).toEqual([]);

    const dead = await age(await ending(), { status: 'reauthorization_required' });
    await bench.store.schedule(INDEX, memberOf(dead), 0);
    await renew(dead);
    expect(await dueAt()).toEqual([]);

    const endless = await bench.connect('endless-token');
    await bench.store.schedule(INDEX, memberOf(endless), 0);
    await renew(endless);
    expect(await dueAt()).toEqual([]);
    expect(provider.requests).toHaveLength(0);
  });

  it('forgets nothing that its owner consented to at that very moment', async () => {
    const endless = await bench.connect('endless-token');
    await bench.store.schedule(INDEX, memberOf(endless), 0);
    const then = () => bench.connect('consented-token', { expiresAt: Date.now() + 60 * MINUTE_MS });
    bench.store.afterNextGet = { collection: 'connection', then };
    await renew(endless);
    expect(await dueAt()).toHaveLength(1);
  });

  it('looks again the next day at one that cannot be opened: its key may come back', async () => {
    const read = await ending();
    const key = { collection: 'connection', partition: partitionOf(OWNER), id: read.connection.connectionId };
    // Sealed for another version than it stands at now.
    await bench.store.put(key, (await bench.store.get(key))?.value ?? '');
    await renew(read);
    const [due] = await dueAt();
    expect(due).toBeGreaterThanOrEqual(Date.now() + DAY_MS - MINUTE_MS);
  });

  it('shows no token to another client than the one it was given to', async () => {
    const read = await age(await ending(), { clientId: 'client-before' });
    await renew(read);
    expect(provider.requests).toHaveLength(0);
    const [due] = await dueAt();
    expect(due).toBeGreaterThanOrEqual(Date.now() + DAY_MS - MINUTE_MS);
  });

  it('asks a provider that failed again later, and not before', async () => {
    provider.answer = json({}, 503);
    const read = await ending();
    await renew(read);
    const asked = provider.requests.length;
    expect(asked).toBeGreaterThan(0);
    const { nextAt, failure } = (await stored()).connection.refresh;
    expect(failure).toMatchObject({ count: 1 });
    expect(await dueAt()).toEqual([nextAt]);
    await bench.store.schedule(INDEX, memberOf(read), 0);
    await renew(read);
    expect(provider.requests).toHaveLength(asked);
    expect(await dueAt()).toEqual([nextAt]);
  });

  it('leaves a connection as it is when the provider does not accept our client, and comes back to it', async () => {
    provider.answer = json({ error: 'invalid_client' }, 401);
    await renew(await ending());
    expect((await stored()).connection).toMatchObject({ status: 'active', refresh: { failure: null, attempt: null } });
    const [due] = await dueAt();
    expect(due).toBeGreaterThan(Date.now() + 4 * MINUTE_MS);
  });

  it('ends what the provider says is dead, and asks no more', async () => {
    provider.answer = json({ error: 'invalid_grant' }, 400);
    await renew(await ending());
    expect((await stored()).connection.status).toBe('reauthorization_required');
    expect(await dueAt()).toEqual([]);
  });

  it('leaves a connection due while the store is away', async () => {
    const read = await ending();
    const before = await dueAt();
    bench.store.failingWrites = 1;
    await expect(renew(read)).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(provider.requests).toHaveLength(0);
    expect(await dueAt()).toEqual(before);
  });

  it('renews once what two replicas take at one time, as when the clock of one is slow', async () => {
    const read = await ending();
    const journal = new RefreshJournal(bench.connections);
    const renewed = new RenewedGrants(bench.connections);
    const renewal = new TokenRenewal(bench.connections, journal, renewed, bench.revoker, bench.outbound);
    const refresher = new GrantRefresher(bench.store, bench.connections, journal, renewal, renewed);
    const other = new RefreshAhead(bench.store, bench.connections, refresher, bench.uses);
    await Promise.all([renew(read), renew(read, other)]);
    expect(provider.requests).toHaveLength(1);
    expect(await tokenNow()).toBe('new-token');
  });

  it('is done, when the service ends, with what it has begun', async () => {
    await ending();
    const asked = Promise.withResolvers<() => void>();
    provider.answer = (response, request) =>
      asked.resolve(() => {
        json(tokenAnswer({ access_token: 'new-token' }))(response, request);
      });
    // It may be due in some seconds only.
    const [due = 0] = await dueAt();
    await bench.store.schedule(INDEX, memberOf(await stored()), Math.min(due, Date.now()));
    const worker = new DueWorker(bench.store, ahead.workFor(client()));
    worker.start();
    const answerNow = await asked.promise;
    const stopped = worker.stop();
    answerNow();
    await stopped;
    expect(await tokenNow()).toBe('new-token');
  });

  it('asks a handful of times, not thousands, when no refresh succeeds', async () => {
    provider.answer = json({ error: 'invalid_client' }, 401);
    const { grant, connection } = await ending();
    for (let number = 0; number < 200; number += 1) {
      const owner = { orgId: 'acme', userId: `user-${number}` };
      const saved = await bench.connections.saveGrant({ ...connection, owner, grant });
      await bench.store.schedule(INDEX, `${partitionOf(owner)}/${saved.connectionId}`, 1);
    }
    const scheduled = jest.spyOn(bench.store, 'schedule');
    const worker = new DueWorker(bench.store, ahead.workFor(client()));
    worker.start();
    // What it has taken and may not begin it gives back.
    while (!scheduled.mock.calls.some(([, , dueAtMs]) => dueAtMs === 1)) await turn();
    await worker.stop();
    expect(provider.requests.length).toBeLessThan(30);
    expect(await bench.store.listDue(INDEX, 1, 1000)).toHaveLength(200 - provider.requests.length);
  });
});
