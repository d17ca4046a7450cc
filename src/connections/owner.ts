import { digest } from '../crypto/digest.ts';

/** Whose connection it is: the integrator's own identifiers, never interpreted. */
export interface Owner {
  readonly orgId: string;
  readonly userId: string;
}

/** A store partition per owner. Hashed: what comes from outside never shapes a store key. */
export function partitionOf(owner: Owner): string {
  return digest('owner', owner.orgId, owner.userId);
}
