import { describe, expect, it, jest } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { idsInOrder, listing, treeItem, TreeSource, type Tree } from './fixtures/tree-source.ts';
import { ItemStream, type StreamedPage, type StreamQuery } from './item-stream.ts';
import { startOf, type LoadPosition } from './load-position.ts';

const QUERY = { itemTypes: ['page', 'user'] };
const never = (): Promise<void> => new Promise(() => undefined);

interface Around {
  readonly query?: Partial<StreamQuery>;
  readonly from?: LoadPosition;
  readonly onWait?: (itemType: string, waitMs: number) => void;
}

function streamOf(source: TreeSource, { query, from, onWait = () => undefined }: Around = {}): ItemStream {
  const whole = { ...QUERY, signal: new AbortController().signal, ...query };
  return new ItemStream(() => source, whole, from ?? startOf(whole), onWait);
}

/** Reads until the stream ends, or after so many pages, of which the last isn't taken: the reader never comes back. */
async function read(stream: ItemStream, pages = Infinity): Promise<readonly StreamedPage[]> {
  const taken: StreamedPage[] = [];
  for await (const page of stream.pages()) {
    taken.push(page);
    if (taken.length === pages) break;
  }
  return taken;
}

function idsOf(pages: readonly StreamedPage[], type: string): readonly string[] {
  return pages.filter(({ itemType }) => itemType === type).flatMap(({ items }) => items.map(({ id }) => id));
}

/** Whatever is to happen without time passing has happened. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await turn();
}

function failing(code: PatchbayError['code'], details: PatchbayError['details'] = {}): PatchbayError {
  return new PatchbayError(code, 'no', details);
}

/** One first page that leads to so many listings of a page each. */
function wide(count: number): Tree {
  const below = Array.from({ length: count }, (_, n) => `l${n}`);
  return { '': [{ ids: ['top'], below }], ...Object.fromEntries(below.map((name) => [name, listing(name, 1)])) };
}

describe('A stream of items', () => {
  const trees = { page: { '': listing('p', 3) }, user: { '': listing('u', 2) } };

  it('has all of every type, each in the provider’s order, and says which page is its last', async () => {
    const stream = streamOf(new TreeSource({ ...trees, page: wide(30) }));
    const pages = await read(stream);
    expect(idsOf(pages, 'page')).toEqual(idsInOrder(wide(30)));
    expect(idsOf(pages, 'user')).toEqual(['u-0', 'u-1']);
    expect(pages.filter(({ isLast }) => isLast).map(({ items }) => items[0]?.id)).toEqual(
      expect.arrayContaining(['l29-0', 'u-1']),
    );
    expect(pages.filter(({ isLast }) => isLast)).toHaveLength(2);
    expect(stream.position.types).toEqual([{ open: [] }, { open: [] }]);
    expect(stream.failures).toEqual([]);
  });

  it('loads its types side by side: one that hangs keeps no other', async () => {
    const source = new TreeSource(trees);
    source.before = ({ itemType }) => (itemType === 'page' ? never() : undefined);
    const pages = streamOf(source).pages();
    const first = await pages.next();
    const second = await pages.next();
    expect([first.value?.items[0]?.id, second.value?.items[0]?.id]).toEqual(['u-0', 'u-1']);
  });

  it('gives the first page before the second is there', async () => {
    const source = new TreeSource(trees);
    source.before = ({ position }) => (position === '1' ? never() : undefined);
    const { value } = await streamOf(source, { query: { itemTypes: ['page'] } })
      .pages()
      .next();
    expect(value?.items.map(({ id }) => id)).toEqual(['p-0']);
    expect(source.asked).toEqual(['@0', '@1']);
  });

  it('leaves out what is known to be older than what is asked for, and asks for nothing else', async () => {
    const source = new TreeSource(trees);
    const old = { ...treeItem('page', 'old'), last_modified_time: '2026-04-30T00:00:00.000Z' };
    const page = source.page.bind(source);
    source.page = async (request) => ({
      ...(await page(request)),
      items: [old, treeItem('page', 'unknown')],
      total: 9,
    });
    const modifiedSince = new Date('2026-05-01T00:00:00Z');
    const pages = await read(streamOf(source, { query: { itemTypes: ['page'], modifiedSince } }));
    expect(idsOf(pages, 'page')).toEqual(['unknown', 'unknown', 'unknown']);
    expect(pages[0]?.total).toBe(9);
    expect(source.requests.every((request) => request.modifiedSince?.getTime() === modifiedSince.getTime())).toBe(true);
  });
});

