import type { Pace } from '../../outbound/pacing/pace.ts';
import type { PacedCall } from '../integration-descriptor.ts';

/** Notion's "Request limits": 180 in 60 s for each connection; 600 in a Business or Enterprise workspace, which nothing tells us. */
const PER_CONNECTION = { limit: 180, windowMs: 60_000 };

export function notionPace({ clientId, account }: PacedCall): Pace {
  return { resource: 'connection', of: [clientId, account], ...PER_CONNECTION };
}
