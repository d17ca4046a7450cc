import type { Pace } from '../../outbound/pacing/pace.ts';
import type { PacedCall } from '../integration-descriptor.ts';

/** Airtable's "Rate limits": 5 a second for each base, whoever calls; and then nothing for 30 s. */
const PER_BASE = { limit: 5, windowMs: 1_000 };
/** "Rate limits" gives a user's own tokens 50 a second, and OAuth's no number. */
const PER_USER = { limit: 50, windowMs: 1_000 };

/** `/meta/bases/{baseId}/…` and `/{baseId}/{table}`: ids of bases begin with `app`. */
const BASE_ID = /^\/(?:meta\/bases\/)?(app[^/]+)/;

export function airtablePace({ path, clientId, account }: PacedCall): Pace {
  const user = { resource: 'user', of: [clientId, account] };
  const baseId = BASE_ID.exec(path)?.[1];
  if (baseId === undefined) return { ...user, ...PER_USER };
  return { resource: 'base', of: [baseId], ...PER_BASE, within: user };
}
