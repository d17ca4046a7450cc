import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { digest } from '../crypto/digest.ts';
import { oauthClient, tokenAnswer } from '../oauth/fixtures/oauth-client.ts';
import { json, startProviderStub, type ProviderStub } from '../outbound/fixtures/provider-stub.ts';
import { stopTime } from '../outbound/fixtures/stopped-clock.ts';
import { refreshIndexOf } from './connection-schedule.ts';
import { PRIMARY, type OpenConnection } from './connection.ts';
import { aged } from './fixtures/aged-connection.ts';
import { OWNER, refreshBench, type RefreshBench } from './fixtures/refresh-bench.ts';
import { CALL_BUDGET_MS } from './token-renewal.ts';

describe('A refresh token that somebody else may be presenting', () => {
  let provider: ProviderStub;
  let bench: RefreshBench;
  let other: RefreshBench;
  /** How much later it is here than it was, by the clock that never goes back. */
  let laterMs: number;
  beforeEach(async () => {
    stopTime();
    provider = await startProviderStub();
    provider.answer = json(tokenAnswer({ access_token: 'fresh', refresh_token: 'next' }));
    bench = refreshBench();
    other = refreshBench(bench);
    laterMs = 0;
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + laterMs);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    jest.useRealTimers();
    await other.close();
    await bench.close();
    await provider.close();
  });

  const refresh = (read: OpenConnection) => bench.refresher.refresh(oauthClient(provider.url), read);
  const tokenIn = ({ grant }: OpenConnection) => grant.primary.accessToken.reveal();
  const stored = async (): Promise<OpenConnection> => {
    const found = await bench.connections.find(OWNER, 'acme');
    if (found === undefined) throw new Error('It has gone.');
    return found;
  };
  /** Resolves when the record has been looked at so often from now on. */
  const looks = async (times: number): Promise<void> => {
    const seen = jest.spyOn(bench.connections, 'reread');
    const looked = Promise.withResolvers<undefined>();
    seen.mockImplementation((read) => {
      if (seen.mock.calls.length >= times) looked.resolve(undefined);
      return other.connections.reread(read);
    });
    await looked.promise;
    seen.mockRestore();
  };

  it('is not presented until the other call must be over, however long before it the other’s lease was taken', async () => {
    const read = await bench.connect('old');
    const lease = await bench.store.acquireLease(digest('refresh', read.connection.connectionId), 1);
    const takenAt = (lease?.fencingNumber ?? 0) - CALL_BUDGET_MS;
    await other.journal.begin(read, PRIMARY, { fencingNumber: takenAt, storeNow: lease?.fencingNumber ?? 0 });

    jest.advanceTimersByTime(1);
    const refreshed = refresh(read);
    await looks(1);
    laterMs = CALL_BUDGET_MS - 5_000;
    await looks(2);
    expect(provider.requests).toHaveLength(0);
    laterMs = CALL_BUDGET_MS + 1;
    expect(tokenIn(await refreshed)).toBe('fresh');
    expect(provider.requests).toHaveLength(1);
  });

  it('is not presented beside a call that was noted after the connection was read', async () => {
    const read = await bench.connect('old');
    await other.journal.begin(read, PRIMARY, { fencingNumber: 1, storeNow: 1 });
    const begun = bench.journal.begin(read, PRIMARY, { fencingNumber: 2, storeNow: 2 });
    await expect(begun).rejects.toMatchObject({ code: 'provider_unavailable', details: { retry_after: 5 } });
    expect((await stored()).connection.refresh.attempt).toMatchObject({ fencingNumber: 1 });
  });

  it('is not presented by who stood still after noting it, when others may take its call for over', async () => {
    const read = await bench.connect('old');
    const replace = bench.connections.replace.bind(bench.connections);
    jest.spyOn(bench.connections, 'replace').mockImplementationOnce((...write) => {
      laterMs = CALL_BUDGET_MS - 1_000;
      return replace(...write);
    });
    await expect(refresh(read)).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect(provider.requests).toHaveLength(0);
    const { status, refresh: state } = (await stored()).connection;
    expect([status, state.attempt, state.failure?.count]).toEqual(['active', null, 1]);
  });

  it('is waited for a while, and not for ever, by a store whose clock went back', async () => {
    const read = await bench.connect('old');
    const tomorrow = Date.now() + 86_400_000;
    await other.journal.begin(read, PRIMARY, { fencingNumber: tomorrow, storeNow: tomorrow });
    const refreshed = refresh(read);
    await looks(2);
    laterMs = 60_001;
    await expect(refreshed).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect(provider.requests).toHaveLength(0);
  });

  it('is not left alone for longer than any provider may ask, though some replica’s clock was wrong', async () => {
    const failure = { error: 'provider_error', at: Date.now(), count: 2, retryAt: Date.now() + 86_400_000 } as const;
    const read = await bench.connect('old');
    const failed = await aged(bench.connections, read, { refresh: { ...read.connection.refresh, failure } });
    expect(tokenIn(await refresh(failed))).toBe('fresh');
  });

  it('stays entered for its renewal when its owner consents anew in the moment it is found dead', async () => {
    const read = await bench.connect('old');
    const replace = bench.connections.replace.bind(bench.connections);
    jest.spyOn(bench.connections, 'replace').mockImplementationOnce(async (...write) => {
      const ended = await replace(...write);
      await other.connect('consented', { expiresAt: Date.now() + 3_600_000 });
      return ended;
    });
    await expect(bench.journal.dead(read, PRIMARY)).rejects.toMatchObject({ code: 'reauthorization_required' });
    const { connection } = await stored();
    const due = await bench.store.listDue(refreshIndexOf('acme'), Number.MAX_SAFE_INTEGER, 10);
    expect([connection.status, due]).toEqual([
      'active',
      [expect.objectContaining({ dueAtMs: connection.refresh.nextAt })],
    ]);
  });

  it('holds up no shutdown when its successor can’t be stored', async () => {
    const read = await bench.connect('old');
    const { answer } = provider;
    provider.answer = (response, request) => {
      bench.store.failingWrites = Number.POSITIVE_INFINITY;
      answer(response, request);
    };
    await expect(refresh(read)).rejects.toMatchObject({ code: 'storage_unavailable' });
    // The store was away for so long that the lease has ended.
    const lease = { name: 'lease', ownerToken: 'token', fencingNumber: Date.now() };
    jest.spyOn(bench.store, 'acquireLease').mockResolvedValueOnce(lease);
    const waiting = refresh(read);
    const shutdown = bench.refresher.onApplicationShutdown();
    laterMs = 20_001;
    await expect(waiting).rejects.toMatchObject({ code: 'storage_unavailable' });
    await shutdown;
    bench.store.failingWrites = 0;
  });
});
