import { describe, expect, it } from '@jest/globals';
import { KEPT_AGAIN_AFTER_MS, MAX_BYTES, MAX_PAGES, withLink, type KeptChain, type NewLink } from './kept-chains.ts';

const HOUR_MS = 3_600_000;
const TTL_MS = 24 * HOUR_MS;
const NOON = Date.UTC(2026, 0, 1, 12);

interface Page {
  readonly query?: string;
  readonly page?: number;
  readonly start?: string;
  readonly next?: string | null;
  readonly complete?: boolean;
  readonly bytes?: number;
  readonly at?: number;
  readonly isIncrement?: boolean;
}

/** A page of a load whose pages begin at `at-0`, `at-1`, … unless told otherwise. */
function link(asked: Page = {}): NewLink {
  const { query = 'q', page = 0, complete = true, bytes = 100, at = NOON, isIncrement = false } = asked;
  const { start = `at-${page}`, next = `at-${page + 1}` } = asked;
  return { query, isIncrement, page, link: { start, next, complete, bytes, keptAt: at } };
}

/** Keeps them one after the other. */
function kept(...pages: readonly Page[]): readonly KeptChain[] {
  return pages.reduce<readonly KeptChain[]>(
    (chains, page) => withLink(chains, link(page), TTL_MS)?.chains ?? chains,
    [],
  );
}

function walk(query: string, count: number, changes: Page = {}): Page[] {
  return Array.from({ length: count }, (_, page) => ({ ...changes, query, page }));
}

function lengths(chains: readonly KeptChain[]): Record<string, number> {
  return Object.fromEntries(chains.map(({ query, links }) => [query, links.length]));
}

describe('The pages that are kept of a connection', () => {
  it('are those of a load, in their order', () => {
    expect(lengths(kept(...walk('q', 3)))).toEqual({ q: 3 });
  });

  it('have no gap: what follows a page that isn’t kept can’t be walked to', () => {
    expect(withLink(kept({ page: 0 }), link({ page: 2 }), TTL_MS)).toBeUndefined();
    expect(withLink([], link({ page: 1 }), TTL_MS)).toBeUndefined();
  });

  it('are never of two loads: one that doesn’t begin where the page before ended isn’t taken', () => {
    expect(withLink(kept({ page: 0 }), link({ page: 1, start: 'elsewhere' }), TTL_MS)).toBeUndefined();
  });

  it('lose those behind a page that ends elsewhere now', () => {
    const later = link({ at: NOON + KEPT_AGAIN_AFTER_MS, next: 'elsewhere' });
    const changed = withLink(kept(...walk('q', 3)), later, TTL_MS);
    expect(lengths(changed?.chains ?? [])).toEqual({ q: 1 });
    expect(changed?.dropped).toEqual([
      { query: 'q', page: 1 },
      { query: 'q', page: 2 },
    ]);
  });

  it('stay behind a page that ends where it did', () => {
    const changed = withLink(kept(...walk('q', 3)), link({ at: NOON + KEPT_AGAIN_AFTER_MS }), TTL_MS);
    expect(lengths(changed?.chains ?? [])).toEqual({ q: 3 });
    expect(changed?.dropped).toEqual([]);
  });

  it('aren’t written again within five minutes', () => {
    const chains = kept({});
    expect(withLink(chains, link({ at: NOON + KEPT_AGAIN_AFTER_MS - 1 }), TTL_MS)).toBeUndefined();
    expect(withLink(chains, link({ at: NOON + KEPT_AGAIN_AFTER_MS }), TTL_MS)).toBeDefined();
  });

  it('make room at once for one that is complete where they weren’t, and never the other way round', () => {
    expect(withLink(kept({ complete: false }), link({ at: NOON + 1 }), TTL_MS)).toBeDefined();
    expect(withLink(kept({}), link({ complete: false, at: NOON + HOUR_MS }), TTL_MS)).toBeUndefined();
    expect(withLink(kept({}), link({ complete: false, at: NOON + TTL_MS }), TTL_MS)).toBeDefined();
  });

  it('no longer count once they have ended, nor do those behind them', () => {
    const chains = kept(...walk('q', 3, { at: NOON }), { at: NOON + HOUR_MS });
    const changed = withLink(chains, link({ query: 'other', at: NOON + TTL_MS }), TTL_MS);
    expect(lengths(changed?.chains ?? [])).toEqual({ q: 1, other: 1 });
  });

  it('are dropped when those before them have ended, for what no index names can’t be deleted with its grant', () => {
    const chains = kept({ at: NOON }, { page: 1, at: NOON + 20 * HOUR_MS }, { page: 2, at: NOON + 20 * HOUR_MS });
    const other = withLink(chains, link({ query: 'other', at: NOON + TTL_MS }), TTL_MS);
    expect(other?.dropped).toEqual([0, 1, 2].map((page) => ({ query: 'q', page })));
    const again = withLink(chains, link({ at: NOON + TTL_MS }), TTL_MS);
    expect(lengths(again?.chains ?? [])).toEqual({ q: 1 });
    expect(again?.dropped).toEqual([1, 2].map((page) => ({ query: 'q', page })));
  });

  it('are fifty at most, of all loads together: the longest loses its last', () => {
    const chains = kept(...walk('long', MAX_PAGES + 20));
    expect(lengths(chains)).toEqual({ long: MAX_PAGES });
    const changed = withLink(chains, link({ query: 'short' }), TTL_MS);
    expect(lengths(changed?.chains ?? [])).toEqual({ long: MAX_PAGES - 1, short: 1 });
    expect(changed?.dropped).toEqual([{ query: 'long', page: MAX_PAGES - 1 }]);
  });

  it('have a megabyte at most, of all loads together', () => {
    const third = Math.ceil(MAX_BYTES / 3);
    expect(lengths(kept(...walk('q', 9, { bytes: third })))).toEqual({ q: 2 });
    expect(kept({ bytes: MAX_BYTES + 1 })).toEqual([]);
  });

  it('keep room for the first page of every load: of many queries the one that was asked longest ago goes', () => {
    const many = Array.from({ length: MAX_PAGES + 1 }, (_, at) => ({ query: `q${at}`, at: NOON + at }));
    const { q0, q1, ...rest } = lengths(kept(...many));
    expect([q0, q1, Object.keys(rest).length]).toEqual([undefined, 1, MAX_PAGES - 1]);
  });

  it('aren’t pushed out by queries for what has changed since, which are others every time', () => {
    const polls = Array.from({ length: 3 * MAX_PAGES }, (_, at) => ({
      query: `since-${at}`,
      isIncrement: true,
      at: NOON + at,
    }));
    const chains = kept(...walk('whole', 10), ...polls);
    expect(lengths(chains)['whole']).toBe(10);
    expect(chains).toHaveLength(MAX_PAGES - 9);
  });
});
