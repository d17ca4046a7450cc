import { describe, expect, it } from '@jest/globals';
import { NAMES, type TokenLifeBench } from './token-life-bench.ts';

/** What becomes of an access token that the provider's API refuses. */
export function describeRefusedTokens(bench: TokenLifeBench): void {
  describe('An access token that the provider’s API refuses', () => {
    it.each(NAMES)('before its time is refreshed once, and the load goes on: %s', async (name) => {
      await bench.connect(name);
      await bench.control.expire(name, 'access');
      const answers = await Promise.all(Array.from({ length: 5 }, () => bench.load(name)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      expect(bench.presented()).toBe(1);
      expect((await bench.control.stats(name)).rotated_token_reuse).toBe(0);
      expect((await bench.load(name)).status).toBe(200);
      expect(bench.presented()).toBe(1);
    });

    it.each(NAMES)('fresh from a refresh too is told, and refreshed no more: %s', async (name) => {
      await bench.connect(name);
      await bench.control.fault({ provider: name, endpoint: 'api', mode: 'status', status: 401 });
      const first = await bench.load(name);
      expect([first.status, first.json['error']]).toEqual([502, 'provider_error']);
      expect(bench.presented()).toBe(1);
      const next = await bench.load(name);
      expect([next.status, next.json['error']]).toEqual([502, 'provider_error']);
      expect(bench.presented()).toBe(1);
      expect(await bench.connection(name)).toMatchObject({ status: 'active', reason: null });

      await bench.control.clearFaults();
      expect((await bench.load(name)).status).toBe(200);
      expect(bench.presented()).toBe(1);
    });

    it.each(NAMES)('of a grant that is gone ends the connection: %s', async (name) => {
      await bench.connect(name);
      await bench.control.expire(name, 'grant');
      const answer = await bench.load(name);
      expect([answer.status, answer.json['error']]).toEqual([409, 'reauthorization_required']);
      const { ended_at, ...connection } = await bench.connection(name);
      expect(connection).toMatchObject({ status: 'reauthorization_required', reason: 'grant_revoked' });
      expect(Date.parse(String(ended_at))).toBeLessThanOrEqual(Date.now());
      for (let round = 0; round < 3; round += 1) {
        expect((await bench.load(name)).status).toBe(409);
        expect((await bench.credentials(name)).status).toBe(409);
      }
      expect(bench.presented()).toBe(1);
    });
  });
}
