/** What Slack lets an app ask of conversations.history and conversations.replies ("Rate limits"). */
export interface HistoryLimits {
  /** Calls of each of the two methods in a workspace. */
  readonly perMinute: number;
  /** The most messages of a page, ours or Slack's, whichever is less. */
  readonly pageSize: number;
}

/** Apps of the Marketplace, and those that a workspace made for itself: tier 3, and pages of the advised size. */
export const MARKETPLACE_OR_INTERNAL: HistoryLimits = { perMinute: 50, pageSize: 200 };

/** Apps that are distributed commercially, but not through the Marketplace (since 29 May 2025). */
export const DISTRIBUTED_ELSEWHERE: HistoryLimits = { perMinute: 1, pageSize: 15 };

/** `SLACK_MARKETPLACE`: whether the installation's app is of the Marketplace, or its workspace's own. Slack doesn't tell. */
export const SLACK_SWITCHES = { MARKETPLACE: true };

/**
 * Whichever of the two the installation's app has. When it is said wrong, a load is still whole, since pages go on from the
 * last message of the one before, however short; it only meets Slack's 429.
 */
export function historyLimits({ MARKETPLACE = SLACK_SWITCHES.MARKETPLACE }: Partial<typeof SLACK_SWITCHES>) {
  return MARKETPLACE ? MARKETPLACE_OR_INTERNAL : DISTRIBUTED_ELSEWHERE;
}
