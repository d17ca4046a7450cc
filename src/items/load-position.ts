import { createHash } from 'node:crypto';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { ItemChanges, ProviderPage } from './item-source.ts';

/** Blocks in blocks may lie deep; nobody nests them so. */
const MAX_DEPTH = 50;

/** One item type that could not be loaded, or a part of it, and why. */
export interface LoadFailure {
  readonly item_type: string;
  readonly error: string;
  readonly message: string;
}

/** A listing that isn't loaded to its end, and how far it is. */
export interface OpenListing {
  /** As its source named it; absent: the type's first. */
  readonly key?: string;
  /** The provider's own position, as its source gave it. */
  readonly at?: string;
  /** How many listings lead to it; absent: it is the first. */
  readonly depth?: number;
  /** Items of the provider's page at that position that were delivered already. */
  readonly skip?: number;
  /** Digest of a position passed earlier, the pages since, and after how many the mark moves on. */
  readonly mark?: string;
  readonly steps?: number;
  readonly lap?: number;
  /** How often the provider forgot where we were. */
  readonly restarts?: number;
}

export interface TypePosition {
  /** In the order they are loaded in; none: all of the type was delivered. */
  readonly open: readonly OpenListing[];
  /** Only what changed since, RFC 3339. */
  readonly since?: string;
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

/**
 * Where the load after this one begins: with what changed since this one began; and what wasn't had this time, where it
 * was left.
 */
export function nextLoadAfter(
  end: LoadPosition,
  { itemTypes }: LoadQuery,
  changesOf: (itemType: string) => ItemChanges,
): NextLoad {
  const failed = new Set(end.failures.map(({ item_type }) => item_type));
  const types = end.types.map((type, index): TypePosition => {
    const itemType = itemTypes[index] ?? '';
    if (type.open.length > 0) return type;
    if (failed.has(itemType)) return { ...type, open: [{}] };
    const behindMs = changesOf(itemType).lagSeconds * 1000;
    return { open: [{}], since: new Date(Date.parse(end.startedAt) - behindMs).toISOString() };
  });
  // What goes on where it was left began when this one did: what changed since is still to come.
  const goesOn = end.types.some(({ open }) => open.length > 0);
  return { types, failures: [], page: 0, ...(goesOn ? { startedAt: end.startedAt } : {}) };
}

/**
 * What is left to load after a page of the first of `open`: what the page leads to, the rest of its listing, the others.
 * @throws PatchbayError `provider_protocol_error` when the listing leads back to where it was
 */
export function openAfter(open: readonly OpenListing[], page: ProviderPage): readonly OpenListing[] {
  const [head, ...others] = open;
  if (head === undefined) throw new TypeError('There is nothing that a page could be of.');
  const below = (page.below ?? []).map((key) => belowOf(head, key));
  return [...below, ...(page.next === undefined ? [] : [moved(head, page.next)]), ...others];
}

/** From its start, because the provider has forgotten where we were. */
export function restarted({ key, depth, restarts = 0 }: OpenListing): OpenListing {
  return { ...placeOf(key, depth), restarts: restarts + 1 };
}

function placeOf(key: string | undefined, depth: number | undefined): OpenListing {
  return { ...(key === undefined ? {} : { key }), ...(depth === undefined ? {} : { depth }) };
}

/** @throws PatchbayError `provider_protocol_error` when it lies too deep to be true: a listing may lead back to itself */
function belowOf({ depth = 0 }: OpenListing, key: string): OpenListing {
  if (depth < MAX_DEPTH) return { key, depth: depth + 1 };
  throw new PatchbayError('provider_protocol_error', 'The provider’s listings lead deeper and deeper.');
}

/**
 * Brent's way to find a circle, whatever its length, with one position remembered: it is compared with every one that
 * follows, and replaced by the current one after 1, 2, 4, 8… of them.
 */
function moved(listing: OpenListing, next: string): OpenListing {
  const { key, depth, at, mark, steps = 0, lap = 1, restarts } = listing;
  const here = digest(next);
  if (next === at || here === mark) {
    throw new PatchbayError('provider_protocol_error', 'The provider gave the same page position twice.');
  }
  const isLapOver = steps + 1 === lap;
  return {
    ...placeOf(key, depth),
    at: next,
    ...(isLapOver
      ? { mark: here, steps: 0, lap: lap * 2 }
      : { ...(mark === undefined ? {} : { mark }), steps: steps + 1, lap }),
    ...(restarts === undefined ? {} : { restarts }),
  };
}

function digest(position: string): string {
  return createHash('sha256').update(position).digest('base64url').slice(0, 16);
}
