import { afterEach, describe, expect, it } from '@jest/globals';
import type { UserRefresh } from '../../sandbox/core/settings.ts';
import { json, type Answer } from '../../src/outbound/fixtures/provider-stub.ts';
import { EXPIRED, isRefresh, TokenLifeBench } from './token-life-bench.ts';

const SCOPES = { scopes: ['channels:read', 'groups:read', 'users:read', 'user:channels:read', 'user:groups:read'] };

describe.each<UserRefresh>(['top_level', 'authed_user'])(
  'Slack’s bot and user token, the user’s answered at %s',
  (userRefresh) => {
    let bench: TokenLifeBench;
    afterEach(() => bench.close());

    const connect = async (): Promise<void> => {
      // No grace: a token that was presented twice would be dead.
      bench = await TokenLifeBench.start({ sandbox: { slack: { userRefresh, refreshGraceSeconds: 0 } } });
      await bench.connect('slack', SCOPES);
    };
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
      await connect();
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
      await connect();
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
      await connect();
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
