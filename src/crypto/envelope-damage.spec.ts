import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { anyText, runs } from '../errors/fixtures/property-tests.ts';
import { Secret } from '../errors/secret.ts';
import { CredentialCipher, UnsealError, type SealContext } from './credential-cipher.ts';
import { readEnvelope, writeEnvelope } from './envelope.ts';
import { KeyRing } from './key-ring.ts';

const ring = (...ids: string[]) =>
  KeyRing.parse(new Secret(ids.map((id) => `${id}:${randomBytes(32).toString('base64')}`).join(',')));

const CONTEXT: SealContext = {
  purpose: 'grant',
  orgId: 'acme',
  userId: 'ann',
  integration: 'notion',
  connectionId: 'con_1',
  recordVersion: 3,
};
const LONGEST = 40;

const values = anyText({ maxLength: LONGEST }).filter((text) => text.isWellFormed());
/** A second key, so that a damaged key id may name one that is there. */
const cipher = new CredentialCipher(ring('k1', 'k2', 'j1'));
const sealed = (value: string, context = CONTEXT): string => cipher.seal(new Secret(value), context);

function expectClosed(envelope: string, context = CONTEXT): void {
  let opened: unknown;
  try {
    opened = cipher.open(envelope, context).reveal();
  } catch (error) {
    opened = error;
  }
  // Thousands of times: an assertion only where there is something to tell.
  if (!(opened instanceof UnsealError)) expect({ envelope, opened }).toEqual('closed');
}

describe('An envelope that was damaged does not open, whatever was sealed:', () => {
  it('one bit flipped anywhere in its text', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = Buffer.from(sealed(value), 'latin1');
        for (let bit = 0; bit < text.length * 8; bit += 1) expectClosed(flipped(text, bit).toString('latin1'));
      }),
      runs(5, 20),
    );
  });

  it.each(['iv', 'ciphertext', 'tag'] as const)('one bit flipped anywhere in its %s', (part) => {
    fc.assert(
      fc.property(values, (value) => {
        const envelope = readEnvelope(sealed(value));
        if (envelope === undefined) throw new Error('The cipher wrote no envelope.');
        for (let bit = 0; bit < envelope[part].length * 8; bit += 1) {
          expectClosed(writeEnvelope({ ...envelope, [part]: flipped(envelope[part], bit) }));
        }
      }),
      runs(5, 20),
    );
  });

  it('cut anywhere, from either end', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = sealed(value);
        for (let at = 1; at < text.length; at += 1)
          for (const part of [text.slice(0, at), text.slice(at)]) expectClosed(part);
      }),
      runs(5, 20),
    );
  });

  it('something added anywhere, in the text or in a part', () => {
    fc.assert(
      fc.property(values, fc.nat(), fc.string({ minLength: 1, maxLength: 8 }), (value, position, addition) => {
        const text = sealed(value);
        const at = position % (text.length + 1);
        expectClosed(text.slice(0, at) + addition + text.slice(at));
      }),
    );
    fc.assert(
      fc.property(values, fc.uint8Array({ minLength: 1, maxLength: 20 }), (value, addition) => {
        const envelope = readEnvelope(sealed(value));
        if (envelope === undefined) throw new Error('The cipher wrote no envelope.');
        const { ciphertext } = envelope;
        expectClosed(writeEnvelope({ ...envelope, ciphertext: Buffer.concat([ciphertext, addition]) }));
        expectClosed(writeEnvelope({ ...envelope, ciphertext: Buffer.concat([addition, ciphertext]) }));
      }),
    );
  });

  it('its parts mixed with those of another, of the same place', () => {
    fc.assert(
      fc.property(values, values, fc.constantFrom('iv', 'ciphertext', 'tag'), (a, b, part) => {
        const [one, other] = [readEnvelope(sealed(a)), readEnvelope(sealed(b))];
        if (one === undefined || other === undefined) throw new Error('The cipher wrote no envelope.');
        fc.pre(!one[part].equals(other[part]));
        expectClosed(writeEnvelope({ ...one, [part]: other[part] }));
      }),
    );
  });

  it('exchanged with the one of another record, or put back from an earlier version of its own', () => {
    const [first, second] = [CONTEXT, { ...CONTEXT, connectionId: 'con_2' }];
    expectClosed(sealed('first', first), second);
    expectClosed(sealed('second', second), first);
    for (let version = 1; version < 20; version += 1) {
      for (let earlier = 1; earlier < version; earlier += 1) {
        expectClosed(sealed('a token', { ...CONTEXT, recordVersion: earlier }), { ...CONTEXT, recordVersion: version });
      }
    }
  });
});

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
