import { expect, it } from '@jest/globals';
import { createSecretKey } from 'node:crypto';
import { describeWithVectors, readVectors } from '../../src/callers/fixtures/shared-vectors.ts';
import { openGcm, sealGcm, type GcmInput } from '../../src/crypto/aes-256-gcm.ts';
import { hkdfSha256 } from '../../src/crypto/hkdf.ts';

// HMAC-SHA256, Ed25519 and P-256 are tried in src/callers/verification-key.spec.ts, beside what verifies signatures.
const AES_GCM = 'wycheproof/aes_gcm_test.json';
const HKDF = 'wycheproof/hkdf_sha256_test.json';

interface Vectors<Group, Case> {
  readonly testGroups: readonly (Group & { readonly tests: readonly (Case & { readonly result: string })[] })[];
}

interface GcmGroup {
  readonly ivSize: number;
  readonly keySize: number;
  readonly tagSize: number;
}

type GcmCase = Readonly<Record<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag', string>> & { readonly tcId: number };

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const inputOf = ({ key, iv, aad }: GcmCase): GcmInput => ({
  key: createSecretKey(bytes(key)),
  iv: bytes(iv),
  additionalData: bytes(aad),
});
const outputOf = ({ ct, tag }: GcmCase) => ({ ciphertext: bytes(ct), tag: bytes(tag) });

function gcmCases(choose: (group: GcmGroup) => boolean) {
  const { testGroups } = readVectors(AES_GCM) as Vectors<GcmGroup, GcmCase>;
  return testGroups.filter(choose).flatMap(({ tests }) => tests);
}

/** The one form that the credential cipher has. */
const isOurs = ({ ivSize, keySize, tagSize }: GcmGroup): boolean => ivSize === 96 && keySize === 256 && tagSize === 128;

describeWithVectors(AES_GCM)('Of Wycheproof’s AES-GCM, what the credential cipher seals and opens with', () => {
  const ofOurForm = () => gcmCases(isOurs);

  it('opens every valid case to its message', () => {
    const valid = ofOurForm().filter(({ result }) => result === 'valid');
    const opened = valid.map((one) => openGcm(inputOf(one), outputOf(one))?.toString('hex'));
    expect(valid.length).toBeGreaterThan(30);
    expect(opened).toEqual(valid.map(({ msg }) => msg));
  });

  it('opens no invalid case', () => {
    const invalid = ofOurForm().filter(({ result }) => result === 'invalid');
    expect(invalid.length).toBeGreaterThan(20);
    expect(invalid.filter((one) => openGcm(inputOf(one), outputOf(one)) !== undefined)).toEqual([]);
  });

  it('seals every valid message to its ciphertext and tag', () => {
    for (const one of ofOurForm().filter(({ result }) => result === 'valid')) {
      expect([one.tcId, sealGcm(inputOf(one), bytes(one.msg))]).toEqual([one.tcId, outputOf(one)]);
    }
  });

  it('takes no IV of another length, be the case valid or not', () => {
    const others = gcmCases(({ ivSize, keySize }) => ivSize !== 96 && keySize === 256);
    expect(others.length).toBeGreaterThan(30);
    for (const one of others) {
      expect([one.tcId, openGcm(inputOf(one), outputOf(one))]).toEqual([one.tcId, undefined]);
      expect(() => sealGcm(inputOf(one), bytes(one.msg))).toThrow(TypeError);
    }
  });

  it('takes no key of another length', () => {
    const others = gcmCases(({ ivSize, keySize }) => ivSize === 96 && keySize !== 256);
    expect(others.length).toBeGreaterThan(100);
    for (const one of others) expect(() => openGcm(inputOf(one), outputOf(one))).toThrow();
  });
});

type HkdfCase = Readonly<Record<'ikm' | 'salt' | 'info' | 'okm', string>> & {
  readonly tcId: number;
  readonly size: number;
};

describeWithVectors(HKDF)('Of Wycheproof’s HKDF-SHA256, what derives the keys of each purpose', () => {
  const cases = () => (readVectors(HKDF) as Vectors<object, HkdfCase>).testGroups.flatMap(({ tests }) => tests);
  const derived = ({ ikm, salt, info, size }: HkdfCase): Buffer =>
    hkdfSha256({ inputKey: bytes(ikm), salt: bytes(salt), info: bytes(info) }, size);

  it('derives every valid case’s key', () => {
    const valid = cases().filter(({ result }) => result === 'valid');
    expect(valid.length).toBeGreaterThan(80);
    expect(valid.map((one) => derived(one).toString('hex'))).toEqual(valid.map(({ okm }) => okm));
  });

  it('refuses to derive more than there can be', () => {
    const invalid = cases().filter(({ result }) => result === 'invalid');
    expect(invalid.length).toBeGreaterThan(0);
    for (const one of invalid) expect(() => derived(one)).toThrow();
  });
});
