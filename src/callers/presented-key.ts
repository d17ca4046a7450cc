import { isJsonObject } from '../errors/json-object.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { p256Key, type P256Jwk } from './verification-key.ts';

// RFC 7518 §6.2.1: 32 bytes, base64url without padding. The last character holds four bits: with the other two not zero
// it would be a second spelling of the same key.
const COORDINATE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/**
 * The public key in a body `{public_key: JWK}`: P-256, nothing private.
 * @throws PatchbayError `invalid_request`
 */
export function presentedKey(body: unknown): P256Jwk {
  const jwk = isJsonObject(body) ? body['public_key'] : undefined;
  const { kty, crv, x, y, d } = isJsonObject(jwk) ? jwk : {};
  const isPublicP256 = kty === 'EC' && crv === 'P-256' && d === undefined;
  if (!isPublicP256 || typeof x !== 'string' || typeof y !== 'string' || !COORDINATE.test(x) || !COORDINATE.test(y)) {
    throw invalid();
  }
  const key: P256Jwk = { kty: 'EC', crv: 'P-256', x, y };
  try {
    p256Key(key);
    return key;
  } catch (error) {
    throw invalid(error);
  }
}

function invalid(cause?: unknown): PatchbayError {
  const fields = [{ field: 'public_key', problem: 'must be a public P-256 key as a JWK (kty, crv, x, y)' }];
  return new PatchbayError('invalid_request', 'The request is not valid.', { fields }, { cause });
}
