import { describe, expect, it } from '@jest/globals';
import { createHmac, createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { verifySignature, type MessageDescriptor } from 'http-message-sig';
import { Secret } from '../errors/secret.ts';
import { describeWithVectors, readVectors } from './fixtures/shared-vectors.ts';
import {
  ed25519Key,
  hmacKey,
  p256Key,
  SIGNATURE_ALGORITHMS,
  thumbprint,
  type P256Jwk,
  type VerificationKey,
} from './verification-key.ts';

const DATA = Buffer.from('"@method": GET');

describe('A shared secret', () => {
  it('is tried beside the one before it while it is being rotated', () => {
    const [current, former, stranger] = [randomBytes(32), randomBytes(32), randomBytes(32)];
    const key = hmacKey([current, former].map((bytes) => new Secret(bytes.toString('base64url'))));
    const tagOf = (secret: Buffer) => createHmac('sha256', secret).update(DATA).digest();
    expect([current, former, stranger].map((secret) => key.verify(DATA, tagOf(secret)))).toEqual([true, true, false]);
  });

  it('takes no part of a tag, no tag with something behind it, and no tag of nothing', () => {
    const secret = randomBytes(32);
    const key = hmacKey([new Secret(secret.toString('base64url'))]);
    const tag = createHmac('sha256', secret).update(DATA).digest();
    for (const other of [tag.subarray(0, 31), tag.subarray(0, 16), Buffer.concat([tag, tag]), Buffer.alloc(0)]) {
      expect(key.verify(DATA, other)).toBe(false);
    }
  });
});

describe('A public key', () => {
  it('takes P-256 signatures as r and s only, never as DER (RFC 9421 §3.3.4)', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const der = sign('sha256', DATA, privateKey);
    expect(verify('sha256', DATA, publicKey, der)).toBe(true);
    const key = p256Key(publicKey.export({ format: 'jwk' }) as unknown as P256Jwk);
    expect(key.verify(DATA, der)).toBe(false);
    expect(key.verify(DATA, sign('sha256', DATA, { key: privateKey, dsaEncoding: 'ieee-p1363' }))).toBe(true);
  });

  it('is Ed25519 or is refused', () => {
    for (const { publicKey } of [generateKeyPairSync('ed448'), generateKeyPairSync('x25519')]) {
      expect(() => ed25519Key(publicKey)).toThrow(TypeError);
    }
    expect(() => ed25519Key(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)).toThrow(TypeError);
  });

  it('is named by its RFC 7638 thumbprint, whatever else its JWK holds', () => {
    const jwk = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } as const;
    expect(thumbprint({ ...jwk, kid: 'another' } as P256Jwk)).toBe(thumbprint(jwk));
    expect(thumbprint({ ...jwk, y: 'z' })).not.toBe(thumbprint(jwk));
  });
});

interface Rfc9421 {
  readonly keys: Readonly<Record<string, { readonly pub?: string; readonly secret?: string; readonly jwk?: unknown }>>;
  readonly vectors: readonly {
    readonly id: string;
    readonly alg: string;
    readonly key: string;
    readonly valid: boolean;
    readonly msg: {
      readonly kind: 'request' | 'response';
      readonly method?: string;
      readonly url?: string;
      readonly status?: number;
      readonly headers: readonly (readonly [string, string])[];
    };
  }[];
}

describeWithVectors('rfc9421.json')('Of RFC 9421 appendix B', () => {
  const read = (): Rfc9421 => readVectors('rfc9421.json') as Rfc9421;

  it.each(['B.2.4', 'B.2.5', 'B.2.6', 'B.3', 'B.4.1', 'B.4.2', 'B.4.3', 'B.4.4', 'B.4.5', 'B.4.6'])(
    '%s ends as it says there',
    async (id) => {
      const { keys, vectors } = read();
      const vector = vectors.find((one) => one.id === id);
      if (vector === undefined) throw new Error(`There is no ${id}.`);
      const key = published(keys, vector.key);
      expect(key.algorithm).toBe(vector.alg);
      const verified = verifySignature(messageOf(vector.msg), {
        policy: {
          algorithms: SIGNATURE_ALGORITHMS,
          requiredComponents: [],
          requiredParameters: ['created', 'keyid'],
          clockSkew: Number.MAX_SAFE_INTEGER,
        },
        resolveVerifier: () => key,
      });
      if (vector.valid) expect((await verified).parameters.keyid).toBe(vector.key);
      else await expect(verified).rejects.toMatchObject({ code: 'VerificationFailed' });
    },
  );

  it('every message of our algorithms is tried', () => {
    const ours = read().vectors.filter(({ alg }) => (SIGNATURE_ALGORITHMS as readonly string[]).includes(alg));
    expect(ours).toHaveLength(10);
  });
});

