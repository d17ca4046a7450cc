import { createHash } from 'node:crypto';

/** Something of a provider's that it protects from too many calls: an account, a base, a method in a workspace. */
export interface PacedResource {
  /** For people: `base`, `search`. */
  readonly resource: string;
  /** Tells one such thing from another. Both may hold anything: they are hashed before they become a key. */
  readonly of: readonly string[];
}

/** At most `limit` calls in any `windowMs`. */
export interface PaceRate {
  readonly limit: number;
  readonly windowMs: number;
}

/** What a call counts against. */
export interface Pace extends PacedResource, PaceRate {
  /** What the resource belongs to, if not itself the account: a 429 for the one holds back the other as well. */
  readonly within?: PacedResource;
}

/** A pace as the store knows it. */
export interface PaceLane extends PaceRate {
  readonly integration: string;
  readonly resource: string;
  readonly key: string;
  /** The key of what the lane is within. */
  readonly gate?: string;
}

/**
 * What we count by is when a call leaves, what the provider counts by is when it arrives. One that took long on its way
 * stands late in the provider's window, so ours is this much longer: calls may differ by so much in how long they travel.
 */
export const ARRIVAL_SPREAD_MS = 250;

/** @param factor on the limit: what an operator was granted beyond, or leaves to others of, the documented number */
export function paceLane(integration: string, pace: Pace, factor = 1): PaceLane {
  const { resource, limit, windowMs, within } = pace;
  return {
    integration,
    resource,
    key: keyOf(integration, pace),
    limit: Math.max(1, Math.floor(limit * factor)),
    windowMs: windowMs + ARRIVAL_SPREAD_MS,
    ...(within === undefined ? {} : { gate: keyOf(integration, within) }),
  };
}

function keyOf(integration: string, { resource, of }: PacedResource): string {
  const hash = createHash('sha256').update(JSON.stringify([resource, ...of]));
  return `pace/${integration}/${hash.digest('base64url')}`;
}
