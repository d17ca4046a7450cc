import { createHash } from 'node:crypto';

/** Whose connection it is: the integrator's own identifiers, never interpreted. */
export interface Owner {
  readonly orgId: string;
  readonly userId: string;
}

/** A store partition per owner. Hashed: what comes from outside never shapes a store key. */
export function partitionOf(owner: Owner): string {
  return digest('owner', owner.orgId, owner.userId);
}

/** base64url SHA-256 over parts that each carry their length, so that no two lists of parts collide. */
export function digest(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('base64url');
}
