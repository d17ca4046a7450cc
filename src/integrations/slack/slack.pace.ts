import type { Pace } from '../../outbound/pacing/pace.ts';
import type { PacedCall } from '../integration-descriptor.ts';
import { historyLimits } from './slack.limits.ts';

const MINUTE_MS = 60_000;

/** Slack's "Rate limits": what a method may be called in a minute, by its tier, for each workspace and app. */
const TIERS = { 1: 1, 2: 20, 3: 50, 4: 100 } as const;
type Tier = keyof typeof TIERS;

/** The methods' own pages. "Special" ones (auth.*) allow hundreds a minute: tier 4 is on the safe side. */
const TIER_OF_METHOD: ReadonlyMap<string, Tier> = new Map<string, Tier>([
  ['auth.test', 4],
  ['auth.revoke', 4],
  ['conversations.list', 2],
  ['conversations.info', 3],
  ['conversations.join', 3],
  ['conversations.members', 4],
  ['team.info', 3],
  ['users.conversations', 3],
  ['users.info', 4],
  ['users.list', 2],
]);
const TIER_OF_OTHERS: Tier = 2;
/** Those whose limit depends on how the app is distributed. */
const OF_HISTORY: ReadonlySet<string> = new Set(['conversations.history', 'conversations.replies']);

/** `account` begins with the workspace, or the organisation where the app was installed for all of it (slackAccount). */
export function slackPace({ path, clientId, account, switches = {} }: PacedCall): Pace {
  const method = path.replace(/^\//, '');
  const limit = OF_HISTORY.has(method)
    ? historyLimits(switches).perMinute
    : TIERS[TIER_OF_METHOD.get(method) ?? TIER_OF_OTHERS];
  const [place = account] = account.split(':');
  const workspace = { resource: 'workspace', of: [clientId, place] };
  return { resource: method, of: [clientId, place, method], limit, windowMs: MINUTE_MS, within: workspace };
}
