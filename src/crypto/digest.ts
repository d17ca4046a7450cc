import { createHash } from 'node:crypto';

/** base64url SHA-256 over parts that each carry their length, so that no two lists of parts collide. */
export function digest(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('base64url');
}
