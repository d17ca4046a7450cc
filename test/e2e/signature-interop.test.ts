import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSigner, httpbis } from 'http-message-signatures';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { PERMISSIONS } from '../../src/callers/caller.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { newNonce } from '../support/raw-request.ts';
import { contentDigest } from '../support/request-signer.ts';
import { clientsOf, newClient, send } from '../support/signed-caller.ts';

const ALGORITHMS = ['hmac-sha256', 'ed25519', 'ecdsa-p256-sha256'] as const;
type Algorithm = (typeof ALGORITHMS)[number];
type SigningKey = ReturnType<typeof createSigner>;

let patchbay: RunningPatchbay;
const keys = new Map<Algorithm, SigningKey>();

beforeAll(async () => {
  patchbay = await startPatchbay();
  keys.set('hmac-sha256', await sharedSecret());
  keys.set('ed25519', await ownKey());
  keys.set('ecdsa-p256-sha256', await sessionKey());
});
afterAll(() => patchbay.close());

describe('A request signed by another implementation is served', () => {
  it.each(ALGORITHMS)('with %s', async (algorithm) => {
    const key = keyOf(algorithm);
    for (const path of ['/integrations', '/connections?user_id=ann&org_id=acme']) {
      expect((await call(key, 'GET', path)).status).toBe(200);
    }
    const body = JSON.stringify({ ...OWNER, scopes: [] });
    // Past the door, where the missing scopes are found wanting.
    expect((await call(key, 'POST', '/integrations/notion/authorize', body)).json['error']).toBe('invalid_request');
  });

  it.each(ALGORITHMS)('with %s, and refused when it comes otherwise than it was signed', async (algorithm) => {
    const signed = await headersOf(keyOf(algorithm), 'GET', new URL('/integrations', patchbay.url));
    const answer = await send(new URL('/connections', patchbay.url), 'GET', undefined, signed);
    expect([answer.status, answer.json['error']]).toEqual([401, 'invalid_signature']);
  });
});

async function call(key: SigningKey, method: string, path: string, body?: string) {
  const url = new URL(path, patchbay.url);
  return send(url, method, body, await headersOf(key, method, url, body));
}

async function headersOf(key: SigningKey, method: string, url: URL, body?: string): Promise<Record<string, string>> {
  const ofBody =
    body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-digest': contentDigest(Buffer.from(body)) };
  const { headers } = await httpbis.signMessage(
    {
      key,
      fields: ['@method', '@authority', '@path', '@query', ...Object.keys(ofBody)],
      params: ['created', 'nonce', 'keyid', 'alg'],
      paramValues: { nonce: newNonce() },
    },
    { method, url: url.href, headers: ofBody },
  );
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function keyOf(algorithm: Algorithm): SigningKey {
  const key = keys.get(algorithm);
  if (key === undefined) throw new Error(`There is no ${algorithm} key.`);
  return key;
}

async function sharedSecret(): Promise<SigningKey> {
  const { client, secret } = await clientsOf(patchbay).create({ name: 'other', permissions: PERMISSIONS, orgs: '*' });
  return createSigner(Buffer.from(secret?.reveal() ?? '', 'base64url'), 'hmac-sha256', client.clientId);
}

async function ownKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const asked = { name: 'other', permissions: PERMISSIONS, orgs: '*', publicKey: pem } as const;
  const { client } = await clientsOf(patchbay).create(asked);
  return createSigner(pemOf(privateKey), 'ed25519', client.clientId);
}

/** Activated by the other implementation as well. */
async function sessionKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issued = await (await newClient(patchbay)).call('POST', '/sessions', OWNER);
  const body = JSON.stringify({
    session_token: issued.json['session_token'],
    public_key: publicKey.export({ format: 'jwk' }),
  });
  const holder = createSigner(pemOf(privateKey), 'ecdsa-p256-sha256', 'not-yet-a-session');
  const activated = await call(holder, 'POST', '/sessions/activate', body);
  if (activated.status !== 201) throw new Error(activated.text);
  return createSigner(pemOf(privateKey), 'ecdsa-p256-sha256', String(activated.json['session_id']));
}

const pemOf = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' });
