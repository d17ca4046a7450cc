import { describe, expect, it } from '@jest/globals';
import { json, raw, type Answer } from '../../src/outbound/fixtures/provider-stub.ts';
import { EXPIRED, INSIDE_MARGIN, isRefresh, NAMES, type TokenLifeBench } from './token-life-bench.ts';

/** What becomes of a connection whose token endpoint refuses or fails. */
export function describeFailures(bench: TokenLifeBench): void {
  const ENDING = NAMES.filter((name) => name !== 'notion');

  /** Refresh requests alone are answered so, each as the next of these says; the last one stays. */
  const answerRefreshes = (...answers: readonly Answer[]): void => {
    let next = 0;
    bench.gate.answer = (response, request) => {
      const answer = isRefresh(request) ? answers[Math.min(next++, answers.length - 1)] : undefined;
      (answer ?? bench.through)(response, request);
    };
  };

  const notionError = (status: number, body: Record<string, unknown>) =>
    json({ object: 'error', status, ...body }, status);

  const errorsSince = (logged: number): readonly Record<string, unknown>[] =>
    bench.patchbay.log
      .slice(logged)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ level }) => level === 'error' || level === 50);

  describe('A dead grant', () => {
    const words: readonly (readonly [name: string, what: string, answer: Answer])[] = [
      ['airtable', 'invalid_grant', json({ error: 'invalid_grant' }, 400)],
      ['notion', 'its code invalid_grant alone', notionError(400, { code: 'invalid_grant', message: 'No.' })],
      ['notion', 'invalid_grant', notionError(400, { code: 'invalid_grant', error: 'invalid_grant' })],
      ['hubspot', 'BAD_REFRESH_TOKEN alone', json({ status: 'BAD_REFRESH_TOKEN', message: 'No.' }, 400)],
      ['hubspot', 'BAD_REFRESH_TOKEN, be it with 500', json({ status: 'BAD_REFRESH_TOKEN' }, 500)],
      ['hubspot', 'invalid_grant', json({ status: 'ERROR', error: 'invalid_grant' }, 400)],
      ...['invalid_refresh_token', 'token_revoked', 'token_expired', 'account_inactive'].map(
        (error) => ['slack', error, json({ ok: false, error })] as const,
      ),
    ];

    it.each(words)(
      'of %s, in its word %s, is told with reason and time, and never asked for again',
      async (name, ...rest) => {
        const [, answer] = rest;
        await bench.connect(name);
        answerRefreshes(answer);
        await bench.endToken(name);
        const first = await bench.use(name);
        expect([first.status, first.json['error']]).toEqual([409, 'reauthorization_required']);
        const { ended_at, ...connection } = await bench.connection(name);
        expect(connection).toMatchObject({
          status: 'reauthorization_required',
          reason: 'grant_revoked',
          next_refresh_at: null,
          refresh_failure: null,
        });
        expect(new Date(String(ended_at)).getTime()).toBeLessThanOrEqual(Date.now());
        bench.later(3600);
        for (let round = 0; round < 3; round += 1) {
          expect((await bench.load(name)).status).toBe(409);
          expect((await bench.credentials(name)).status).toBe(409);
        }
        expect(bench.presented()).toBe(1);
      },
    );
  });

  describe('An OAuth client that the provider does not accept', () => {
    it.each([
      ['airtable', json({ error: 'invalid_client' }, 401)],
      ['notion', notionError(401, { code: 'unauthorized', message: 'No.' })],
      ['hubspot', json({ status: 'BAD_CLIENT_SECRET', message: 'No.' }, 400)],
      ['slack', json({ ok: false, error: 'bad_client_secret' })],
      ['slack', json({ ok: false, error: 'invalid_client_id' })],
    ] as const)('is told loudly, and no fault of the connection’s: %s', async (name, answer) => {
      const before = await bench.connect(name);
      answerRefreshes(answer);
      await bench.endToken(name);
      const logged = bench.patchbay.log.length;
      const refused = await bench.use(name);
      expect([refused.status, refused.json['error']]).toEqual([502, 'provider_error']);
      expect(errorsSince(logged)).toMatchObject([{ integration: name, connection_id: before.connection_id }]);
      expect(await bench.connection(name)).toMatchObject({ status: 'active', reason: null, refresh_failure: null });

      answerRefreshes(bench.through);
      expect((await bench.use(name)).status).toBe(200);
      expect((await bench.control.stats(name)).refreshes).toBe(1);
    });

    it.each([
      ['airtable', json({ error: 'invalid_client' }, 401)],
      ['notion', notionError(401, { code: 'unauthorized', message: 'No.' })],
      ['hubspot', json({ status: 'BAD_CLIENT_SECRET', message: 'No.' }, 400)],
      ['slack', json({ ok: false, error: 'bad_client_secret' })],
    ] as const)('is told loudly when somebody connects, too: %s', async (name, answer) => {
      bench.gate.answer = answer;
      const logged = bench.patchbay.log.length;
      await expect(bench.connect(name)).rejects.toThrow('502');
      expect(errorsSince(logged)).toMatchObject([{ integration: name }]);
    });

    it.each(ENDING)('leaves the old token of %s in use while it lives', async (name) => {
      await bench.connect(name);
      const { access_token } = (await bench.credentials(name)).json;
      answerRefreshes(
        json(name === 'slack' ? { ok: false, error: 'bad_client_secret' } : { error: 'invalid_client' }, 401),
      );
      bench.later(INSIDE_MARGIN);
      const answer = await bench.credentials(name);
      expect([answer.status, answer.json['access_token']]).toEqual([200, access_token]);
    });
  });

  const html = raw('<!doctype html><h1>We will be right back</h1>', 200, { 'content-type': 'text/html' });
  const reset: Answer = (response) => response.socket?.resetAndDestroy();
  const cut: Answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"access_token":"', () => response.destroy());
  };

  describe.each(ENDING)('A token endpoint of %s that has trouble', (name) => {
    const retryAt = async (): Promise<number> => {
      const failure = (await bench.connection(name))['refresh_failure'] as { retry_at: string };
      return Date.parse(failure.retry_at);
    };

    it.each([
      ['asks to wait', json({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': '77' })],
      ['is overloaded', json({}, 503, { 'retry-after': '77' })],
      ['fails', json({ error: 'server_error' }, 500)],
      ['shows a page', html],
      ['resets the connection', reset],
      ['cuts its answer off', cut],
    ])('and %s leaves the old token in use, isn’t asked before its time, and recovers', async (_what, answer) => {
      await bench.connect(name);
      const { access_token: old } = (await bench.credentials(name)).json;
      bench.later(INSIDE_MARGIN);
      answerRefreshes(answer);
      // From the second failure on there is a wait even when the provider asks for none.
      for (let failures = 0; failures < 2; failures += 1) {
        expect((await bench.credentials(name)).json['access_token']).toBe(old);
        if (failures === 0) bench.later(Math.max(0, ((await retryAt()) - Date.now()) / 1000));
      }
      expect(await bench.connection(name)).toMatchObject({ status: 'active', refresh_failure: { failures: 2 } });
      const asked = bench.presented();
      const untilRetry = ((await retryAt()) - Date.now()) / 1000;
      expect(untilRetry).toBeGreaterThan(0);
      bench.later(untilRetry - 0.01);
      for (let round = 0; round < 5; round += 1) {
        expect((await bench.credentials(name)).json['access_token']).toBe(old);
      }
      expect(bench.presented()).toBe(asked);

      answerRefreshes(bench.through);
      bench.later(1);
      const recovered = await bench.credentials(name);
      expect(recovered.json['access_token']).not.toBe(old);
      expect(recovered.json['connection']).toMatchObject({ status: 'active', refresh_failure: null });
      expect(bench.presented()).toBe(asked + 1);
    });

    it('and asks to wait is asked as late as it wants, and told on once the token has expired', async () => {
      await bench.connect(name);
      bench.later(EXPIRED);
      answerRefreshes(json({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': '77' }));
      for (let round = 0; round < 3; round += 1) {
        const answer = await bench.credentials(name);
        expect([answer.status, answer.json['error']]).toEqual([503, 'provider_rate_limited']);
        expect(answer.headers.get('retry-after')).toBe('77');
      }
      expect(bench.presented()).toBe(1);
      answerRefreshes(bench.through);
      bench.later(76);
      expect((await bench.credentials(name)).headers.get('retry-after')).toBe('1');
      expect(bench.presented()).toBe(1);
      bench.later(1);
      expect((await bench.credentials(name)).status).toBe(200);
    });

    it('and says for how long is presented no token before', async () => {
      await bench.connect(name);
      bench.later(EXPIRED);
      answerRefreshes(json({ ok: false, error: 'service_unavailable' }, 503, { 'retry-after': '77' }));
      expect((await bench.credentials(name)).headers.get('retry-after')).toBe('77');
      bench.later(76);
      expect((await bench.credentials(name)).headers.get('retry-after')).toBe('1');
      expect(bench.presented()).toBe(1);
      answerRefreshes(bench.through);
      bench.later(1);
      expect((await bench.credentials(name)).status).toBe(200);
    });

    it('and asks for more than an hour is asked again after an hour', async () => {
      await bench.connect(name);
      bench.later(EXPIRED);
      answerRefreshes(json({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': '999999999' }));
      await bench.credentials(name);
      expect((await bench.credentials(name)).headers.get('retry-after')).toBe('3600');
      answerRefreshes(bench.through);
      bench.later(3600);
      expect((await bench.credentials(name)).status).toBe(200);
      expect(bench.presented()).toBe(2);
    });
  });
}
