import { describe, expect, it } from '@jest/globals';
import { NAMES, type TokenLifeBench } from './token-life-bench.ts';

/** What becomes of a connection whose new token was lost on its way. */
export function describeLostAnswers(bench: TokenLifeBench): void {
  /** How providers that have acted can leave us without an answer. */
  const LOST = [
    ['the connection is reset', { mode: 'reset' }],
    ['a gateway gave up on it', { mode: 'status', status: 504 }],
    ['it is cut off', { mode: 'truncate' }],
    ['a page stands in its place', { mode: 'html' }],
  ] as const;

  const loseAnswers = (name: string, how: object, when: 'before' | 'after', times?: number): Promise<void> =>
    bench.control.fault({
      ...{ provider: name, endpoint: 'token', grant_type: 'refresh_token', mode: 'reset', when },
      ...how,
      ...(times === undefined ? {} : { times }),
    });

  describe('A refresh whose answer is lost', () => {
    it.each(NAMES)('before %s acted is asked for once more, and works', async (name) => {
      await bench.connect(name);
      await bench.endToken(name);
      await loseAnswers(name, {}, 'before', 1);
      expect((await bench.use(name)).status).toBe(200);
      expect(bench.presented()).toBe(2);
      expect(await bench.control.stats(name)).toMatchObject({ refreshes: 1, rotated_token_reuse: 0 });
      expect(await bench.connection(name)).toMatchObject({ status: 'active', refresh_failure: null });
    });

    const forgiving = ['hubspot', 'slack'].flatMap((name) => LOST.map(([what, how]) => [name, what, how] as const));
    it.each(forgiving)(
      'after %s acted, because %s, is asked for once more, and works there',
      async (name, _what, how) => {
        await bench.connect(name);
        await bench.endToken(name);
        await loseAnswers(name, how, 'after', 1);
        expect((await bench.use(name)).status).toBe(200);
        expect(bench.presented()).toBe(2);
        expect((await bench.use(name)).status).toBe(200);
        expect(bench.presented()).toBe(2);
      },
    );

    it.each(LOST)('after Notion acted, because %s, ends the connection with the true reason', async (_what, how) => {
      await bench.connect('notion');
      await bench.endToken('notion');
      await loseAnswers('notion', how, 'after', 1);
      const answer = await bench.use('notion');
      expect([answer.status, answer.json['error']]).toEqual([409, 'reauthorization_required']);
      expect(await bench.connection('notion')).toMatchObject({
        status: 'reauthorization_required',
        reason: 'refresh_answer_lost',
      });
      expect((await bench.use('notion')).status).toBe(409);
      expect(bench.presented()).toBe(2);
    });

    it('after Airtable acted is not taken for the end while Airtable says 409, and truthfully so afterwards', async () => {
      await bench.connect('airtable');
      await bench.endToken('airtable');
      await loseAnswers('airtable', {}, 'after', 1);
      const first = await bench.use('airtable');
      expect([first.status, first.json['error']]).toEqual([503, 'provider_unavailable']);
      expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(bench.presented()).toBe(2);
      expect(await bench.connection('airtable')).toMatchObject({ status: 'active', refresh_failure: { failures: 1 } });

      const soon = await bench.use('airtable');
      expect([soon.status, soon.json['error']]).toEqual([503, 'provider_unavailable']);
      expect(bench.presented()).toBe(2);

      bench.later(31);
      expect((await bench.use('airtable')).status).toBe(409);
      expect(await bench.connection('airtable')).toMatchObject({ reason: 'refresh_answer_lost' });
      expect((await bench.use('airtable')).status).toBe(409);
      expect(bench.presented()).toBe(3);
    });

    it.each(NAMES)('every time is presented twice in one go at most, then left alone for a while: %s', async (name) => {
      await bench.connect(name);
      await bench.endToken(name);
      await loseAnswers(name, {}, 'before');
      const answers = await Promise.all(Array.from({ length: 10 }, () => bench.use(name)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
      expect(bench.presented()).toBe(2);
      const { retry_at } = (await bench.connection(name))['refresh_failure'] as { retry_at: string };
      expect((await bench.use(name)).headers.get('retry-after')).toMatch(/^\d+$/);
      expect(bench.presented()).toBe(2);

      bench.later((Date.parse(retry_at) - Date.now()) / 1000);
      await bench.use(name);
      // It is presented the third time now: no more than once in a go any more.
      expect(bench.presented()).toBe(3);

      await bench.control.clearFaults();
      bench.later(60);
      expect((await bench.use(name)).status).toBe(200);
      expect(await bench.connection(name)).toMatchObject({ status: 'active', reason: null, refresh_failure: null });
      expect((await bench.control.stats(name)).refreshes).toBe(1);
    });
  });
}