describe('A reader of a stream', () => {
  it('who doesn’t come for the next page has no more than two asked for of a listing', async () => {
    const source = new TreeSource({ page: { '': listing('p', 50) } });
    const pages = streamOf(source, { query: { itemTypes: ['page'] } }).pages();
    await pages.next();
    await settled();
    expect(source.asked).toEqual(['@0', '@1']);
  });

  it('who is slow has listings asked for one at a time, and side by side again once it keeps up', async () => {
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    const source = new TreeSource({ page: wide(60) });
    const pages = streamOf(source, { query: { itemTypes: ['page'] } }).pages();
    const asked: number[] = [];
    for (let page = 0; page < 24; page += 1) {
      await pages.next();
      await settled();
      asked.push(source.requests.length);
      if (page < 16) now += 200;
    }
    clock.mockRestore();
    // The first page had ten asked for; while they are read slowly nothing is, then one for each.
    expect(asked.slice(0, 17)).toEqual([...Array.from({ length: 10 }, () => 11), 12, 13, 14, 15, 16, 17, 18]);
    expect(asked.slice(17)).toEqual([20, 23, 28, 31, 32, 33, 34]);
  });

  it('who has gone has nothing more asked for, and whatever is under way is given up', async () => {
    const gone = new AbortController();
    const source = new TreeSource({ page: { '': listing('p', 50) } });
    const pages = streamOf(source, { query: { itemTypes: ['page'], signal: gone.signal } }).pages();
    await pages.next();
    gone.abort();
    await settled();
    const { length } = source.requests;
    expect(source.requests.at(-1)?.signal?.aborted).toBe(true);
    await expect(
      (async () => {
        for (let page = await pages.next(); page.done !== true; page = await pages.next());
      })(),
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(source.requests).toHaveLength(length);
  });

  it('who stops reading has what is under way given up', async () => {
    const source = new TreeSource({ page: { '': listing('p', 50) } });
    await read(streamOf(source, { query: { itemTypes: ['page'] } }), 1);
    expect(source.requests.at(-1)?.signal?.aborted).toBe(true);
  });
});

describe('A limit of the provider’s', () => {
  it('is waited out and told, of the type it is of, and what is there comes meanwhile', async () => {
    jest.useFakeTimers();
    const source = new TreeSource({ page: { '': listing('p', 2) }, user: { '': listing('u', 3) } });
    let isLimited = true;
    source.before = ({ itemType, position }) => {
      if (itemType !== 'page' || position !== '1' || !isLimited) return;
      isLimited = false;
      throw failing('provider_rate_limited', { retry_after: 90 });
    };
    const told: [string, number][] = [];
    const stream = streamOf(source, { onWait: (itemType, waitMs) => void told.push([itemType, waitMs]) });
    const came: string[] = [];
    const reading = (async () => {
      for await (const { items } of stream.pages()) came.push(...items.map(({ id }) => id));
    })();
    await jest.advanceTimersByTimeAsync(89_999);
    expect(came.toSorted()).toEqual(['p-0', 'u-0', 'u-1', 'u-2']);
    expect(told).toEqual([['page', 90_000]]);
    await jest.advanceTimersByTimeAsync(1);
    jest.useRealTimers();
    await reading;
    expect(told).toEqual([
      ['page', 90_000],
      ['page', 0],
    ]);
    expect([came.at(-1), stream.failures]).toEqual(['p-1', []]);
  });
});
