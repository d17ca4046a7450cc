import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';

/** NIST SP 800-38D §8.2.2: 96 bits, for which an IV needs no hashing, and which may be random. */
export const IV_BYTES = 12;
/** Whole tags alone: each bit less makes a forgery twice as likely. */
export const TAG_BYTES = 16;

/** What a value is sealed under. The additional data is authenticated with it, and not part of what comes out. */
export interface GcmInput {
  /** 32 bytes. */
  readonly key: KeyObject;
  /** Never twice under one key. */
  readonly iv: Uint8Array;
  readonly additionalData: Uint8Array;
}

export interface GcmOutput {
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

/** NIST SP 800-38D §7.1. @throws for a key or an IV of another length */
export function sealGcm({ key, iv, additionalData }: GcmInput, plaintext: Uint8Array): GcmOutput {
  if (iv.length !== IV_BYTES) throw new TypeError(`An IV has ${IV_BYTES} bytes.`);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(additionalData);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return { ciphertext, tag: cipher.getAuthTag() };
}

/**
 * NIST SP 800-38D §7.2.
 * @returns undefined when the tag doesn't fit, or is not whole, or the IV isn't one of ours: all one to whoever asks
 * @throws for a key of another length
 */
export function openGcm({ key, iv, additionalData }: GcmInput, { ciphertext, tag }: GcmOutput): Buffer | undefined {
  // Node itself would take a tag of four bytes.
  if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) return undefined;
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(additionalData);
  decipher.setAuthTag(tag);
  const plaintext = decipher.update(ciphertext);
  try {
    // Nothing of the plaintext is used before final() has checked the tag.
    return Buffer.concat([plaintext, decipher.final()]);
  } catch {
    return undefined;
  }
}
