import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Secret } from '../errors/secret.ts';
import { oauthClient, tokenAnswer } from '../oauth/fixtures/oauth-client.ts';
import { inTurn, json, startProviderStub, type Answer, type ProviderStub } from '../outbound/fixtures/provider-stub.ts';
import { stopTime } from '../outbound/fixtures/stopped-clock.ts';
import { PRIMARY, withToken, type OpenConnection } from './connection.ts';
import { OWNER, refreshBench, type RefreshBench } from './fixtures/refresh-bench.ts';

const DEAD = json({ error: 'invalid_grant' }, 400);
const CONFLICT = json({ error: 'temporarily_unavailable' }, 409);
const LOST: Answer = (response) => response.destroy();
const FRESH = json(tokenAnswer({ access_token: 'fresh', refresh_token: 'next' }));

describe('Presenting a refresh token', () => {
  let provider: ProviderStub;
  let bench: RefreshBench;
  /** Another replica's services over the same store. */
  let other: RefreshBench;
  beforeEach(async () => {
    stopTime();
    provider = await startProviderStub();
    bench = refreshBench();
    other = refreshBench(bench);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    jest.useRealTimers();
    await other.close();
    await bench.close();
    await provider.close();
  });

  const refresh = (read: OpenConnection, by = bench) => by.refresher.refresh(oauthClient(provider.url), read);
  const tokenIn = (open: OpenConnection) => open.grant.primary.accessToken.reveal();
  const stored = async (): Promise<OpenConnection> => {
    const found = await bench.connections.find(OWNER, 'acme');
    if (found === undefined) throw new Error('It has gone.');
    return found;
  };
  const renewed = (value: string) => ({
    name: PRIMARY,
    token: { accessToken: new Secret(value), refreshToken: new Secret(`next-${value}`), obtainedAt: Date.now() },
  });
  /** As another replica would that has renewed it: it lost its lease on the way. */
  const renewElsewhere = async (read: OpenConnection): Promise<void> => {
    await other.renewed.save(read, renewed('fresh-elsewhere'));
  };
  const answerAfter = (first: () => Promise<unknown>, answer: Answer): void => {
    provider.answer = (response, request) =>
      void first().then(() => {
        answer(response, request);
      });
  };

  it('is noted before, and the note is gone after', async () => {
    const read = await bench.connect('old');
    let during: OpenConnection | undefined;
    answerAfter(async () => (during = await stored()), FRESH);
    await refresh(read);
    expect(during?.connection.refresh.attempt).toMatchObject({ token: PRIMARY, presentations: 1, over: false });
    expect((await stored()).connection.refresh).toMatchObject({ attempt: null, failure: null });
  });

  it('keeps a refresh token that the answer brings no other for, and no end that it doesn’t name', async () => {
    provider.answer = json({ access_token: 'fresh', token_type: 'Bearer' });
    const { connection, grant } = await refresh(await bench.connect('old', { expiresAt: Date.now() - 1 }));
    expect(grant.primary.refreshToken?.reveal()).toBe('refresh-of-old');
    expect([grant.primary.expiresAt, connection.expiresAt, connection.refresh.nextAt]).toEqual([undefined, null, null]);
  });

  it('counts a token’s life from when it was asked for, not from a late answer', async () => {
    const askedAt = Date.now();
    provider.answer = (response, request) => {
      jest.advanceTimersByTime(5_000);
      FRESH(response, request);
    };
    const { grant } = await refresh(await bench.connect('old'));
    expect(grant.primary).toMatchObject({ obtainedAt: askedAt, expiresAt: askedAt + 3_600_000 });
  });

  it.each([
    ['409', CONFLICT],
    ['that the grant is dead', DEAD],
    ['nothing that arrives', LOST],
  ])('uses what another replica has stored meanwhile when it says %s', async (_what, answer) => {
    const read = await bench.connect('old');
    answerAfter(() => renewElsewhere(read), answer);
    expect(tokenIn(await refresh(read))).toBe('fresh-elsewhere');
    expect((await stored()).connection).toMatchObject({ status: 'active', refresh: { failure: null, attempt: null } });
  });

  it('waits for what another replica is about to store when it says 409', async () => {
    const read = await bench.connect('old');
    const collection = 'connection';
    // The first look at the record after the answer finds the old token still.
    const atNextLook = (then: () => Promise<unknown>): Promise<void> => {
      bench.store.afterNextGet = { collection, then };
      return Promise.resolve();
    };
    answerAfter(() => atNextLook(() => atNextLook(() => renewElsewhere(read))), CONFLICT);
    expect(tokenIn(await refresh(read))).toBe('fresh-elsewhere');
    expect(bench.store.afterNextGet).toBeUndefined();
    expect(provider.requests).toHaveLength(1);
  });

  it('is a failure that can be waited out when it says 409 and nobody stores anything', async () => {
    provider.answer = (response, request) => {
      // The 3 s in which somebody may store it pass with the first look.
      const then = () => {
        jest.advanceTimersByTime(3_001);
        return Promise.resolve();
      };
      bench.store.afterNextGet = { collection: 'connection', then };
      CONFLICT(response, request);
    };
    const error = await refresh(await bench.connect('old')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'provider_unavailable', details: { retry_after: 5 } });
    const { status, refresh: state } = (await stored()).connection;
    expect(status).toBe('active');
    expect(state).toMatchObject({ failure: { count: 1 }, attempt: { presentations: 1, over: true } });
    expect(provider.requests).toHaveLength(1);
  });

  it.each([
    ['once, when it was never used up', inTurn(DEAD), 'grant_revoked', 1],
    ['after an answer was lost', inTurn(LOST, DEAD), 'refresh_answer_lost', 2],
    ['after a failing answer', inTurn(json({}, 502), DEAD), 'refresh_answer_lost', 2],
  ])('ends the connection for the true reason: dead %s', async (_what, answer, reason, times) => {
    provider.answer = answer;
    const read = await bench.connect('old');
    await expect(refresh(read)).rejects.toMatchObject({ code: 'reauthorization_required' });
    expect((await stored()).connection).toMatchObject({ status: 'reauthorization_required', reason });
    expect((await stored()).connection.endedAt).toEqual(expect.any(Number));
    await expect(refresh(await stored())).rejects.toMatchObject({ code: 'reauthorization_required' });
    await expect(refresh(await stored(), other)).rejects.toMatchObject({ code: 'reauthorization_required' });
    expect(provider.requests).toHaveLength(times);
  });

  it('forgets lost answers with the success after them', async () => {
    provider.answer = inTurn(LOST, FRESH, DEAD);
    await refresh(await bench.connect('old'));
    await expect(refresh(await stored())).rejects.toMatchObject({ code: 'reauthorization_required' });
    expect((await stored()).connection.reason).toBe('grant_revoked');
  });

  it.each([
    ['invalid_client', 401],
    ['unauthorized_client', 400],
  ])('says nothing of the grant when it says %s', async (error, status) => {
    provider.answer = inTurn(json({ error }, status), json({ error }, status), FRESH);
    const read = await bench.connect('old');
    await expect(refresh(read)).rejects.toMatchObject({ refusal: 'misconfigured' });
    await expect(refresh(await stored())).rejects.toMatchObject({ refusal: 'misconfigured' });
    const { connection, grant } = await stored();
    expect({ connection, grant }).toEqual({ connection: read.connection, grant: read.grant });
    expect(tokenIn(await refresh(await stored()))).toBe('fresh');
  });

  it('gives it up when no answer comes in 18 s, and leaves asking once more to who comes next', async () => {
    const waitedMs: number[] = [];
    const arrived = Promise.withResolvers<undefined>();
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + waitedMs.reduce((sum, ms) => sum + ms, 0));
    const later = globalThis.setTimeout;
    jest.spyOn(globalThis, 'setTimeout').mockImplementation((then: () => void, ms = 0, ...rest: []) => {
      if (ms < 17_000 || ms > 19_000) return later(then, ms, ...rest);
      // The request is on its way then, and so long has passed.
      void arrived.promise.then(() => {
        waitedMs.push(ms);
        then();
      });
      return later(() => undefined, 0);
    });
    provider.answer = () => {
      arrived.resolve(undefined);
    };
    const read = await bench.connect('old');
    await expect(refresh(read)).rejects.toMatchObject({ code: 'provider_timeout' });
    expect(waitedMs).toEqual([18_000]);
    const { refresh: state } = (await stored()).connection;
    expect(state).toMatchObject({ failure: { error: 'provider_timeout', count: 1 }, attempt: { presentations: 1 } });
    jest.restoreAllMocks();

    provider.answer = DEAD;
    await expect(refresh(await stored())).rejects.toMatchObject({ code: 'reauthorization_required' });
    expect((await stored()).connection.reason).toBe('refresh_answer_lost');
    expect(provider.requests).toHaveLength(2);
  });

  describe('and storing late what came of it', () => {
    it('works when the lease was lost, and nobody has renewed it', async () => {
      const read = await bench.connect('old');
      await other.connections.touch(read, Date.now());
      await bench.renewed.save(read, renewed('late'));
      expect(tokenIn(await stored())).toBe('late');
    });

    it('heals what another replica took for dead meanwhile', async () => {
      const read = await bench.connect('old');
      answerAfter(async () => {
        await expect(other.journal.dead(read, PRIMARY)).rejects.toMatchObject({ code: 'reauthorization_required' });
        expect((await stored()).connection.status).toBe('reauthorization_required');
      }, FRESH);
      expect(tokenIn(await refresh(read))).toBe('fresh');
      const { status, reason, endedAt } = (await stored()).connection;
      expect([status, reason, endedAt]).toEqual(['active', null, null]);
    });

    it('overwrites no newer token', async () => {
      const read = await bench.connect('old');
      await renewElsewhere(read);
      expect(tokenIn(await bench.renewed.save(read, renewed('late')))).toBe('fresh-elsewhere');
      expect(tokenIn(await stored())).toBe('fresh-elsewhere');
    });

    it('touches no other token of the grant', async () => {
      const read = await bench.connect('old', { additional: { user: 'user' } });
      const [, token] = [PRIMARY, renewed('user-fresh').token];
      await other.connections.replace(read, read.connection, withToken(read.grant, 'user', token));
      await bench.renewed.save(read, renewed('late'));
      const { grant } = await stored();
      expect(grant.primary.accessToken.reveal()).toBe('late');
      expect(grant.additional.get('user')?.accessToken.reveal()).toBe('user-fresh');
    });

    it('revokes it when the connection has been deleted', async () => {
      const revoked: string[] = [];
      bench.authorities.enter('acme', {
        client: () => oauthClient(provider.url),
        revoke: (_client, grant) => Promise.resolve(revoked.push(grant.primary.accessToken.reveal()) > 0),
      });
      const read = await bench.connect('old');
      answerAfter(() => bench.connections.remove(read.connection), FRESH);
      await expect(refresh(read)).rejects.toMatchObject({ code: 'connection_not_found' });
      expect(revoked).toEqual(['fresh']);
      expect(await bench.connections.list(OWNER)).toEqual([]);
    });

    it('revokes it when the connection has been deleted while the store could not be reached', async () => {
      const revoked: string[] = [];
      bench.authorities.enter('acme', {
        client: () => oauthClient(provider.url),
        revoke: (_client, grant) => Promise.resolve(revoked.push(grant.primary.accessToken.reveal()) > 0),
      });
      const read = await bench.connect('old');
      answerAfter(() => Promise.resolve((bench.store.failingWrites = 1)), FRESH);
      await expect(refresh(read)).rejects.toMatchObject({ code: 'storage_unavailable' });
      await bench.connections.remove(read.connection);
      await bench.renewed.settled();
      expect(revoked).toEqual(['fresh']);
      expect(await bench.connections.list(OWNER)).toEqual([]);
    });
  });
});
