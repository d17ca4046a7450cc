import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { json, startProviderStub, type ProviderStub } from '../../src/outbound/fixtures/provider-stub.ts';
import { NAMES, TokenLifeBench } from './token-life-bench.ts';

describe('An access token that the provider’s API refuses', () => {
  let bench: TokenLifeBench;
  beforeAll(async () => {
    bench = await TokenLifeBench.start();
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.next());

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

describe('A grant that nothing can renew', () => {
  let bench: TokenLifeBench;
  afterEach(() => bench.close());

  it.each([
    ['notion', 'whose answer has null for a refresh token'],
    ['slack', 'whose tokens don’t rotate'],
  ])('at %s, %s, is used until the API refuses it, and then ends for that reason', async (name) => {
    bench = await TokenLifeBench.start({
      sandbox: { notion: { accessLifeSeconds: null }, slack: { tokenRotation: false } },
    });
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
  let bench: TokenLifeBench;
  let api: ProviderStub;
  beforeEach(async () => {
    api = await startProviderStub();
    bench = await TokenLifeBench.start({ environment: { HUBSPOT_API_URL: api.url } });
    await bench.connect('hubspot');
  });
  afterEach(async () => {
    await bench.close();
    await api.close();
  });

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
