import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { digest } from '../crypto/digest.ts';
import { oauthClient, tokenAnswer } from '../oauth/fixtures/oauth-client.ts';
import { json, startProviderStub, type Answer, type ProviderStub } from '../outbound/fixtures/provider-stub.ts';
import { PRIMARY, tokenOf, tokensOf, type OpenConnection } from './connection.ts';
import { OWNER, refreshBench, type RefreshBench } from './fixtures/refresh-bench.ts';

const BOTH = [PRIMARY, 'user'];

describe('A grant of two tokens', () => {
  let provider: ProviderStub;
  let bench: RefreshBench;
  let replica: RefreshBench;
  /** What the provider answers to each refresh token, and what happens before it does. */
  let answers: Record<string, Answer>;
  let beforeAnswer: (refreshToken: string) => Promise<unknown>;
  beforeEach(async () => {
    provider = await startProviderStub();
    bench = refreshBench();
    replica = refreshBench(bench);
    answers = {};
    beforeAnswer = () => Promise.resolve();
    provider.answer = (response, request) => {
      const sent = new URLSearchParams(request.body).get('refresh_token') ?? '';
      const fresh = json(tokenAnswer({ access_token: `fresh-${sent}`, refresh_token: `next-${sent}` }));
      void beforeAnswer(sent).then(() => {
        (answers[sent] ?? fresh)(response, request);
      });
    };
  });
  afterEach(async () => {
    await replica.close();
    await bench.close();
    await provider.close();
  });

  const connect = () => bench.connect('bot', { additional: { user: 'user' }, expiresAt: Date.now() - 1 });
  const refresh = (read: OpenConnection, names = BOTH, by = bench) =>
    by.refresher.refresh(oauthClient(provider.url), read, names);
  const stored = async (): Promise<OpenConnection> => {
    const found = await bench.connections.find(OWNER, 'acme');
    if (found === undefined) throw new Error('It has gone.');
    return found;
  };
  const values = ({ grant }: OpenConnection) => tokensOf(grant).map(([, token]) => token.accessToken.reveal());

  it('has each stored before the next is asked for', async () => {
    const before: Record<string, readonly string[]> = {};
    beforeAnswer = async (sent) => (before[sent] = values(await stored()));
    await refresh(await connect());
    expect(before).toEqual({ 'refresh-of-bot': ['bot', 'user'], 'refresh-of-user': ['fresh-refresh-of-bot', 'user'] });
    expect(values(await stored())).toEqual(['fresh-refresh-of-bot', 'fresh-refresh-of-user']);
  });

  it.each([
    ['fails', json({}, 500)],
    ['is lost', (response) => response.destroy()],
  ] as [string, Answer][])(
    'keeps the first, and serves it, when the refresh of the second %s',
    async (_what, answer) => {
      answers['refresh-of-user'] = answer;
      expect(values(await refresh(await connect()))).toEqual(['fresh-refresh-of-bot', 'user']);
      const { connection } = await stored();
      expect(connection).toMatchObject({ status: 'active', refresh: { failure: { count: 1 } } });
    },
  );

  it('loses the second alone when that is dead', async () => {
    answers['refresh-of-user'] = json({ error: 'invalid_grant' }, 400);
    expect(values(await refresh(await connect()))).toEqual(['fresh-refresh-of-bot']);
    const { connection, grant } = await stored();
    expect(connection).toMatchObject({ status: 'active', reason: null, refresh: { failure: null, attempt: null } });
    expect(tokenOf(grant, 'user')).toBeUndefined();
    expect(values(await refresh(await stored(), ['user']))).toEqual(['fresh-refresh-of-bot']);
    expect(provider.requests).toHaveLength(2);
  });

  it('asks for no second when the first is dead', async () => {
    answers['refresh-of-bot'] = json({ error: 'invalid_grant' }, 400);
    await expect(refresh(await connect())).rejects.toMatchObject({ code: 'reauthorization_required' });
    expect(provider.requests).toHaveLength(1);
  });

  it('gives who needs the first its turn while the second is refreshed', async () => {
    const read = await connect();
    const second = refresh(read, ['user']);
    const first = refresh(read, [PRIMARY]);
    expect(values(await second)).toEqual(['bot', 'fresh-refresh-of-user']);
    expect(values(await first)).toEqual(['fresh-refresh-of-bot', 'fresh-refresh-of-user']);
    expect(provider.requests).toHaveLength(2);
  });

  it('serves the first to a replica that waited for it, although the second has failed', async () => {
    answers['refresh-of-user'] = json({}, 503, { 'retry-after': '60' });
    const read = await connect();
    const lease = await bench.store.acquireLease(digest('refresh', read.connection.connectionId), 60_000);
    const waiting = refresh(read, BOTH, replica);
    const holder = { fencingNumber: lease?.fencingNumber ?? 0, storeNow: lease?.fencingNumber ?? 0 };
    const first = await bench.renewal.renew(oauthClient(provider.url), read, PRIMARY, holder);
    await expect(bench.renewal.renew(oauthClient(provider.url), first, 'user', holder)).rejects.toMatchObject({
      code: 'provider_error',
    });
    if (lease !== undefined) await bench.store.releaseLease(lease);
    expect(values(await waiting)).toEqual(['fresh-refresh-of-bot', 'user']);
    expect(provider.requests).toHaveLength(2);
  });
});
