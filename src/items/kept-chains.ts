/** What the index knows of a page that is kept. Positions are fingerprints. */
export interface KeptLink {
  readonly start: string;
  /** Where the load went on; null at its end. */
  readonly next: string | null;
  readonly complete: boolean;
  /** Sealed. */
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly keptAt: number;
}

/** The pages of one query's load that are kept, from the first: each begins where the one before it ended. */
export interface KeptChain {
  /** Fingerprint. */
  readonly query: string;
  /** Whether it asks for what changed since some time: such a query seldom comes again. */
  readonly isIncrement: boolean;
  readonly links: readonly KeptLink[];
}

export interface NewLink {
  readonly query: string;
  readonly isIncrement: boolean;
  /** 0 for the first page of the load. */
  readonly page: number;
  readonly link: KeptLink;
}

export interface KeptPlace {
  readonly query: string;
  readonly page: number;
}

export interface KeptChange {
  readonly chains: readonly KeptChain[];
  /** What is no longer kept. */
  readonly dropped: readonly KeptPlace[];
}

/** Of one connection, all queries together. Beyond, the longest loads lose their last pages. */
export const MAX_PAGES = 50;
export const MAX_BYTES = 1024 * 1024;
/** A page that was kept this lately isn't written again. */
export const KEPT_AGAIN_AFTER_MS = 5 * 60_000;

/**
 * The chains of a connection with one more page. It is kept when it continues what is kept of its load, and is better: newer
 * by some minutes, or complete where the one before wasn't. One that lacks something takes no complete one's place.
 * @returns undefined when it isn't to be kept
 */
export function withLink(chains: readonly KeptChain[], added: NewLink, ttlMs: number): KeptChange | undefined {
  const now = added.link.keptAt;
  const living = chains.map((chain) => livingPart(chain, now - ttlMs)).filter(({ links }) => links.length > 0);
  const { query, isIncrement } = added;
  const own = living.find((chain) => chain.query === query) ?? { query, isIncrement, links: [] };
  if (!fits(own, added) || !isBetter(own.links[added.page], added.link)) return undefined;
  const after = own.links.slice(added.page + 1);
  const goesOn = after[0]?.start === added.link.next;
  const links = [...own.links.slice(0, added.page), added.link, ...(goesOn ? after : [])];
  const changed = [...living.filter((chain) => chain !== own), { ...own, links }];
  const left = shrink(changed);
  if (!left.some((chain) => chain.links.includes(added.link))) return undefined;
  return { chains: left, dropped: lost(chains, left) };
}

/**
 * What an index before named and the one after doesn't. Also what only stands behind a page that has ended: it may have hours
 * to live, and what no index names can't be deleted with its grant.
 */
function lost(before: readonly KeptChain[], after: readonly KeptChain[]): KeptPlace[] {
  const left = new Map(after.map(({ query, links }) => [query, links.length]));
  return before.flatMap(({ query, links }) => links.map((_, page) => ({ query, page })).slice(left.get(query) ?? 0));
}

/** What begins with a page that has ended can't be walked. */
function livingPart(chain: KeptChain, endedAt: number): KeptChain {
  const ended = chain.links.findIndex(({ keptAt }) => keptAt <= endedAt);
  return ended === -1 ? chain : { ...chain, links: chain.links.slice(0, ended) };
}

function fits({ links }: KeptChain, { page, link }: NewLink): boolean {
  return page === 0 || links[page - 1]?.next === link.start;
}

function isBetter(known: KeptLink | undefined, link: KeptLink): boolean {
  if (known?.start !== link.start) return true;
  if (known.complete !== link.complete) return link.complete;
  return link.keptAt - known.keptAt >= KEPT_AGAIN_AFTER_MS;
}

function shrink(chains: readonly KeptChain[]): readonly KeptChain[] {
  let left = chains;
  while (isTooMuch(left)) {
    const [victim] = [...left].sort(firstToLose);
    if (victim === undefined) break;
    const links = victim.links.slice(0, -1);
    left = left.flatMap((chain) => (chain !== victim ? [chain] : links.length > 0 ? [{ ...chain, links }] : []));
  }
  return left;
}

function isTooMuch(chains: readonly KeptChain[]): boolean {
  const links = chains.flatMap((chain) => chain.links);
  return links.length > MAX_PAGES || links.reduce((sum, { bytes }) => sum + bytes, 0) > MAX_BYTES;
}

/** Increments go before whole loads, longer chains before shorter ones, and those first that were kept longest ago. */
function firstToLose(a: KeptChain, b: KeptChain): number {
  return (
    Number(b.isIncrement) - Number(a.isIncrement) ||
    b.links.length - a.links.length ||
    (a.links.at(-1)?.keptAt ?? 0) - (b.links.at(-1)?.keptAt ?? 0)
  );
}
