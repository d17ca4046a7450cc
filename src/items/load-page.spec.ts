import { describe, expect, it, jest } from '@jest/globals';
import type { ErrorCode } from '../errors/error-code.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { items, ListSource } from './fixtures/list-source.ts';
import { listing, TreeSource } from './fixtures/tree-source.ts';
import { integrationItem, type IntegrationItem } from './integration-item.ts';
import type { ItemSource } from './item-source.ts';
import { isDone, loadPage, type LoadedPage, type PageRequest } from './load-page.ts';
import { startOf, type LoadPosition } from './load-position.ts';

const OLD = '2020-01-01T00:00:00.000Z';
const TYPES = ['page', 'database', 'user'];

/** Follows the positions to the end, as a caller with cursors does. Each position goes through JSON, as in a cursor. */
async function loadAll(source: ItemSource, request: PageRequest): Promise<readonly LoadedPage[]> {
  const pages: LoadedPage[] = [];
  let from = startOf(request);
  do {
    const page = await loadPage(source, request, from);
    pages.push(page);
    from = JSON.parse(JSON.stringify(page.end)) as LoadPosition;
    if (pages.length > 2000) throw new Error('No end.');
  } while (!isDone(from));
  return pages;
}

const firstPage = (source: ItemSource, request: PageRequest) => loadPage(source, request, startOf(request));

function ids(pages: readonly LoadedPage[]): readonly string[] {
  return pages.flatMap((page) => page.items.map(({ id }) => id));
}

function failing(code: ErrorCode, message = 'no'): PatchbayError {
  return new PatchbayError(code, message);
}

describe('a load, page by page', () => {
  const lists = { page: items('page', 53), database: [], user: items('user', 8) };
  const everything = [...lists.page, ...lists.user].map(({ id }) => id);

  for (const providerPageSize of [1, 5, 100]) {
    it.each([1, 7, 8, 53, 1000])(
      `gives every item once and in order with pages of %i from a provider’s of ${providerPageSize}`,
      async (pageSize) => {
        const pages = await loadAll(new ListSource(lists, providerPageSize), { itemTypes: TYPES, pageSize });
        expect(ids(pages)).toEqual(everything);
        // Every page but the last is full.
        expect(pages.slice(0, -1).every((page) => page.items.length === pageSize)).toBe(true);
      },
    );
  }

  it('ends at once when there is nothing', async () => {
    const pages = await loadAll(new ListSource({}, 5), { itemTypes: TYPES, pageSize: 7 });
    expect(pages).toMatchObject([{ items: [], end: { failures: [] } }]);
  });

  it('asks for no page it has no room for', async () => {
    const source = new ListSource({ page: items('page', 20) }, 5);
    await firstPage(source, { itemTypes: ['page'], pageSize: 5 });
    expect(source.requests).toHaveLength(1);
  });

  it('gives up what it asked for ahead and found no room for', async () => {
    const below = ['a', 'b', 'c'];
    const lists = { '': [{ ids: ['top'], below }], a: listing('a', 1), b: listing('b', 1), c: listing('c', 1) };
    const source = new TreeSource({ page: lists });
    source.before = ({ listing: name }) => (name === 'b' || name === 'c' ? new Promise(() => undefined) : undefined);
    const page = await firstPage(source, { itemTypes: ['page'], pageSize: 2 });
    expect(page.end.types[0]?.open.map(({ key }) => key)).toEqual(['b', 'c']);
    expect(source.requests.every(({ signal }) => signal?.aborted)).toBe(true);
  });

  it('says how many items are missing, those to skip included', async () => {
    const source = new ListSource({ page: items('page', 20) }, 5);
    const request = { itemTypes: ['page'], pageSize: 7 };
    const types = [{ open: [{ skip: 2, last: 'page-1' }] }];
    await loadPage(source, request, { ...startOf(request), types });
    expect(source.requests.map(({ limit }) => limit)).toEqual([9, 4, 4]);
  });

  it('loses nothing when what was delivered is gone by the next page: at worst some of it comes again', async () => {
    const request = { itemTypes: ['page'], pageSize: 3 };
    const all = items('page', 5);
    const { end } = await loadPage(new ListSource({ page: all }, 5), request, startOf(request));
    const rest = async (left: readonly IntegrationItem[]): Promise<readonly string[]> =>
      (await loadPage(new ListSource({ page: left }, 5), request, end)).items.map(({ id }) => id);
    expect(await rest(all)).toEqual(['page-3', 'page-4']);
    expect(await rest(all.filter(({ id }) => id !== 'page-0'))).toEqual(['page-3', 'page-4']);
    expect(await rest(all.filter(({ id }) => id !== 'page-2'))).toEqual(['page-0', 'page-1', 'page-3']);
  });

  it('hands the time to go back to and the caller’s signal to the source', async () => {
    const source = new ListSource({}, 5);
    const modifiedSince = new Date(0);
    const caller = new AbortController();
    let isStopped = false;
    source.fail = ({ signal }) => {
      caller.abort();
      isStopped = signal?.aborted === true;
    };
    await firstPage(source, { itemTypes: ['page'], pageSize: 7, modifiedSince, signal: caller.signal });
    expect(source.requests).toMatchObject([{ itemType: 'page', limit: 7, modifiedSince }]);
    expect(isStopped).toBe(true);
  });
});

