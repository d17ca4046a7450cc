import { createHash, createHmac, createPublicKey, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import type { Secret } from '../errors/secret.ts';

/** RFC 9421 §3.3: the algorithms there are. A key has one of them; what a request says of it doesn't count. */
export type SignatureAlgorithm = 'hmac-sha256' | 'ed25519' | 'ecdsa-p256-sha256';
export const SIGNATURE_ALGORITHMS: readonly SignatureAlgorithm[] = ['hmac-sha256', 'ed25519', 'ecdsa-p256-sha256'];

/** A key that signatures are checked with. */
export interface VerificationKey {
  readonly algorithm: SignatureAlgorithm;
  verify(data: Uint8Array, signature: Uint8Array): boolean;
}

/** RFC 9421 §3.3.3. Several secrets while one is being rotated: each is tried, so that neither is told by time. */
export function hmacKey(secrets: readonly Secret[]): VerificationKey {
  const keys = secrets.map((secret) => Buffer.from(secret.reveal(), 'base64url'));
  return {
    algorithm: 'hmac-sha256',
    verify: (data, signature) => keys.map((key) => hmacMatches(key, data, signature)).includes(true),
  };
}

function hmacMatches(key: Buffer, data: Uint8Array, signature: Uint8Array): boolean {
  const expected = createHmac('sha256', key).update(data).digest();
  return signature.length === expected.length && timingSafeEqual(expected, signature);
}

/** RFC 9421 §3.3.6. @throws TypeError unless the key is Ed25519 */
export function ed25519Key(key: KeyObject): VerificationKey {
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('Not an Ed25519 key.');
  return { algorithm: 'ed25519', verify: (data, signature) => verify(null, data, key, signature) };
}

export interface P256Jwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

/** RFC 9421 §3.3.4: signatures are r and s, 32 bytes each. @throws when the point isn't on the curve */
export function p256Key({ x, y }: P256Jwk): VerificationKey {
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  return {
    algorithm: 'ecdsa-p256-sha256',
    verify: (data, signature) =>
      signature.length === 64 && verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature),
  };
}

/** RFC 7638 §3: base64url SHA-256 over the required members in lexicographic order. */
export function thumbprint({ x, y }: P256Jwk): string {
  return createHash('sha256')
    .update(JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }))
    .digest('base64url');
}
