import { describe, expect, it } from '@jest/globals';
import { createCipheriv, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { Secret } from '../errors/secret.ts';
import { CredentialCipher, UnsealError, type SealContext } from './credential-cipher.ts';
import { KeyRing } from './key-ring.ts';

const OLD = `old:${randomBytes(32).toString('base64')}`;
const NEW = `new:${randomBytes(32).toString('base64')}`;

const CONTEXT: SealContext = {
  purpose: 'grant',
  orgId: 'acme',
  userId: 'ann',
  integration: 'notion',
  connectionId: 'con_1',
  recordVersion: 3,
};

const cipher = (keys: string) => new CredentialCipher(KeyRing.parse(new Secret(keys)));

describe('The credential cipher', () => {
  it('opens what it sealed, and only ever shows an envelope', () => {
    const sealed = cipher(NEW).seal(new Secret('café 🔑 token'), CONTEXT);
    expect(sealed).toMatch(/^pb1\.new\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
    expect(cipher(NEW).open(sealed, CONTEXT).reveal()).toBe('café 🔑 token');
  });

  it('never seals the same value the same way twice', () => {
    const subject = cipher(NEW);
    const sealed = Array.from({ length: 100 }, () => subject.seal(new Secret('same'), CONTEXT));
    expect(new Set(sealed).size).toBe(100);
  });

  it('refuses an envelope with any one character changed', () => {
    const subject = cipher(NEW);
    const sealed = subject.seal(new Secret('a token'), CONTEXT);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(() => subject.open(changed, CONTEXT)).toThrow(UnsealError);
    }
  });

  it.each<[string, Partial<SealContext>]>([
    ['another organisation', { orgId: 'other' }],
    ['another user', { userId: 'bob' }],
    ['another integration', { integration: 'slack' }],
    ['another connection', { connectionId: 'con_2' }],
    ['an older version of the record', { recordVersion: 2 }],
    ['another purpose', { purpose: 'cursor' }],
    ['parts that only join to the same text', { orgId: 'acmea', userId: 'nn' }],
  ])('does not open a value that was moved to %s', (_where, difference) => {
    const subject = cipher(NEW);
    const sealed = subject.seal(new Secret('a token'), CONTEXT);
    expect(() => subject.open(sealed, { ...CONTEXT, ...difference })).toThrow(UnsealError);
  });

  it('refuses a short tag, with which a forgery could be guessed', () => {
    const subject = cipher(NEW);
    const sealed = subject.seal(new Secret('a token'), CONTEXT);
    const [version, kid, iv, ciphertext, tag = ''] = sealed.split('.');
    const short = Buffer.from(tag, 'base64url').subarray(0, 4).toString('base64url');
    expect(() => subject.open([version, kid, iv, ciphertext, short].join('.'), CONTEXT)).toThrow(UnsealError);
  });

  it('refuses other versions of the envelope, and anything else that is not one', () => {
    const subject = cipher(NEW);
    const sealed = subject.seal(new Secret('a token'), CONTEXT);
    for (const text of ['', 'pb1', sealed.replace('pb1.', 'pb2.'), `${sealed}.`, `${sealed}=`, ` ${sealed}`]) {
      expect(() => subject.open(text, CONTEXT)).toThrow(UnsealError);
    }
  });

  it('seals with the first key, opens with all, and says which key is missing', () => {
    const before = cipher(OLD).seal(new Secret('a token'), CONTEXT);
    const rotated = cipher(`${NEW},${OLD}`);
    expect(rotated.open(before, CONTEXT).reveal()).toBe('a token');
    expect(rotated.seal(new Secret('a token'), CONTEXT)).toMatch(/^pb1\.new\./);
    expect(() => cipher(NEW).open(before, CONTEXT)).toThrow('key old');
  });

  it('uses AES-256-GCM under an HKDF-SHA256 key of the purpose, so that anybody can check it', () => {
    const root = Buffer.from(NEW.slice(4), 'base64');
    const key = createSecretKey(Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), 'patchbay/v1/grant', 32)));
    const iv = randomBytes(12);
    const independent = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
    const parts = ['pb1', 'new', 'acme', 'ann', 'notion', 'con_1', '3', 'grant'].map((part) => Buffer.from(part));
    independent.setAAD(Buffer.concat(parts.flatMap((part) => [Buffer.from([0, 0, 0, part.length]), part])));
    const ciphertext = Buffer.concat([independent.update('a token', 'utf8'), independent.final()]);
    const encoded = [iv, ciphertext, independent.getAuthTag()].map((part) => part.toString('base64url'));
    expect(
      cipher(NEW)
        .open(`pb1.new.${encoded.join('.')}`, CONTEXT)
        .reveal(),
    ).toBe('a token');
  });
});

describe('The key ring', () => {
  it.each([
    ['a short key', `k:${randomBytes(16).toString('base64')}`],
    ['a long key', `k:${randomBytes(33).toString('base64')}`],
    ['a key id twice', `${NEW},new:${randomBytes(32).toString('base64')}`],
    ['one key under two ids', `${NEW},again:${NEW.slice(4)}`],
    ['a key of zeros', `k:${Buffer.alloc(32).toString('base64')}`],
    ['a key of one repeated byte', `k:${Buffer.alloc(32, 7).toString('base64')}`],
    ['the example key', `k:${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`],
    ['a nameless key', `:${randomBytes(32).toString('base64')}`],
  ])('refuses %s, and does not repeat it', (_what, keys) => {
    let message = '';
    try {
      KeyRing.parse(new Secret(keys));
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/^KeyRingError: /);
    expect(message).not.toContain(keys.split(':')[1]);
  });
});
