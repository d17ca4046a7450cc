import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UserRefresh } from '../../sandbox/core/settings.ts';
import { json, startProviderStub, type Answer, type ProviderStub } from '../../src/outbound/fixtures/provider-stub.ts';
import { EXPIRED, isRefresh, TokenLifeBench } from './token-life-bench.ts';

describe('A grant that nothing can renew', () => {
  const bench = TokenLifeBench.forTests(() => ({
    sandbox: { notion: { accessLifeSeconds: null }, slack: { tokenRotation: false } },
  }));

  it.each([
    ['notion', 'whose answer has null for a refresh token'],
    ['slack', 'whose tokens don’t rotate'],
  ])('at %s, %s, is used until the API refuses it, and then ends for that reason', async (name) => {
    if (name === 'notion') bench.change = (body) => ({ ...body, refresh_token: null });
    expect(await bench.connect(name)).toMatchObject({ expires_at: null, next_refresh_at: null });
    bench.later(30 * 86_400);
    expect((await bench.load(name)).status).toBe(200);
    await bench.control.expire(name, 'access');
    expect((await bench.load(name)).status).toBe(409);
    expect(await bench.connection(name)).toMatchObject({ reason: 'no_refresh_token', ended_at: expect.any(String) });
    expect((await bench.load(name)).status).toBe(409);
    expect(bench.presented()).toBe(0);
  });
});

describe('A 401 of HubSpot’s API', () => {
  let api: ProviderStub;
  beforeAll(async () => {
    api = await startProviderStub();
  });
  const bench = TokenLifeBench.forTests(() => ({ environment: { HUBSPOT_API_URL: api.url } }));
  afterAll(() => api.close());
  beforeEach(() => bench.connect('hubspot'));

  const refuseFirstToken = (body: Record<string, unknown>): void => {
    const seen = new Set<string>();
    api.answer = (response, request) => {
      seen.add(request.headers.authorization ?? '');
      const [first] = seen;
      const answer = request.headers.authorization === first ? json(body, 401) : json({ results: [] });
      answer(response, request);
    };
  };

  it.each(['EXPIRED_AUTHENTICATION', 'INVALID_AUTHENTICATION'])('that says %s refreshes once', async (category) => {
    refuseFirstToken({ status: 'error', category, message: 'No.' });
    expect((await bench.load('hubspot')).status).toBe(200);
    expect(bench.presented()).toBe(1);
  });

  it.each([{ status: 'error', category: 'MISSING_AUTHENTICATION', message: 'No.' }, {}])(
    'that says anything else refreshes nothing: %j',
    async (body) => {
      refuseFirstToken(body);
      const answer = await bench.load('hubspot');
      expect([answer.status, answer.json['error']]).toEqual([502, 'provider_error']);
      expect(bench.presented()).toBe(0);
    },
  );
});

const SCOPES = { scopes: ['channels:read', 'groups:read', 'users:read', 'user:channels:read', 'user:groups:read'] };

describe.each<UserRefresh>(['top_level', 'authed_user'])(
  'Slack’s bot and user token, the user’s answered at %s',
  (userRefresh) => {
    // No grace: a token that was presented twice would be dead.
    const bench = TokenLifeBench.forTests(() => ({ sandbox: { slack: { userRefresh, refreshGraceSeconds: 0 } } }));
    beforeEach(() => bench.connect('slack', SCOPES));

    /** The first refresh, which is the bot's, passes; the next is answered so; all later ones pass. */
    const answerSecond = (answer: Answer): void => {
      let refreshes = 0;
      bench.gate.answer = (response, request) => {
        const isSecond = isRefresh(request) && (refreshes += 1) === 2;
        (isSecond ? answer : bench.through)(response, request);
      };
    };
    /** How many tokens are alive: Slack revokes each by itself, the refresh tokens too. */
    const revokedAtTheEnd = async (): Promise<number> => {
      const before = (await bench.control.stats('slack')).revocations;
      expect((await bench.disconnect('slack')).json).toEqual({ deleted: true, revoked: true });
      return (await bench.control.stats('slack')).revocations - before;
    };
    const statuses = async (): Promise<number[]> => [
      (await bench.credentials('slack')).status,
      (await bench.load('slack')).status,
    ];

    it('are refreshed apart, again and again, and both live on', async () => {
      for (let round = 1; round <= 3; round += 1) {
        bench.later(EXPIRED);
        expect(await statuses()).toEqual([200, 200]);
        expect(bench.presented()).toBe(2 * round);
      }
      expect(await bench.control.stats('slack')).toMatchObject({ refreshes: 6, rotated_token_reuse: 0 });
      expect(await bench.connection('slack')).toMatchObject({ status: 'active', refresh_failure: null });
      expect(await revokedAtTheEnd()).toBe(4);
    });

    it('have the bot’s stored before the user’s is asked for: a failure there loses nothing', async () => {
      answerSecond(json({ ok: false, error: 'service_unavailable' }, 503, { 'retry-after': '30' }));
      bench.later(EXPIRED);
      expect(await statuses()).toEqual([200, 200]);
      expect(bench.presented()).toBe(2);
      await bench.patchbay.restart();
      bench.later(60);
      expect(await statuses()).toEqual([200, 200]);
      expect(await bench.control.stats('slack')).toMatchObject({ refreshes: 2, rotated_token_reuse: 0 });
      expect(await bench.connection('slack')).toMatchObject({ status: 'active', refresh_failure: null });
      expect(await revokedAtTheEnd()).toBe(4);
    });

    it('go apart when the user’s is dead: it is dropped, and the connection goes on with the bot’s', async () => {
      answerSecond(json({ ok: false, error: 'token_revoked' }));
      bench.later(EXPIRED);
      expect(await statuses()).toEqual([200, 200]);
      expect(await bench.connection('slack')).toMatchObject({ status: 'active', reason: null, refresh_failure: null });
      expect(bench.presented()).toBe(2);
      bench.later(EXPIRED);
      expect(await statuses()).toEqual([200, 200]);
      expect(bench.presented()).toBe(3);
      expect(await revokedAtTheEnd()).toBe(2);
    });
  },
);
