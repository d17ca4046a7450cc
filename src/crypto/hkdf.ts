import { hkdfSync } from 'node:crypto';

export interface HkdfInput {
  readonly inputKey: Uint8Array;
  readonly salt: Uint8Array;
  /** What the key that comes out is for. */
  readonly info: Uint8Array;
}

/** HKDF-SHA256 (RFC 5869). @throws for more than 255 × 32 bytes (§2.3) */
export function hkdfSha256({ inputKey, salt, info }: HkdfInput, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', inputKey, salt, info, bytes));
}
