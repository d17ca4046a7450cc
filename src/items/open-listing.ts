import { createHash } from 'node:crypto';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { IntegrationItem } from './integration-item.ts';
import type { ProviderPage } from './item-source.ts';

/** Blocks in blocks may lie deep; nobody nests them so. */
const MAX_DEPTH = 20;
/** Of one page: what it leads to has to be remembered until it is loaded. */
const MAX_BELOW = 1_000;
const MARK_LENGTH = 16;
const STEP_LENGTH = 6;

/** A listing that isn't loaded to its end, and how far it is. */
export interface OpenListing {
  /** As its source named it; absent: the type's first. */
  readonly key?: string;
  /** Short digests of the keys that lead to it, its own last; absent: it is the first. */
  readonly path?: string;
  /** Only what changed since, RFC 3339, or null for everything; absent: as for the whole type. */
  readonly since?: string | null;
  /** The provider's own position, as its source gave it. */
  readonly at?: string;
  /** Items of the provider's page at that position that were delivered already, and the id of the last of them. */
  readonly skip?: number;
  readonly last?: string;
  /** Digest of a position passed earlier, the pages since, and after how many the mark moves on. */
  readonly mark?: string;
  readonly steps?: number;
  readonly lap?: number;
  /** How often the provider forgot where we were. */
  readonly restarts?: number;
}

/** Which listing it is, wherever in it one stands. */
export function placeOf({ key, path, since }: OpenListing): OpenListing {
  return {
    ...(key === undefined ? {} : { key }),
    ...(path === undefined ? {} : { path }),
    ...(since === undefined ? {} : { since }),
  };
}

/** @param ofType since when the whole type is asked for */
export function sinceIn({ since }: OpenListing, ofType: string | undefined): string | undefined {
  return since === undefined ? ofType : (since ?? undefined);
}

/**
 * What of a page wasn't delivered before. It goes by the last item that was: one that has gone meanwhile moves the others up,
 * and when it is that one itself, the page is begun anew.
 */
export function undelivered(
  items: readonly IntegrationItem[],
  { skip, last }: OpenListing,
): readonly IntegrationItem[] {
  return skip === undefined ? items : items.slice(items.findIndex(({ id }) => id === last) + 1);
}

/** Where to go on in a page of which only a part found room. */
export function within(listing: OpenListing, delivered: readonly IntegrationItem[]): OpenListing {
  const last = delivered.at(-1)?.id;
  return last === undefined ? listing : { ...listing, skip: delivered.length, last };
}

/**
 * What is left to load after a page of the first of `open`: what the page leads to, the rest of its listing, the others.
 * @throws PatchbayError `provider_protocol_error` when the listing leads back to where it was
 */
export function openAfter(open: readonly OpenListing[], page: ProviderPage): readonly OpenListing[] {
  const [head, ...others] = open;
  if (head === undefined) throw new TypeError('There is nothing that a page could be of.');
  const { below = [], next } = page;
  if (below.length > MAX_BELOW) throw nonsense('One page of the provider leads to too many listings.');
  return [...below.map((key) => belowOf(head, key)), ...(next === undefined ? [] : [moved(head, next)]), ...others];
}

/** From its start, because the provider has forgotten where we were. */
export function restarted(listing: OpenListing): OpenListing {
  return { ...placeOf(listing), restarts: (listing.restarts ?? 0) + 1 };
}

/** A listing may lead back to itself, by whatever way: its key is then on its own path. */
function belowOf({ path = '', since }: OpenListing, key: string): OpenListing {
  const step = digest(key, STEP_LENGTH);
  if (path.length >= MAX_DEPTH * STEP_LENGTH) throw nonsense('The provider’s listings lead deeper and deeper.');
  for (let at = 0; at < path.length; at += STEP_LENGTH) {
    if (path.startsWith(step, at)) throw nonsense('A listing of the provider leads back to itself.');
  }
  return placeOf({ key, path: path + step, ...(since === undefined ? {} : { since }) });
}

/**
 * Brent's way to find a circle, whatever its length, with one position remembered: it is compared with every one that
 * follows, and replaced by the current one after 1, 2, 4, 8… of them.
 */
function moved(listing: OpenListing, next: string): OpenListing {
  const { at, mark, steps = 0, lap = 1, restarts } = listing;
  const here = digest(next, MARK_LENGTH);
  if (next === at || here === mark) throw nonsense('The provider gave the same page position twice.');
  const isLapOver = steps + 1 === lap;
  return {
    ...placeOf(listing),
    at: next,
    ...(isLapOver
      ? { mark: here, steps: 0, lap: lap * 2 }
      : { ...(mark === undefined ? {} : { mark }), steps: steps + 1, lap }),
    ...(restarts === undefined ? {} : { restarts }),
  };
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, length);
}

function nonsense(message: string): PatchbayError {
  return new PatchbayError('provider_protocol_error', message);
}
