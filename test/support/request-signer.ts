import { createSignatureSync, type SignerSync } from 'http-message-sig';
import {
  createHash,
  createHmac,
  generateKeyPairSync,
  randomBytes,
  sign as signWith,
  type KeyObject,
} from 'node:crypto';

/** Whatever a request is signed with. */
export interface RequestKey {
  readonly keyId: string;
  readonly signer: SignerSync;
}

export interface RequestToSign {
  readonly method: string;
  readonly url: URL;
  readonly body?: string;
  readonly contentType?: string;
}

/** The headers that sign a request as the contract asks (RFC 9421, RFC 9530). */
export function signatureHeaders(key: RequestKey, request: RequestToSign): Record<string, string> {
  const { body, contentType = 'application/json' } = request;
  const fields =
    body === undefined ? {} : { 'content-type': contentType, 'content-digest': contentDigest(Buffer.from(body)) };
  const { signature, signatureInput } = createSignatureSync(
    {
      kind: 'request',
      method: request.method,
      targetUri: request.url.href,
      fields: Object.entries(fields).map(([name, value]) => ({ name, value })),
    },
    {
      label: 'sig1',
      components: ['@method', '@authority', '@path', '@query', ...Object.keys(fields)],
      parameters: {
        created: Math.floor(Date.now() / 1000),
        keyid: key.keyId,
        nonce: randomBytes(16).toString('base64url'),
      },
      signer: key.signer,
    },
  );
  return { ...fields, signature, 'signature-input': signatureInput };
}

export function contentDigest(bytes: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
}

/** @param secret base64url of the key's bytes, as the command line shows it */
export function hmacSigner(secret: string): SignerSync {
  const key = Buffer.from(secret, 'base64url');
  return { algorithm: 'hmac-sha256', sign: (data) => createHmac('sha256', key).update(data).digest() };
}

export function ed25519Signer(privateKey: KeyObject): SignerSync {
  return { algorithm: 'ed25519', sign: (data) => signWith(null, data, privateKey) };
}

export function p256Signer(privateKey: KeyObject): SignerSync {
  return {
    algorithm: 'ecdsa-p256-sha256',
    sign: (data) => signWith('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  };
}

/** A fresh key as a browser makes one. */
export function browserKey(): { readonly signer: SignerSync; readonly jwk: Record<string, unknown> } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  return { signer: p256Signer(privateKey), jwk: { kty, crv, x, y } };
}