describe('a provider that leads in circles', () => {
  it('is noticed at a position that leads to itself', async () => {
    const source: ItemSource = { page: () => Promise.resolve({ items: items('page', 1), next: 'again' }) };
    const page = await firstPage(source, { itemTypes: ['page', 'user'], pageSize: 1000 });
    expect(page.end.failures.map(({ item_type, error }) => `${item_type} ${error}`)).toEqual([
      'page provider_protocol_error',
      'user provider_protocol_error',
    ]);
  });

  it.each([2, 3, 50])(
    'is noticed in a circle of %i positions, however few items there are on the way',
    async (length) => {
      const source: ItemSource = {
        page: ({ position }) => Promise.resolve({ items: [], next: String((Number(position ?? 0) + 1) % length) }),
      };
      const load = firstPage(source, { itemTypes: ['page'], pageSize: 5 });
      await expect(load).rejects.toMatchObject({ code: 'provider_protocol_error' });
    },
  );
});

describe('a provider whose pages are empty', () => {
  it('is left for the next page after 15 s, even with nothing found', async () => {
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    const source: ItemSource = {
      page: ({ position }) => {
        now += 1000;
        return Promise.resolve({ items: [], next: String(Number(position ?? 0) + 1) });
      },
    };
    const page = await firstPage(source, { itemTypes: ['page'], pageSize: 5 });
    clock.mockRestore();
    expect(page.items).toEqual([]);
    expect(isDone(page.end)).toBe(false);
    expect(page.end.failures).toEqual([]);
    expect(now).toBe(16_000);
  });
});

