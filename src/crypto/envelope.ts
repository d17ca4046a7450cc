import { IV_BYTES, TAG_BYTES } from './aes-256-gcm.ts';

/** `pb1.<kid>.<iv>.<ciphertext>.<tag>`, the binary parts base64url without padding. */
export interface Envelope {
  readonly keyId: string;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

export const ENVELOPE_VERSION = 'pb1';

const KEY_ID = /^pb1\.([A-Za-z0-9_-]{1,32})\./;
const FORM = /^pb1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]*)\.([A-Za-z0-9_-]{22})$/;

export function writeEnvelope(envelope: Envelope): string {
  const parts = [envelope.iv, envelope.ciphertext, envelope.tag].map((part) => part.toString('base64url'));
  return [ENVELOPE_VERSION, envelope.keyId, ...parts].join('.');
}

/**
 * @returns undefined for anything but a well-formed envelope of this version. Encodings that decode to the same bytes but
 * aren't written the canonical way are refused too, so that one ciphertext has one spelling.
 */
export function readEnvelope(text: string): Envelope | undefined {
  const [, keyId, ...encoded] = FORM.exec(text) ?? [];
  if (keyId === undefined) return undefined;
  const [iv, ciphertext, tag] = encoded.map((part) => Buffer.from(part, 'base64url'));
  if (iv?.length !== IV_BYTES || tag?.length !== TAG_BYTES || ciphertext === undefined) return undefined;
  const envelope = { keyId, iv, ciphertext, tag };
  return writeEnvelope(envelope) === text ? envelope : undefined;
}

/**
 * The key id that an envelope names, without reading the rest of it: it may still not open.
 * @returns undefined for what doesn't begin as an envelope of this version
 */
export function keyIdOf(envelope: string): string | undefined {
  return KEY_ID.exec(envelope)?.[1];
}
