import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText } from '../errors/fixtures/property-tests.ts';
import { keyIdOf, readEnvelope, writeEnvelope } from './envelope.ts';

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((one) => Buffer.from(one));
const envelope = fc.record({
  keyId: fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/),
  iv: bytes(12),
  ciphertext: fc.uint8Array().map((one) => Buffer.from(one)),
  tag: bytes(16),
});

describe('An envelope', () => {
  it('is read as it was written', () => {
    fc.assert(fc.property(envelope, (written) => expect(readEnvelope(writeEnvelope(written))).toEqual(written)));
  });

  it('has one spelling: no other text is read as the same', () => {
    const edit = fc.record({ at: fc.nat(), cut: fc.nat(2), put: fc.string({ maxLength: 2 }) });
    fc.assert(
      fc.property(envelope, edit, (written, { at, cut, put }) => {
        const text = writeEnvelope(written);
        const from = at % text.length;
        const edited = text.slice(0, from) + put + text.slice(from + cut);
        fc.pre(edited !== text);
        expect(readEnvelope(edited)).not.toEqual(written);
      }),
    );
  });

  it('is nothing else, and reading that never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText(),
          fc.array(fc.base64String()).map((parts) => parts.join('.')),
        ),
        (text) => {
          expect(readEnvelope(text)).toBeUndefined();
        },
      ),
    );
  });
});

describe('The key id of an envelope', () => {
  it('is read from any envelope, and from nothing else', () => {
    fc.assert(fc.property(envelope, (written) => expect(keyIdOf(writeEnvelope(written))).toBe(written.keyId)));
    for (const text of [
      '',
      'pb1',
      'pb1.',
      'pb1..',
      'pb1.k',
      'pb2.k.',
      ' pb1.k.',
      'pb1.k k.',
      `pb1.${'k'.repeat(33)}.`,
    ]) {
      expect(keyIdOf(text)).toBeUndefined();
    }
  });
});
