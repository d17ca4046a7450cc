import type { Pace } from '../../outbound/pacing/pace.ts';
import type { PacedCall } from '../integration-descriptor.ts';

/**
 * HubSpot's "Usage guidelines": an OAuth app has 110 in 10 s for each account that installed it. It was 100 until 2024, and
 * is what the official client keeps to: the rest is left to whatever else runs with the same app.
 */
const PER_ACCOUNT = { limit: 100, windowMs: 10_000 };
/** "Search the CRM": 5 a second, counted apart. */
const PER_ACCOUNT_SEARCH = { limit: 5, windowMs: 1_000 };

export function hubspotPace({ path, clientId, account }: PacedCall): Pace {
  const of = [clientId, account];
  const ofAccount = { resource: 'account', of };
  if (!path.endsWith('/search')) return { ...ofAccount, ...PER_ACCOUNT };
  return { resource: 'search', of, ...PER_ACCOUNT_SEARCH, within: ofAccount };
}
