import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import { digest } from '../crypto/digest.ts';
import { oauthClient, tokenAnswer } from '../oauth/fixtures/oauth-client.ts';
import { json, startProviderStub, type ProviderStub } from '../outbound/fixtures/provider-stub.ts';
import type { OpenConnection } from './connection.ts';
import { OWNER, refreshBench } from './fixtures/refresh-bench.ts';

describe('Refreshing a grant', () => {
  let provider: ProviderStub;
  let bench: ReturnType<typeof refreshBench>;

  beforeEach(async () => {
    provider = await startProviderStub();
    provider.answer = json(tokenAnswer({ access_token: 'new-token', refresh_token: 'new-refresh' }));
    bench = refreshBench();
  });
  afterEach(async () => {
    await bench.close();
    await provider.close();
  });

  const refresh = (read: OpenConnection) => bench.refresher.refresh(oauthClient(provider.url), read);
  const tokenOf = (open: OpenConnection | undefined) => open?.grant.primary.accessToken.reveal();
  /** The provider has answered, and the store fails what is written next. */
  const failStoreOnceAnswered = (): void => {
    const { answer } = provider;
    provider.answer = (response, request) => {
      bench.store.failingWrites = 2;
      answer(response, request);
    };
  };
  const stored = () => bench.connections.find(OWNER, 'acme');

  it('stores the new tokens', async () => {
    expect(tokenOf(await refresh(await bench.connect('old-token')))).toBe('new-token');
    expect(tokenOf(await stored())).toBe('new-token');
  });

  it('loses no token to a store that fails when the provider has already answered', async () => {
    const read = await bench.connect('old-token');
    failStoreOnceAnswered();
    await expect(refresh(read)).rejects.toMatchObject({ code: 'storage_unavailable' });
    await bench.renewed.settled();
    expect(tokenOf(await stored())).toBe('new-token');
    expect((await stored())?.grant.primary.refreshToken?.reveal()).toBe('new-refresh');
  });

  it('keeps others from using the old refresh token while the new one is not yet stored', async () => {
    const read = await bench.connect('old-token');
    failStoreOnceAnswered();
    await expect(refresh(read)).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(tokenOf(await refresh(read))).toBe('new-token');
    expect(provider.requests).toHaveLength(1);
  });

  it('waits on for another holder of the lease when the store is silent for a moment', async () => {
    const read = await bench.connect('old-token');
    const lease = await bench.store.acquireLease(digest('refresh', read.connection.connectionId), 60_000);
    const refreshed = refresh(read);
    bench.store.failingReads = 3;
    const heardAgain = async () => {
      while (bench.store.failingReads > 0) await wait(5);
    };
    await Promise.race([refreshed, heardAgain()]);
    await bench.connect('token-of-the-other');
    expect(tokenOf(await refreshed)).toBe('token-of-the-other');
    expect(lease).toBeDefined();
    expect(provider.requests).toHaveLength(0);
  });

  it('is not undone by a lease that cannot be released', async () => {
    bench.store.failsToRelease = true;
    expect(tokenOf(await refresh(await bench.connect('old-token')))).toBe('new-token');
  });

  it('leaves alone what the owner consented to meanwhile', async () => {
    const read = await bench.connect('old-token');
    const answer = provider.answer;
    provider.answer = (response, request) =>
      void bench.connect('consented-token').then(() => {
        answer(response, request);
      });
    expect(tokenOf(await refresh(read))).toBe('consented-token');
    expect(tokenOf(await stored())).toBe('consented-token');
  });

  it('builds upon a use that was noted meanwhile', async () => {
    const read = await bench.connect('old-token');
    const answer = provider.answer;
    provider.answer = (response, request) =>
      void bench.connections
        .reread(read)
        .then((current) => bench.connections.touch(current, 1_000))
        .then(() => {
          answer(response, request);
        });
    expect((await refresh(read)).connection.lastUsedAt).toBe(1_000);
    expect(tokenOf(await stored())).toBe('new-token');
  });

  it('ends before the process does', async () => {
    const read = await bench.connect('old-token');
    const refreshed = refresh(read);
    await bench.refresher.onApplicationShutdown();
    expect(tokenOf(await stored())).toBe('new-token');
    await refreshed;
  });
});
