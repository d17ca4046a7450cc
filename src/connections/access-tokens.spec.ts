import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { oauthClient, tokenAnswer } from '../oauth/fixtures/oauth-client.ts';
import { json, startProviderStub, type ProviderStub } from '../outbound/fixtures/provider-stub.ts';
import { stopTime } from '../outbound/fixtures/stopped-clock.ts';
import { OWNER, refreshBench } from './fixtures/refresh-bench.ts';

const MINUTE_MS = 60_000;

let provider: ProviderStub;
let bench: ReturnType<typeof refreshBench>;

beforeEach(async () => {
  stopTime();
  provider = await startProviderStub();
  provider.answer = json({ error: 'invalid_grant' }, 400);
  bench = refreshBench();
});
afterEach(async () => {
  jest.useRealTimers();
  await bench.close();
  await provider.close();
});

const use = () => bench.tokens.use(oauthClient(provider.url), { owner: OWNER });

it('uses a token that nothing can renew until its end, and no longer', async () => {
  await bench.connect('token', { expiresAt: Date.now() + MINUTE_MS, refreshToken: undefined });
  expect((await use()).grant.primary.accessToken.reveal()).toBe('token');
  await bench.connect('token', { expiresAt: Date.now() - 1, refreshToken: undefined });
  await expect(use()).rejects.toMatchObject({ code: 'reauthorization_required' });
  expect(provider.requests).toHaveLength(0);
});

it('renews one that can be renewed before its end', async () => {
  await bench.connect('token', { expiresAt: Date.now() + MINUTE_MS });
  await expect(use()).rejects.toMatchObject({ code: 'reauthorization_required' });
  expect(provider.requests).toHaveLength(1);
});

it('shows no token to another client than the one it was given to', async () => {
  await bench.connect('token', { expiresAt: Date.now() + 60 * MINUTE_MS });
  const another = { ...oauthClient(provider.url), clientId: 'client-2' };
  await expect(bench.tokens.use(another, { owner: OWNER })).rejects.toMatchObject({ code: 'reauthorization_required' });
  expect(provider.requests).toHaveLength(0);
});

it('has no token refreshed by refusals that another replica has refreshed a moment ago', async () => {
  const replica = refreshBench(bench);
  const client = oauthClient(provider.url);
  provider.answer = json(tokenAnswer({ access_token: 'fresh', refresh_token: 'next' }));
  await bench.connect('token');
  const fresh = await bench.tokens.replaceRejected(client, await use());
  await expect(replica.tokens.replaceRejected(client, fresh)).rejects.toMatchObject({ code: 'provider_error' });
  expect(provider.requests).toHaveLength(1);

  jest.advanceTimersByTime(10_000);
  await replica.tokens.replaceRejected(client, fresh);
  expect(provider.requests).toHaveLength(2);
  await replica.close();
});
