import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { presentedKey } from './presented-key.ts';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const JWK = pair.publicKey.export({ format: 'jwk' }) as { kty: string; crv: string; x: string; y: string };
const privateJwk = pair.privateKey.export({ format: 'jwk' });
const otherCurve = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' });

/** base64url of 32 bytes has two spare bits at its end: another spelling of the same bytes. */
function otherSpelling(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const other = text.slice(0, -1) + (alphabet[alphabet.indexOf(text.slice(-1)) + 1] ?? '');
  if (!Buffer.from(other, 'base64url').equals(Buffer.from(text, 'base64url'))) throw new Error('Not the same bytes.');
  return other;
}

describe('A presented key', () => {
  it('is read from a JWK as WebCrypto exports it, and nothing else of it is kept', () => {
    const body = { public_key: { ...JWK, ext: true, key_ops: ['verify'], kid: 'mine' } };
    expect(presentedKey(body)).toEqual(JWK);
  });

  it.each<[string, unknown]>([
    ['a private key', { ...JWK, d: privateJwk.d }],
    ['an empty private part', { ...JWK, d: '' }],
    ['a private part that is null', { ...JWK, d: null }],
    ['P-384', otherCurve('P-384')],
    ['P-384 that says it is P-256', { ...otherCurve('P-384'), crv: 'P-256' }],
    ['secp256k1', otherCurve('secp256k1')],
    ['secp256k1 that says it is P-256', { ...otherCurve('secp256k1'), crv: 'P-256' }],
    ['Ed25519', generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })],
    ['a shared secret', { kty: 'oct', k: 'c2VjcmV0' }],
    ['a point that is not on the curve', { ...JWK, y: JWK.x }],
    ['the point at infinity', { ...JWK, x: 'A'.repeat(43), y: 'A'.repeat(43) }],
    ['a coordinate that is too short', { ...JWK, x: JWK.x.slice(1) }],
    ['padding', { ...JWK, x: `${JWK.x}=` }],
    ['another spelling of the same key', { ...JWK, x: otherSpelling(JWK.x) }],
    ['a coordinate that is no text', { ...JWK, x: 1 }],
    ['a list', [JWK]],
    ['text', JSON.stringify(JWK)],
    ['nothing', null],
  ])('is refused when it is %s', (_what, public_key) => {
    expect(() => presentedKey({ public_key })).toThrow(PatchbayError);
  });

  it('is refused with one kind of error whatever the body is, and accepted only where the key is real', () => {
    const jwk = fc.record(
      {
        kty: fc.constantFrom('EC', 'OKP', 'RSA'),
        crv: fc.constantFrom('P-256', 'P-384'),
        x: fc.oneof(fc.constant(JWK.x), fc.string(), fc.anything()),
        y: fc.oneof(fc.constant(JWK.y), fc.string(), fc.anything()),
        d: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ public_key: fc.oneof(jwk, fc.anything()) })), (body) => {
        try {
          const key = presentedKey(body);
          expect(createPublicKey({ key: { ...key }, format: 'jwk' }).asymmetricKeyDetails?.namedCurve).toBe(
            'prime256v1',
          );
        } catch (error) {
          expect(error).toBeInstanceOf(PatchbayError);
          expect(error).toMatchObject({ code: 'invalid_request' });
        }
      }),
    );
  });
});
