import type { Owner } from '../owner/owner.ts';

/** Where an owner's connections are kept in the query cache. */
export function connectionsKey(owner: Owner): readonly string[] {
  return ['connections', owner.orgId, owner.userId];
}
