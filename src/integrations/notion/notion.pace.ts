import type { Pace } from '../../outbound/pacing/pace.ts';
import type { PacedCall } from '../integration-descriptor.ts';

/**
 * Notion's "Request limits": 180 in 60 s for each connection; 600 in a Business or Enterprise workspace, which nothing tells us.
 * What a workspace has for all its connections together is not published: it is known by its 429 alone.
 */
const PER_CONNECTION = { limit: 180, windowMs: 60_000 };

export function notionPace({ clientId, account, within }: PacedCall): Pace {
  const workspace = within === undefined ? {} : { within: { resource: 'workspace', of: [within] } };
  return { resource: 'connection', of: [clientId, account], ...PER_CONNECTION, ...workspace };
}
