import { describe, expect, it } from '@jest/globals';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { listing, TreeSource, type Tree } from './fixtures/tree-source.ts';
import { PositionExpired, type ProviderPageRequest } from './item-source.ts';
import { pageOf } from './listing-page.ts';
import { ListingWalk, type WalkedPage } from './listing-walk.ts';

const PAGE = { itemType: 'page', limit: 10, since: undefined, signal: undefined };
const names = (count: number) => Array.from({ length: count }, (_, n) => `l${n}`);

function walkOf(source: TreeSource): ListingWalk {
  return new ListingWalk([{}], (one) => pageOf(source, PAGE, one));
}

async function allOf(walk: ListingWalk, width = 1): Promise<readonly WalkedPage[]> {
  const pages: WalkedPage[] = [];
  for (let page = await walk.next(width); page !== undefined; page = await walk.next(width)) pages.push(page);
  return pages;
}

function ids(pages: readonly WalkedPage[]): readonly string[] {
  return pages.flatMap(({ items }) => items.map(({ id }) => id));
}

/** One first listing, of a page, that leads to so many others of a page each. */
function wide(count: number): Tree {
  const below = names(count);
  return { '': [{ ids: ['top'], below }], ...Object.fromEntries(below.map((name) => [name, listing(name, 1)])) };
}

function refusing(source: TreeSource, isRefused: (request: ProviderPageRequest) => boolean, status = 403): void {
  source.before = (request) => {
    if (isRefused(request)) throw new PatchbayError('provider_error', 'no', { provider_status: status });
  };
}

const REFUSED = { code: 'provider_error', details: { provider_status: 403 } };