function published(keys: Rfc9421['keys'], name: string): VerificationKey {
  const { secret, pub, jwk } = keys[name] ?? {};
  if (secret !== undefined) return hmacKey([new Secret(Buffer.from(secret, 'base64').toString('base64url'))]);
  if (name.includes('ed25519')) return ed25519Key(createPublicKey(pub ?? ''));
  return p256Key(jwk as P256Jwk);
}

function messageOf({ kind, headers, ...message }: Rfc9421['vectors'][number]['msg']): MessageDescriptor {
  const fields = headers.map(([name, value]) => ({ name: name.toLowerCase(), value }));
  if (kind === 'response') return { kind, status: message.status ?? 0, fields };
  return { kind, method: message.method ?? '', targetUri: message.url ?? '', fields };
}

interface Wycheproof {
  readonly testGroups: readonly {
    readonly tagSize?: number;
    readonly publicKeyDer?: string;
    readonly tests: readonly {
      readonly tcId: number;
      readonly result: string;
      readonly key?: string;
      readonly msg: string;
      readonly tag?: string;
      readonly sig?: string;
    }[];
  }[];
}

/** @returns how many cases there were, and the numbers of those that ended otherwise than expected */
function tryAll(
  file: string,
  keyFor: (group: Wycheproof['testGroups'][number], key: string) => VerificationKey,
): { tried: number; wrong: number[] } {
  const wrong: number[] = [];
  let tried = 0;
  for (const group of (readVectors(file) as Wycheproof).testGroups) {
    for (const { tcId, key = '', msg, tag, sig, result } of group.tests) {
      // RFC 9421 §3.3.3 knows whole tags only, however right a part of one is.
      const isGood = result === 'valid' && (group.tagSize ?? 256) === 256;
      const holds = keyFor(group, key).verify(Buffer.from(msg, 'hex'), Buffer.from(tag ?? sig ?? '', 'hex'));
      if (holds !== isGood) wrong.push(tcId);
      tried += 1;
    }
  }
  return { tried, wrong };
}

const publicKeyOf = (der = '') => createPublicKey({ key: Buffer.from(der, 'hex'), format: 'der', type: 'spki' });

describeWithVectors('wycheproof/hmac_sha256_test.json')('Of Wycheproof', () => {
  it('every HMAC-SHA256 case ends as it should', () => {
    const { tried, wrong } = tryAll('wycheproof/hmac_sha256_test.json', (_group, key) =>
      hmacKey([new Secret(Buffer.from(key, 'hex').toString('base64url'))]),
    );
    expect([tried > 100, wrong]).toEqual([true, []]);
  });

  it('every Ed25519 case ends as it should', () => {
    const { tried, wrong } = tryAll('wycheproof/ed25519_test.json', ({ publicKeyDer }) =>
      ed25519Key(publicKeyOf(publicKeyDer)),
    );
    expect([tried > 100, wrong]).toEqual([true, []]);
  });

  it('every P-256 case ends as it should', () => {
    const { tried, wrong } = tryAll('wycheproof/ecdsa_secp256r1_sha256_p1363_test.json', ({ publicKeyDer }) =>
      p256Key(publicKeyOf(publicKeyDer).export({ format: 'jwk' }) as unknown as P256Jwk),
    );
    expect([tried > 200, wrong]).toEqual([true, []]);
  });
});
