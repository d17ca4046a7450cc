import { describe, expect, it } from '@jest/globals';
import { verifySignature, type Verifier } from 'http-message-sig';
import { signedRequest, type RequestKey } from './signed-request.ts';
import { SignedFetch } from './signed-fetch.ts';
import { newSigningKey, thumbprint, type PublicJwk } from './signing-key.ts';

const CREATED = 1_700_000_000;
const URL_WITH_QUERY = 'http://localhost:8000/connections?user_id=a%3Ab&org_id=acme';
const COVERED = ['@method', '@authority', '@path', '@query'];

async function stage() {
  const { privateKey, publicJwk } = await newSigningKey();
  const key: RequestKey = { keyId: 'ses_1', privateKey };
  return { key, publicJwk };
}

async function verifierOf(publicJwk: PublicJwk): Promise<Verifier> {
  const curve = { name: 'ECDSA', namedCurve: 'P-256' };
  const publicKey = await crypto.subtle.importKey('jwk', { ...publicJwk }, curve, true, ['verify']);
  return {
    algorithm: 'ecdsa-p256-sha256',
    verify: (data, signature) =>
      crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, publicKey, signature.slice(), data.slice()),
  };
}

async function verified(request: Request, publicJwk: PublicJwk) {
  const verifier = await verifierOf(publicJwk);
  const policy = {
    algorithms: ['ecdsa-p256-sha256'],
    requiredComponents: COVERED,
    requiredParameters: ['created', 'keyid', 'nonce'],
    now: CREATED,
    clockSkew: 0,
  };
  return verifySignature(request, { policy, resolveVerifier: () => verifier });
}

function post(): Request {
  const headers = { 'content-type': 'application/json' };
  return new Request('http://localhost:8000/integrations/x/load', { method: 'POST', headers, body: '{"a":"ä"}' });
}

describe('a signed request', () => {
  it('says who made it, when, and covers where it goes', async () => {
    const { key, publicJwk } = await stage();
    const { parameters, components } = await verified(
      await signedRequest(new Request(URL_WITH_QUERY), key, CREATED),
      publicJwk,
    );
    expect(parameters).toEqual({ created: CREATED, keyid: 'ses_1', nonce: expect.stringMatching(/^[\w-]{22}$/) });
    expect(components.map(({ name }) => name)).toEqual(COVERED);
  });

  it('covers its body by a digest, and brings it along unchanged', async () => {
    const { key, publicJwk } = await stage();
    const signed = await signedRequest(post(), key, CREATED);
    const { components } = await verified(signed.clone(), publicJwk);
    expect(components.map(({ name }) => name)).toEqual([...COVERED, 'content-type', 'content-digest']);
    const bytes = await signed.arrayBuffer();
    const digest = btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))));
    expect(signed.headers.get('content-digest')).toBe(`sha-256=:${digest}:`);
    expect(new TextDecoder().decode(bytes)).toBe('{"a":"ä"}');
  });

  it('does not hold for another place', async () => {
    const { key, publicJwk } = await stage();
    const { headers } = await signedRequest(new Request(URL_WITH_QUERY), key, CREATED);
    await expect(verified(new Request(`${URL_WITH_QUERY}x`, { headers }), publicJwk)).rejects.toThrow();
  });

  it('can be signed again, with another nonce', async () => {
    const { key } = await stage();
    const request = post();
    const inputs = [await signedRequest(request, key, CREATED), await signedRequest(request, key, CREATED)];
    const nonces = inputs.map(({ headers }) => /nonce="([^"]+)"/.exec(headers.get('signature-input') ?? '')?.[1]);
    expect(new Set(nonces).size).toBe(2);
    expect(await inputs[1]?.text()).toBe('{"a":"ä"}');
  });

  it('still ends when its maker gives up', async () => {
    const { key } = await stage();
    const stop = new AbortController();
    const signed = await signedRequest(new Request(URL_WITH_QUERY, { signal: stop.signal }), key, CREATED);
    stop.abort();
    expect(signed.signal.aborted).toBe(true);
  });

  it("is made with a key whose bytes can't be had", async () => {
    const { privateKey } = await newSigningKey();
    expect(privateKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('jwk', privateKey)).rejects.toThrow();
  });

  // RFC 7638 has no P-256 example; this is the key of RFC 7515 §A.3.1 with its thumbprint by another implementation.
  it('names a key without a session by its thumbprint', async () => {
    const x = 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU';
    const y = 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0';
    expect(await thumbprint({ kty: 'EC', crv: 'P-256', x, y })).toBe('oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U');
  });
});

describe('sending with a clock that is off', () => {
  const expired = (headers: Record<string, string>): Response =>
    Response.json({ error: 'signature_expired' }, { status: 401, headers });

  async function sending(...answers: Response[]) {
    const { key } = await stage();
    const created: number[] = [];
    const signed = new SignedFetch(
      (request) => {
        const [, moment] = /created=(\d+)/.exec(request.headers.get('signature-input') ?? '') ?? [];
        created.push(Number(moment));
        return Promise.resolve(answers.shift() ?? Response.json({}));
      },
      () => CREATED * 1_000,
    );
    return { created, send: async (): Promise<number> => (await signed.send(post(), key)).status };
  }

  it("takes the service's word for what time it is, once and for all", async () => {
    const { created, send } = await sending(expired({ date: new Date((CREATED + 7_200) * 1_000).toUTCString() }));
    expect([await send(), await send()]).toEqual([200, 200]);
    expect(created).toEqual([CREATED, CREATED + 7_200, CREATED + 7_200]);
  });

  it.each([{}, { date: 'soon' }])('gives up when the service does not say what time it is (%j)', async (headers) => {
    const { created, send } = await sending(expired(headers));
    expect(await send()).toBe(401);
    expect(created).toHaveLength(1);
  });

  it('does not go round in circles', async () => {
    const date = new Date(CREATED * 1_000).toUTCString();
    const { created, send } = await sending(expired({ date }), expired({ date }), expired({ date }));
    expect(await send()).toBe(401);
    expect(created).toHaveLength(2);
  });
});
