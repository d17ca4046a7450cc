import type { Pace } from '../../outbound/pacing/pace.ts';
import type { PacedCall } from '../integration-descriptor.ts';

const MINUTE_MS = 60_000;

/** Slack's "Rate limits": what a method may be called in a minute, by its tier, for each workspace and app. */
const TIERS = { 1: 1, 2: 20, 3: 50, 4: 100 } as const;
type Tier = keyof typeof TIERS;

/**
 * What an app outside of the Marketplace that is given to others may read of conversations ("Rate limits", since May 2025):
 * once a minute, 15 messages at a time. Internal apps and the Marketplace's have tier 3; nothing here tells which an app is,
 * and nothing here reads messages yet.
 */
const MESSAGES: Tier = 1;

/** The methods' own pages. "Special" ones (auth.*) allow hundreds a minute: tier 4 is on the safe side. */
const TIER_OF_METHOD: ReadonlyMap<string, Tier> = new Map<string, Tier>([
  ['auth.test', 4],
  ['auth.revoke', 4],
  ['conversations.list', 2],
  ['conversations.info', 3],
  ['conversations.join', 3],
  ['conversations.history', MESSAGES],
  ['conversations.replies', MESSAGES],
  ['conversations.members', 4],
  ['team.info', 3],
  ['users.conversations', 3],
  ['users.info', 4],
  ['users.list', 2],
]);
const TIER_OF_OTHERS: Tier = 2;

/** `account` begins with the workspace, or the organisation where the app was installed for all of it (slackAccount). */
export function slackPace({ path, clientId, account }: PacedCall): Pace {
  const method = path.replace(/^\//, '');
  const limit = TIERS[TIER_OF_METHOD.get(method) ?? TIER_OF_OTHERS];
  const [place = account] = account.split(':');
  const workspace = { resource: 'workspace', of: [clientId, place] };
  return { resource: method, of: [clientId, place, method], limit, windowMs: MINUTE_MS, within: workspace };
}
