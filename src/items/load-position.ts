import type { ItemChanges } from './item-source.ts';
import { placeOf, sinceIn, type OpenListing } from './open-listing.ts';

/** Remembered of a type. */
const MAX_REFUSED = 200;
/** How far the clock of whoever began a load may be ahead of the provider's. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** One item type that could not be loaded, or a part of it, and why. */
export interface LoadFailure {
  readonly item_type: string;
  readonly error: string;
  readonly message: string;
}

export interface TypePosition {
  /** In the order they are loaded in; none: all of the type was delivered. */
  readonly open: readonly OpenListing[];
  /** Only what changed since, RFC 3339. */
  readonly since?: string;
  /** Listings that were passed over. */
  readonly refused?: readonly OpenListing[];
  /** Given up as a whole: what is open was not what is left. */
  readonly failed?: true;
}

/** Where a load stands. A new one, one that goes on and an increment all begin at one. */
export interface LoadPosition {
  /** One for each of the query's item types. */
  readonly types: readonly TypePosition[];
  /** What failed on the way here. */
  readonly failures: readonly LoadFailure[];
  /** Which page of the load begins here, from 0. */
  readonly page: number;
  /** When the load began, RFC 3339. */
  readonly startedAt: string;
}

/** Where a load begins that isn't begun: its time is that when it is. */
export type NextLoad = Omit<LoadPosition, 'startedAt'> & { readonly startedAt?: string };

/** The part of a query that a position belongs to. */
export interface LoadQuery {
  readonly itemTypes: readonly string[];
  readonly modifiedSince?: Date;
}

export function startOf({ itemTypes, modifiedSince }: LoadQuery): LoadPosition {
  const since = modifiedSince?.toISOString();
  const type: TypePosition = { open: [{}], ...(since === undefined ? {} : { since }) };
  return { types: itemTypes.map(() => type), failures: [], page: 0, startedAt: new Date().toISOString() };
}

export function begun(next: NextLoad): LoadPosition {
  return { ...next, startedAt: next.startedAt ?? new Date().toISOString() };
}

export function withType(position: LoadPosition, index: number, open: readonly OpenListing[]): LoadPosition {
  const types = position.types.map((type, at) => (at === index ? { ...type, open } : type));
  return { ...position, types };
}

export function withFailure(position: LoadPosition, failure: LoadFailure): LoadPosition {
  const isKnown = position.failures.some(
    ({ item_type, error, message }) =>
      item_type === failure.item_type && error === failure.error && message === failure.message,
  );
  return isKnown ? position : { ...position, failures: [...position.failures, failure] };
}

/** A listing that was passed over, and why. Of a type with too many to remember, all is loaded again the next time. */
export function withRefused(
  position: LoadPosition,
  index: number,
  { listing, failure }: { readonly listing: OpenListing; readonly failure: LoadFailure },
): LoadPosition {
  const { refused = [] } = position.types[index] ?? {};
  const passedOver =
    refused.length < MAX_REFUSED ? { refused: [...refused, placeOf(listing)] } : { failed: true as const };
  const types = position.types.map((type, at) => (at === index ? { ...type, ...passedOver } : type));
  return withFailure({ ...position, types }, failure);
}

/** A type that is given up, and why. */
export function withFailed(position: LoadPosition, index: number, failure: LoadFailure): LoadPosition {
  const types = position.types.map((type, at) => (at === index ? { ...type, open: [], failed: true as const } : type));
  return withFailure({ ...position, types }, failure);
}

/**
 * Where the load after this one begins: with what changed since this one began; and what wasn't had this time, where it
 * was left.
 */
export function nextLoadAfter(
  end: LoadPosition,
  { itemTypes }: LoadQuery,
  changesOf: (itemType: string) => ItemChanges,
): NextLoad {
  const left = new Set(itemTypes.filter((_, index) => (end.types[index]?.open.length ?? 0) > 0));
  const types = end.types.map((type, index): TypePosition => {
    const itemType = itemTypes[index] ?? '';
    if (left.has(itemType)) return type;
    if (type.failed) return { open: [{}], ...(type.since === undefined ? {} : { since: type.since }) };
    const behindMs = changesOf(itemType).lagSeconds * 1000 + CLOCK_SKEW_MS;
    const missed = (type.refused ?? []).map((listing) => ({ ...listing, since: sinceIn(listing, type.since) ?? null }));
    return { open: [...missed, {}], since: new Date(Date.parse(end.startedAt) - behindMs).toISOString() };
  });
  // What was passed over of a type that goes on is still missing from it.
  const failures = end.failures.filter(({ item_type }) => left.has(item_type));
  // What goes on where it was left began when this one did: what changed since is still to come.
  return { types, failures, page: 0, ...(left.size > 0 ? { startedAt: end.startedAt } : {}) };
}