describe('The listings of an item type', () => {
  const deep: Tree = {
    '': [{ ids: ['1'], below: ['a', 'b'] }, { ids: ['6'], below: ['c'] }, { ids: ['8'] }],
    a: [{ ids: ['2'], below: ['deepest'] }, { ids: ['4'] }],
    deepest: [{ ids: ['3'] }],
    b: [{ ids: ['5'] }],
    c: [{ ids: ['7'] }],
  };

  it.each([1, 2, 10])(
    'come with what a page leads to before the page after it, %i asked for at a time',
    async (width) => {
      const pages = await allOf(walkOf(new TreeSource({ page: deep })), width);
      expect(ids(pages)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    },
  );

  it('are asked for once each, whatever is asked for ahead', async () => {
    const source = new TreeSource({ page: deep });
    await allOf(walkOf(source), 10);
    expect(source.asked.toSorted()).toEqual(['@0', '@1', '@2', 'a@0', 'a@1', 'b@0', 'c@0', 'deepest@0']);
  });

  it('are asked for at the same time up to the width, and delivered in order whichever is there first', async () => {
    const source = new TreeSource({ page: wide(6) });
    const walk = walkOf(source);
    await walk.next(1);
    const answers = new Map<string, () => void>();
    source.before = ({ listing: name = '' }) => new Promise((resolve) => void answers.set(name, resolve));
    const first = walk.next(4);
    expect([...answers.keys()]).toEqual(['l0', 'l1', 'l2', 'l3']);
    for (const name of ['l3', 'l1', 'l2', 'l0']) answers.get(name)?.();
    expect((await first)?.items.map(({ id }) => id)).toEqual(['l0-0']);
    source.before = () => undefined;
    const next = walk.next(4);
    expect(source.asked.slice(5)).toEqual(['l4@0']);
    expect((await next)?.items.map(({ id }) => id)).toEqual(['l1-0']);
    expect(ids(await allOf(walk))).toEqual(['l2-0', 'l3-0', 'l4-0', 'l5-0']);
  });

  it('are left where they stand after the pages that were taken, whatever was asked for ahead', async () => {
    const walk = walkOf(new TreeSource({ page: wide(3) }));
    await walk.next(1);
    walk.askAhead(3);
    expect(walk.open.map(({ key }) => key)).toEqual(['l0', 'l1', 'l2']);
  });

  it('are never held by more than the width, however they lead to each other', async () => {
    // Each leads to ten, of which the first leads to ten: what was asked for ahead on one level isn't asked again on the next.
    const held = new Set<string>();
    let most = 0;
    const walk = new ListingWalk([{}], ({ key = '' }) => {
      held.add(key);
      most = Math.max(most, held.size);
      const below = key.length < 10 ? Array.from({ length: 10 }, (_, n) => `${key}${n}`) : [];
      return Promise.resolve({ items: [], below });
    });
    for (let page = 0; page < 60; page += 1) {
      const taken = walk.open[0]?.key ?? '';
      await walk.next(10);
      held.delete(taken);
    }
    expect(most).toBeLessThanOrEqual(11);
  });
});

describe('A listing below others that is refused', () => {
  it('is passed over, and said', async () => {
    const source = new TreeSource({ page: wide(3) });
    refusing(source, ({ listing: name }) => name === 'l1');
    const pages = await allOf(walkOf(source), 10);
    expect(ids(pages)).toEqual(['top', 'l0-0', 'l2-0']);
    expect(pages[2]).toMatchObject({ items: [], refused: REFUSED });
  });

  it.each([1, 10])('ends the type when it is the twentieth and none has answered, %i at a time', async (width) => {
    const source = new TreeSource({ page: wide(40) });
    refusing(source, ({ listing: name }) => name !== undefined);
    const walk = walkOf(source);
    for (let page = 0; page < 20; page += 1) await walk.next(width);
    await expect(walk.next(width)).rejects.toMatchObject(REFUSED);
    expect(walk.open[0]?.key).toBe('l19');
  });

  it('ends nothing once one has answered, however many are refused', async () => {
    const source = new TreeSource({ page: wide(60) });
    refusing(source, ({ listing: name = '' }) => name !== '' && Number(name.slice(1)) % 30 !== 15);
    expect(ids(await allOf(walkOf(source)))).toEqual(['top', 'l15-0', 'l45-0']);
  });

  it('may also be one that makes no sense: its items count, and the others are loaded', async () => {
    const source = new TreeSource({ page: wide(3) });
    source.before = ({ listing: name }) => {
      if (name === 'l1') throw new PatchbayError('provider_protocol_error', 'no');
    };
    const pages = await allOf(walkOf(source), 10);
    expect(ids(pages)).toEqual(['top', 'l0-0', 'l2-0']);
    expect(pages[2]?.refused?.code).toBe('provider_protocol_error');
  });

  it.each<[string, PatchbayError]>([
    ['the first listing, which all others are found by', new PatchbayError('provider_error', 'no')],
    ['a token that is refused', new PatchbayError('provider_error', 'no', { provider_status: 401 })],
    ['a provider that is out of order', new PatchbayError('provider_error', 'no', { provider_status: 502 })],
    ['an outage', new PatchbayError('provider_timeout', 'no')],
  ])('is not: %s', async (what, error) => {
    const source = new TreeSource({ page: wide(2) });
    source.before = ({ listing: name }) => {
      if ((name === undefined) === what.startsWith('the first')) throw error;
    };
    await expect(allOf(walkOf(source))).rejects.toBe(error);
  });
});

describe('A page', () => {
  it('that failed is asked for again by the next call, and then the walk goes on', async () => {
    const source = new TreeSource({ page: wide(2) });
    const walk = walkOf(source);
    await walk.next(1);
    source.before = () => {
      throw new PatchbayError('provider_timeout', 'no');
    };
    await expect(walk.next(1)).rejects.toMatchObject({ code: 'provider_timeout' });
    source.before = () => undefined;
    expect(ids(await allOf(walk))).toEqual(['l0-0', 'l1-0']);
    expect(source.asked).toEqual(['@0', 'l0@0', 'l0@0', 'l1@0']);
  });

  it('whose position the provider has forgotten has its listing begin anew, and no other', async () => {
    const source = new TreeSource({ page: { '': [{ ids: ['top'], below: ['a'] }], a: listing('a', 3) } });
    let isForgotten = true;
    source.before = ({ position }) => {
      if (position !== '2' || !isForgotten) return;
      isForgotten = false;
      throw new PositionExpired();
    };
    expect(ids(await allOf(walkOf(source)))).toEqual(['top', 'a-0', 'a-1', 'a-0', 'a-1', 'a-2']);
  });

  it('whose position is forgotten again and again ends the type: two new beginnings are enough', async () => {
    const source = new TreeSource({ page: { '': listing('top', 3) } });
    source.before = ({ position }) => {
      if (position === '2') throw new PositionExpired();
    };
    await expect(allOf(walkOf(source))).rejects.toMatchObject({ code: 'provider_protocol_error' });
    expect(source.asked).toEqual(['@0', '@1', '@2', '@0', '@1', '@2', '@0', '@1', '@2']);
  });
});
