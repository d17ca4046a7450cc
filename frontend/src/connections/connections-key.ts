import type { Owner } from '../owner/owner.ts';

/** How the query cache calls everybody's connections. */
export const CONNECTIONS = 'connections';

/** Where an owner's connections are kept in the query cache. */
export function connectionsKey(owner: Owner): readonly string[] {
  return [CONNECTIONS, owner.orgId, owner.userId];
}
