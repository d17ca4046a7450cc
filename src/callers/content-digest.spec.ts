import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { anyText } from '../errors/fixtures/property-tests.ts';
import { digestMatches } from './content-digest.ts';

const BODY = Buffer.from('{"hello": "world"}');
const digestOf = (name: string, hash: string, bytes: Uint8Array = BODY) =>
  `${name}=:${createHash(hash).update(bytes).digest('base64')}:`;
const SHA256 = digestOf('sha-256', 'sha256');
const SHA512 = digestOf('sha-512', 'sha512');

describe('A Content-Digest', () => {
  it('holds for the bytes of RFC 9530’s own example', () => {
    expect(digestMatches('sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:', BODY)).toBe(true);
    expect(digestMatches('sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:', Buffer.concat([BODY, BODY]))).toBe(
      false,
    );
  });

  it.each([
    ['sha-256', SHA256],
    ['sha-512', SHA512],
    ['both', `${SHA256}, ${SHA512}`],
    ['one of ours beside one that isn’t', `${digestOf('md5', 'md5')}, ${SHA256}`],
    ['parameters beside it', `${SHA256};q=1`],
    ['an empty body', undefined],
  ])('holds with %s', (what, field) => {
    if (field === undefined)
      expect(digestMatches(digestOf('sha-256', 'sha256', Buffer.alloc(0)), Buffer.alloc(0))).toBe(true);
    else expect([what, digestMatches(field, BODY)]).toEqual([what, true]);
  });

  it.each([
    ['nothing', ''],
    ['no dictionary', ':AAAA:'],
    ['an algorithm that is broken', digestOf('md5', 'md5')],
    ['an algorithm that is broken, alone', digestOf('sha', 'sha1')],
    ['a name in capitals', SHA256.replace('sha-256', 'SHA-256')],
    ['the digest of other bytes', digestOf('sha-256', 'sha256', Buffer.alloc(0))],
    ['a right one and a wrong one', `${SHA256}, ${digestOf('sha-512', 'sha512', Buffer.alloc(0))}`],
    ['a wrong one and a right one', `${digestOf('sha-256', 'sha256', Buffer.alloc(0))}, ${SHA512}`],
    ['the same one twice, the right one first', `${SHA256}, ${digestOf('sha-256', 'sha256', Buffer.alloc(0))}`],
    ['half a digest', 'sha-256=:X48E9qOokqqrvdts8nOJRA==:'],
    ['text instead of bytes', `sha-256="${createHash('sha256').update(BODY).digest('base64')}"`],
    ['a list instead of bytes', `sha-256=(${SHA256.slice('sha-256='.length)})`],
    ['no value', 'sha-256'],
    ['no base64', 'sha-256=:!!!!:'],
  ])('does not hold with %s', (_what, field) => {
    expect(digestMatches(field, BODY)).toBe(false);
  });

  it('holds for no text that does not spell the digest, and never throws', () => {
    const anything = fc.oneof(
      fc.string(),
      anyText(),
      fc
        .tuple(fc.constantFrom('sha-256', 'sha-512', 'md5'), fc.base64String())
        .map(([name, text]) => `${name}=:${text}:`),
    );
    fc.assert(
      fc.property(anything, fc.uint8Array(), (field, bytes) => {
        expect(digestMatches(field, bytes)).toBe(false);
      }),
    );
  });

  it('holds for whatever bytes it was made of, and for none with one bit changed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), (bytes, bit) => {
        const field = digestOf('sha-512', 'sha512', bytes);
        expect(digestMatches(field, bytes)).toBe(true);
        const at = Math.floor(bit / 8) % bytes.length;
        const changed = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ (1 << (bit % 8)) : byte));
        expect(digestMatches(field, changed)).toBe(false);
      }),
    );
  });
});
