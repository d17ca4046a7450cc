import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { oauthClient, tokenAnswer } from '../oauth/fixtures/oauth-client.ts';
import { json, startProviderStub, type ProviderStub } from '../outbound/fixtures/provider-stub.ts';
import { AccessTokens, PATIENCE_MS, VALID_FOR_MS, type UseOptions } from './access-tokens.ts';
import { hasSameToken } from './connection.ts';
import { OWNER, refreshBench, type RefreshBench } from './fixtures/refresh-bench.ts';

const MINUTE_MS = 60_000;

class ImpatientTokens extends AccessTokens {
  protected override readonly patienceMs = { notNeededYet: 20, needed: 40 };
}

describe('Who asks for a token while the token endpoint takes its time', () => {
  let provider: ProviderStub;
  let bench: RefreshBench;
  let tokens: AccessTokens;
  let letGo: () => void;
  beforeEach(async () => {
    provider = await startProviderStub();
    const held = Promise.withResolvers<undefined>();
    letGo = () => {
      held.resolve(undefined);
    };
    provider.answer = (response, request) =>
      void held.promise.then(() => {
        json(tokenAnswer({ access_token: 'fresh', refresh_token: 'next' }))(response, request);
      });
    bench = refreshBench();
    tokens = new ImpatientTokens(bench.connections, bench.refresher, bench.uses);
  });
  afterEach(async () => {
    letGo();
    await bench.close();
    await provider.close();
  });

  const use = async (options?: UseOptions) =>
    (await tokens.use(oauthClient(provider.url), { owner: OWNER }, options)).grant.primary.accessToken.reveal();
  const ends = (inMs: number) => bench.connect('old', { expiresAt: Date.now() + inMs });
  const settled = async () => {
    letGo();
    await bench.refresher.onApplicationShutdown();
    return (await bench.connections.find(OWNER, 'acme'))?.grant.primary.accessToken.reveal();
  };

  it('goes on with the old one that lasts, at once when somebody waits already', async () => {
    await ends(2 * MINUTE_MS);
    expect(await Promise.all([use(), use(), use()])).toEqual(['old', 'old', 'old']);
    expect(await settled()).toBe('fresh');
    expect(provider.requests).toHaveLength(1);
  });

  it('waits for the fresh one when the old one ends within the minute that is promised', async () => {
    await ends(VALID_FOR_MS - 1);
    // Patient enough for a busy machine.
    tokens = bench.tokens;
    const asked = Promise.all([use({ mustLast: true }), use({ mustLast: true })]);
    letGo();
    expect(await asked).toEqual(['fresh', 'fresh']);
    expect(provider.requests).toHaveLength(1);
  });

  it('is told in the end that it still goes on when the old one has expired, and the fresh one is stored', async () => {
    await ends(-1);
    const asked = await Promise.allSettled([use(), use(), use()]);
    for (const answer of asked) {
      expect(answer).toMatchObject({ reason: { code: 'provider_unavailable', details: { retry_after: 5 } } });
    }
    expect(await settled()).toBe('fresh');
    expect(provider.requests).toHaveLength(1);
  });

  it('gets the old one in the end where it still lives, unless it must last', async () => {
    await ends(VALID_FOR_MS - 1);
    await expect(use({ mustLast: true })).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect(await use()).toBe('old');
    expect(await settled()).toBe('fresh');
  });

  it('is told so too when its token was refused', async () => {
    const rejected = await bench.connect('old');
    const replaced = tokens.replaceRejected(oauthClient(provider.url), rejected);
    await expect(replaced).rejects.toMatchObject({ code: 'provider_unavailable', details: { retry_after: 5 } });
    expect(await settled()).toBe('fresh');
    const found = await tokens.replaceRejected(oauthClient(provider.url), rejected);
    expect(hasSameToken(found, rejected)).toBe(false);
    expect(provider.requests).toHaveLength(1);
  });
});

it('A request is held 2 s for a token that isn’t needed yet, and 22 s for one that is', () => {
  expect(PATIENCE_MS).toEqual({ notNeededYet: 2_000, needed: 22_000 });
});
