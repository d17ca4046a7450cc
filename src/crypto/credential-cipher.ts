import { randomBytes } from 'node:crypto';
import { Secret } from '../errors/secret.ts';
import { IV_BYTES, openGcm, sealGcm } from './aes-256-gcm.ts';
import { ENVELOPE_VERSION, keyIdOf, readEnvelope, writeEnvelope } from './envelope.ts';
import type { KeyRing, Purpose } from './key-ring.ts';
import { SealTally } from './seal-tally.ts';

declare const sealed: unique symbol;
/** An envelope's text. Only the cipher makes one; it is safe to store and useless to read. */
export type Sealed = string & { readonly [sealed]: true };

/**
 * What a sealed value belongs to. All of it is authenticated with the value (as GCM's additional data), so a ciphertext
 * that is moved to another record, owner or version doesn't open.
 */
export interface SealContext {
  readonly purpose: Purpose;
  readonly orgId: string;
  readonly userId: string;
  readonly integration: string;
  readonly connectionId: string;
  /** The store's version of the record the sealed value is written with. */
  readonly recordVersion: number;
}

/** A sealed value didn't open: altered, moved, rolled back, cut, or sealed with a key that isn't in the ring. */
export class UnsealError extends Error {
  override readonly name = 'UnsealError';
  /** The key id the envelope names, when it could be read. */
  readonly keyId: string | undefined;

  constructor(keyId: string | undefined) {
    super(keyId === undefined ? 'Not a sealed value.' : `A value sealed with key ${keyId} could not be opened.`);
    this.keyId = keyId;
  }
}

/** AES-256-GCM (NIST SP 800-38D) with a random 96-bit IV and a 128-bit tag, under the key ring's per-purpose keys. */
export class CredentialCipher {
  readonly #keyRing: KeyRing;
  readonly #tally: SealTally;

  /** @param tally counts what is sealed; one of its own counts for nobody */
  constructor(keyRing: KeyRing, tally = new SealTally()) {
    this.#keyRing = keyRing;
    this.#tally = tally;
  }

  /** What `seal` seals with. */
  get activeKeyId(): string {
    return this.#keyRing.activeKeyId;
  }

  seal(value: Secret, context: SealContext): Sealed {
    const keyId = this.#keyRing.activeKeyId;
    const key = this.#keyRing.key(keyId, context.purpose);
    if (key === undefined) throw new UnsealError(keyId);
    const iv = randomBytes(IV_BYTES);
    const input = { key, iv, additionalData: additionalData(keyId, context) };
    const { ciphertext, tag } = sealGcm(input, Buffer.from(value.reveal(), 'utf8'));
    this.#tally.count(keyId);
    return writeEnvelope({ keyId, iv, ciphertext, tag }) as Sealed;
  }

  /** Whether this is what `seal` would make it with now; if not, it is to be sealed again before its key may go. */
  isCurrent(sealedText: string): boolean {
    return keyIdOf(sealedText) === this.activeKeyId;
  }

  /** @throws UnsealError whatever the reason, always the same way */
  open(sealedText: string, context: SealContext): Secret {
    const envelope = readEnvelope(sealedText);
    if (envelope === undefined) throw new UnsealError(undefined);
    const key = this.#keyRing.key(envelope.keyId, context.purpose);
    if (key === undefined) throw new UnsealError(envelope.keyId);
    const { keyId, iv } = envelope;
    const plaintext = openGcm({ key, iv, additionalData: additionalData(keyId, context) }, envelope);
    if (plaintext === undefined) throw new UnsealError(keyId);
    return new Secret(plaintext.toString('utf8'));
  }
}

/** Each part preceded by its length in bytes (32-bit big-endian): no two contexts share an encoding. */
function additionalData(keyId: string, context: SealContext): Buffer {
  const parts = [
    ENVELOPE_VERSION,
    keyId,
    context.orgId,
    context.userId,
    context.integration,
    context.connectionId,
    String(context.recordVersion),
    context.purpose,
  ].map((part) => Buffer.from(part, 'utf8'));
  return Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  );
}