describe('an item type that fails', () => {
  const lists = { page: items('page', 3), database: items('database', 3), user: items('user', 3) };

  function sourceFailingAt(type: string, error: Error): ListSource {
    const source = new ListSource(lists, 2);
    source.fail = ({ itemType }) => {
      if (itemType === type) throw error;
    };
    return source;
  }

  it.each(TYPES)('leaves the others to load when it is %s', async (type) => {
    const source = sourceFailingAt(type, failing('provider_error', 'refused (missing_scope)'));
    for (const pageSize of [1, 4, 1000]) {
      const pages = await loadAll(source, { itemTypes: TYPES, pageSize });
      const others = TYPES.filter((other) => other !== type);
      expect(ids(pages)).toEqual(others.flatMap((other) => [0, 1, 2].map((index) => `${other}-${index}`)));
      expect(pages.at(-1)?.end.failures).toEqual([
        { item_type: type, error: 'provider_error', message: 'refused (missing_scope)' },
      ]);
    }
  });

  it('keeps what it gave before it failed', async () => {
    const source = new ListSource({ page: items('page', 9) }, 2);
    source.fail = ({ position }) => {
      if (position === '["full",4]') throw failing('provider_timeout');
    };
    const page = await firstPage(source, { itemTypes: ['page'], pageSize: 1000 });
    expect(page.items).toHaveLength(4);
    expect(page.end.failures).toEqual([{ item_type: 'page', error: 'provider_timeout', message: 'no' }]);
    expect(isDone(page.end)).toBe(true);
  });

  it('fails the load when all do, with the first reason', async () => {
    const source = new ListSource({}, 2);
    source.fail = ({ itemType }) => {
      throw failing(itemType === 'page' ? 'provider_timeout' : 'provider_error');
    };
    const load = firstPage(source, { itemTypes: TYPES, pageSize: 5 });
    await expect(load).rejects.toMatchObject({ code: 'provider_timeout' });
  });

  it('fails it with what goes by rather than with what doesn’t: another try may help', async () => {
    const source = new ListSource({}, 2);
    source.fail = ({ itemType }) => {
      throw failing(itemType === 'user' ? 'provider_unavailable' : 'provider_error');
    };
    const load = firstPage(source, { itemTypes: TYPES, pageSize: 5 });
    await expect(load).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('is told, not taken for the end, when the provider goes away between two pages', async () => {
    const source = new ListSource({ page: items('page', 9), user: items('user', 2) }, 2);
    const request = { itemTypes: ['page', 'user'], pageSize: 4 };
    const first = await firstPage(source, request);
    source.fail = () => {
      throw failing('provider_unavailable');
    };
    await expect(loadPage(source, request, first.end)).rejects.toMatchObject({ code: 'provider_unavailable' });
    source.fail = () => undefined;
    const rest = await loadPage(source, { ...request, pageSize: 1000 }, first.end);
    expect(ids([first, rest])).toEqual([...items('page', 9), ...items('user', 2)].map(({ id }) => id));
  });

  it('is not the end when the others are merely empty', async () => {
    const source = new ListSource({}, 2);
    source.fail = ({ itemType }) => {
      if (itemType === 'page') throw failing('provider_error');
    };
    const page = await firstPage(source, { itemTypes: TYPES, pageSize: 5 });
    expect(page).toMatchObject({ items: [], end: { failures: [{ item_type: 'page' }] } });
  });

  it.each<ErrorCode>(['reauthorization_required', 'connection_not_found', 'storage_unavailable', 'internal_error'])(
    'ends the load when the error is %s, which no item type is to blame for',
    async (code) => {
      const load = firstPage(sourceFailingAt('database', failing(code)), { itemTypes: TYPES, pageSize: 1000 });
      await expect(load).rejects.toMatchObject({ code });
    },
  );

  it('ends the load when the error is a fault of ours', async () => {
    const load = firstPage(sourceFailingAt('user', new RangeError('bug')), { itemTypes: TYPES, pageSize: 1000 });
    await expect(load).rejects.toThrow(RangeError);
  });
});

describe('a provider that asks to slow down', () => {
  it('ends the page early, and the next one goes on where it stopped', async () => {
    const source = new ListSource({ page: items('page', 9), user: items('user', 2) }, 2);
    let calls = 0;
    source.fail = () => {
      calls += 1;
      if (calls === 4) throw failing('provider_rate_limited');
    };
    const request = { itemTypes: ['page', 'user'], pageSize: 1000 };
    const first = await firstPage(source, request);
    expect(first.items).toHaveLength(4);
    expect(first.end.failures).toEqual([]);
    const second = await loadPage(source, request, first.end);
    expect(ids([first, second])).toEqual([...items('page', 9), ...items('user', 2)].map(({ id }) => id));
    expect(isDone(second.end)).toBe(true);
  });

  it('has an empty page lead on rather than an error, when something was read to get there', async () => {
    const source = new ListSource({ page: items('page', 4).map((item) => ({ ...item, last_modified_time: OLD })) }, 2);
    source.fail = ({ position }) => {
      if (position === '["full",2]') throw failing('provider_rate_limited');
    };
    const request = { itemTypes: ['page'], pageSize: 5, modifiedSince: new Date() };
    const page = await firstPage(source, request);
    expect(page).toMatchObject({ items: [], end: { types: [{ open: [{ at: '["full",2]' }] }], failures: [] } });
    await expect(loadPage(source, request, page.end)).rejects.toMatchObject({ code: 'provider_rate_limited' });
  });

  it('is told on when there is nothing to give yet', async () => {
    const source = new ListSource({ page: items('page', 9) }, 2);
    source.fail = () => {
      throw failing('provider_rate_limited');
    };
    const load = firstPage(source, { itemTypes: ['page', 'user'], pageSize: 5 });
    await expect(load).rejects.toMatchObject({ code: 'provider_rate_limited' });
  });
});

describe('a load of what changed since', () => {
  const since = new Date('2026-05-01T00:00:00Z');
  const at = (id: string, last_modified_time: string | null): IntegrationItem =>
    integrationItem({ id, type: 'page', last_modified_time });
  const list = [
    at('before', '2026-04-30T23:59:59.999Z'),
    at('just then', '2026-05-01T00:00:00.000Z'),
    at('long before', '2020-01-01T00:00:00.000Z'),
    at('after', '2026-05-02T00:00:00.000Z'),
    at('unknown', null),
  ];

  it.each([1, 2, 1000])('leaves out what is known to be older, with pages of %i', async (pageSize) => {
    const request = { itemTypes: ['page'], pageSize, modifiedSince: since };
    const pages = await loadAll(new ListSource({ page: list }, 2), request);
    expect(ids(pages)).toEqual(['just then', 'after', 'unknown']);
  });

  it('takes a time on the full minute for the whole minute, as Notion’s are', async () => {
    const within = at('within the minute', '2026-05-01T00:00:00.000Z');
    const before = at('the minute before', '2026-04-30T23:59:00.000Z');
    const modifiedSince = new Date('2026-05-01T00:00:30Z');
    const request = { itemTypes: ['page'], pageSize: 9, modifiedSince };
    expect(ids(await loadAll(new ListSource({ page: [before, within] }, 2), request))).toEqual(['within the minute']);
  });
});
