import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Environment } from '../../src/config/load-config.ts';
import { startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { newNonce, sendRaw, signedRequest, type RawAnswer, type RawRequest } from '../support/raw-request.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import { newClient, newEd25519Client, newSession, type SignedCaller } from '../support/signed-caller.ts';

const OWNERS = JSON.stringify({ user_id: 'ann', org_id: 'acme' });

/** What a store has to hold, whichever it is. */
function holdsReplays(environmentOf: () => Environment): void {
  let patchbay: RunningPatchbay;
  let client: SignedCaller;

  const send = (request: RawRequest): Promise<RawAnswer> => sendRaw(Number(new URL(patchbay.url).port), request);
  const mint = (caller: SignedCaller, nonce = newNonce()): RawRequest =>
    signedRequest(caller.key, { url: new URL('/sessions', patchbay.url), body: OWNERS, parameters: { nonce } });
  const look = (caller: SignedCaller, nonce = newNonce()): RawRequest =>
    signedRequest(caller.key, {
      method: 'GET',
      url: new URL('/integrations', patchbay.url),
      parameters: { nonce },
    });
  const codeOf = ({ status, json }: RawAnswer) => (status < 300 ? status : json['error']);

  beforeAll(async () => {
    patchbay = await startPatchbay({ environment: environmentOf() });
    client = await newClient(patchbay);
  });
  afterAll(() => patchbay.close());

  it('of 100 copies of one request at once exactly one is served', async () => {
    const request = mint(client);
    const answers = await Promise.all(Array.from({ length: 100 }, () => send(request)));
    const codes = answers.map(codeOf);
    expect(codes.filter((code) => code === 201)).toHaveLength(1);
    expect(codes.filter((code) => code === 'replayed_request')).toHaveLength(99);
  });

  it('a nonce is used up by its key alone, and on every route', async () => {
    const nonce = newNonce();
    const others = [client, await newClient(patchbay), await newEd25519Client(patchbay)];
    for (const caller of others) expect(codeOf(await send(look(caller, nonce)))).toBe(200);
    for (const caller of others) expect(codeOf(await send(mint(caller, nonce)))).toBe('replayed_request');
  });

  it('a nonce in a signature that does not hold is not used up', async () => {
    const nonce = newNonce();
    const forged = { ...look(client, nonce), target: '/integrations?x=1' };
    expect(codeOf(await send(forged))).toBe('invalid_signature');
    expect(codeOf(await send(look(client, nonce)))).toBe(200);
  });

  it('a nonce stays used up when the service starts anew', async () => {
    const session = await newSession(patchbay, { user_id: 'ann', org_id: 'acme' });
    const request = look(session);
    expect(codeOf(await send(request))).toBe(200);
    await patchbay.restart();
    expect(codeOf(await send(request))).toBe('replayed_request');
  });
}

describe('With the embedded store', () => {
  holdsReplays(() => ({}));
});

describeWithRedis('With Redis', () => {
  let redis: RedisServer;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  holdsReplays(() => ({ REDIS_URL: redis.url }));
});

describeWithRedis('While Redis is gone', () => {
  it('nothing signed is served, and nothing is taken for nobody’s; afterwards it is', async () => {
    const redis = await startRedis({ appendOnly: true });
    const patchbay = await startPatchbay({ environment: { REDIS_URL: redis.url }, deadlines: {} });
    try {
      const client = await newClient(patchbay);
      const session = await newSession(patchbay, { user_id: 'ann', org_id: 'acme' });
      await redis.kill();
      for (const caller of [client, session]) {
        const refused = await caller.call('GET', '/integrations');
        expect([refused.status, refused.json['error']]).toEqual([503, 'storage_unavailable']);
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      await redis.restart();
      let served = await client.call('GET', '/integrations');
      for (let tries = 0; served.status === 503 && tries < 200; tries += 1) {
        served = await client.call('GET', '/integrations');
      }
      expect(served.status).toBe(200);
    } finally {
      await patchbay.close();
      await redis.stop();
    }
  });
});
