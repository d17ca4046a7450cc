import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deflateRawSync } from 'node:zlib';
import { PositionExpired, type ProviderPageRequest } from '../../items/item-source.ts';
import { inTurn, json, type Answer } from '../../outbound/fixtures/provider-stub.ts';
import { dataSource, notionError, page, PAGE_ID, results, SOURCE_ID } from './fixtures/notion-answers.ts';
import { byPath, startNotionBench, uuid, type NotionBench } from './fixtures/notion-bench.ts';
import { listingKey } from './notion.listing-key.ts';

let bench: NotionBench;

beforeEach(async () => {
  bench = await startNotionBench();
});

afterEach(() => bench.close());

const inWorkspace = { type: 'workspace', workspace: true };
const alone = (id: number, last_edited_time = '2026-05-01T10:00:00.000Z') =>
  page({ id: uuid(id), parent: inWorkspace, last_edited_time });
const expired = json(notionError(400, 'validation_error'), 400);
type SentSearch = { filter: { value: string }; page_size: number; start_cursor?: string };
const rowsOf = (source: string) => listingKey('rows', source);
const packed = (bytes: number) => deflateRawSync(Buffer.alloc(bytes)).toString('base64url');

/** Search that answers each request in turn; everything else is answered by path. */
function answer(searches: readonly Answer[], others: Readonly<Record<string, Answer>> = {}): void {
  bench.stub.answer = byPath({ '/v1/search': inTurn(...searches), ...others });
}

/** The first listing to its end, each page from a source that has seen nothing. */
async function loadRoot(itemType = 'page', changes: Partial<ProviderPageRequest> = {}) {
  const found: { ids: string[]; below: string[] } = { ids: [], below: [] };
  let position: string | undefined;
  do {
    const request = { itemType, limit: 50, ...changes, ...(position === undefined ? {} : { position }) };
    const { items, below, next } = await bench.newSource().page(request);
    found.ids.push(...items.map(({ id }) => id));
    found.below.push(...(below ?? []));
    position = next;
  } while (position !== undefined);
  return found;
}

describe('Notion’s pages', () => {
  it('are the rows of all data sources, and what search has beside them', async () => {
    answer([json(results([dataSource()])), json(results([alone(1), page(), alone(2)]))]);
    expect(await loadRoot()).toEqual({ ids: [uuid(1), uuid(2)], below: [rowsOf(SOURCE_ID)] });
    expect(bench.sent(1)).toEqual({
      filter: { property: 'object', value: 'page' },
      sort: { timestamp: 'last_edited_time', direction: 'ascending' },
      page_size: 50,
    });
  });

  it('of a data source that search doesn’t know are queried when it knows a row of it, once', async () => {
    const known = { [`/v1/data_sources/${SOURCE_ID}`]: json(dataSource()) };
    answer([json(results([])), json(results([page()], 'c1')), json(results([page({ id: uuid(2) })]))], known);
    expect(await loadRoot()).toEqual({ ids: [], below: [rowsOf(SOURCE_ID)] });
    expect(bench.calls().filter((call) => call.includes('data_sources'))).toHaveLength(1);
  });

  it('of a data source that isn’t shared are taken from search', async () => {
    answer([json(results([])), json(results([page(), alone(1)]))]);
    expect(await loadRoot()).toEqual({ ids: [PAGE_ID, uuid(1)], below: [] });
  });

  it('of a data source that was edited meanwhile are not queried again', async () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    const edited = dataSource({ last_edited_time: soon });
    answer([json(results([dataSource()], 'c1')), json(results([edited])), json(results([]))]);
    expect((await loadRoot()).below).toEqual([rowsOf(SOURCE_ID)]);
  });

  it('changed since a time are searched newest first and no further back, and then in the trash', async () => {
    const modifiedSince = new Date('2026-05-01T10:00:30Z');
    answer([
      json(results([dataSource({ last_edited_time: '2020-01-01T00:00:00.000Z' })])),
      json(results([alone(1, '2026-05-03T00:00:00.000Z'), alone(2), alone(3, '2026-05-01T09:59:00.000Z')], 'c1')),
      json(results([page({ id: uuid(4), in_trash: true }), alone(5), alone(6, '2026-05-01T09:59:00.000Z')], 'c2')),
    ]);
    expect(await loadRoot('page', { modifiedSince })).toEqual({
      ids: [uuid(1), uuid(2), uuid(5)],
      // Its rows may have changed though it hasn't.
      below: [rowsOf(SOURCE_ID)],
    });
    expect(bench.sent(1)).toMatchObject({ sort: { direction: 'descending' } });
    expect(bench.sent(2)).toMatchObject({ filter: { value: 'page', in_trash: true } });
    expect(bench.calls()).toHaveLength(3);
  });

  it('are listings of blocks and comments, those of comments from before the time as well', async () => {
    const modifiedSince = new Date('2026-05-02T00:00:00Z');
    const searches = () => [json(results([])), json(results([alone(1, '2026-05-03T00:00:00.000Z'), alone(2)]))];
    answer(searches());
    expect((await loadRoot('block', { modifiedSince })).below).toEqual([listingKey('in', uuid(1))]);
    answer(searches());
    expect((await loadRoot('comment', { modifiedSince })).below).toEqual(
      [1, 2].map((id) => listingKey('in', uuid(id))),
    );
  });

  it('go on where they were when search has forgotten its cursor', async () => {
    const [first, second] = [alone(1, '2026-05-01T10:00:00.000Z'), alone(2, '2026-05-01T10:01:00.000Z')];
    const third = alone(3, '2026-05-01T10:02:00.000Z');
    answer([
      json(results([])),
      json(results([first, second], 'c1')),
      expired,
      json(results([first], 'c2')),
      json(results([second, third])),
    ]);
    // The minute it had reached comes again: more may have been edited in it.
    expect((await loadRoot()).ids).toEqual([uuid(1), uuid(2), uuid(2), uuid(3)]);
  });

  it('begin anew when search forgets every cursor at once', async () => {
    const again = [json(results([alone(1)], 'c1')), expired];
    answer([json(results([])), ...again, ...again, ...again, ...again]);
    await expect(loadRoot()).rejects.toThrow(PositionExpired);
  });

  it.each([
    ['of another phase', { phase: 'rows', search: {}, known: '', began: '' }],
    ['whose ids can’t be read', { phase: 'pages', search: {}, known: 'x', began: '' }],
    ['whose ids are too many', { phase: 'pages', search: {}, known: packed(1024 * 1024), began: '' }],
    ['whose ids are too few', { phase: 'pages', search: {}, known: packed(1024), began: '' }],
  ])('begin anew from a position %s', async (_what, position) => {
    await expect(bench.load('page', { position: JSON.stringify(position) })).rejects.toThrow(PositionExpired);
  });
});

describe('Notion’s pages beside thousands of data sources', () => {
  const SINGLE_ROWS = 60;
  const rowOf = (id: number, source: number) =>
    page({ id: uuid(id), parent: { type: 'data_source_id', data_source_id: uuid(source) } });

  /** Data sources 1 to `count`, edited a minute apart; search forgets the cursor that leads to the one after `forgotten`. */
  function workspace(count: number, pages: readonly unknown[], forgotten?: number): void {
    const sources = Array.from({ length: count }, (_, index) => {
      const last_edited_time = new Date(Date.UTC(2020, 0, 1) + index * 60_000).toISOString();
      return dataSource({ id: uuid(index + 1), last_edited_time });
    });
    let forgets = forgotten;
    bench.stub.answer = byPath({
      [`/v1/data_sources/${uuid(count)}`]: json(sources.at(-1)),
      '/v1/search': (response, request) => {
        const { filter, page_size, start_cursor } = JSON.parse(request.body) as SentSearch;
        const from = Number(start_cursor ?? 0);
        if (forgets !== undefined && forgets === from) {
          forgets = undefined;
          expired(response, request);
          return;
        }
        const all = filter.value === 'page' ? pages : sources;
        const to = from + page_size;
        json(results(all.slice(from, to), to < all.length ? String(to) : null))(response, request);
      },
    });
  }

  it.each([
    [1_500, []],
    // More than are remembered: a row of one that isn't comes twice rather than never.
    [3_300, [uuid(500_002)]],
  ])('are all there, though rows were shared alone, beside %i', async (count, twice) => {
    const single = Array.from({ length: SINGLE_ROWS }, (_, index) => rowOf(600_000 + index, 700_000 + index));
    workspace(count, [rowOf(500_001, 1), rowOf(500_002, count), ...single]);
    const { ids, below } = await loadRoot();
    expect(ids).toEqual([...twice, ...single.map(({ id }) => id)]);
    expect(below).toHaveLength(count);
  });

  it('are each queried once, though search forgets its cursor', async () => {
    workspace(1_000, [], 500);
    expect((await loadRoot()).below).toEqual(Array.from({ length: 1_000 }, (_, index) => rowsOf(uuid(index + 1))));
  });
});

describe('Rows of a data source in Notion', () => {
  const listing = rowsOf(SOURCE_ID);
  const minute = (at: number) => `2026-05-01T10:${String(at).padStart(2, '0')}:00.000Z`;
  const row = (id: number, created: unknown) => page({ id: uuid(id), created_time: created });
  const incomplete = { request_status: { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' } };
  const query = (index: number) => bench.sent(index);

  async function loadRows(changes: Partial<ProviderPageRequest> = {}) {
    const found: { ids: number[]; deleted: number[]; below: string[] } = { ids: [], deleted: [], below: [] };
    let position: string | undefined;
    do {
      const request = {
        itemType: 'page',
        limit: 50,
        listing,
        ...changes,
        ...(position === undefined ? {} : { position }),
      };
      const { items, below, next } = await bench.newSource().page(request);
      for (const { id, delta } of items) (delta === null ? found.ids : found.deleted).push(Number(id.slice(-4)));
      found.below.push(...(below ?? []));
      position = next;
    } while (position !== undefined);
    return found;
  }

  it('are queried with their title alone, from the minute on that the page before ended in', async () => {
    bench.stub.answer = inTurn(
      json(results([row(1, minute(1)), row(3, minute(2)), row(2, minute(2)), row(4, minute(3))], 'c1')),
      json(results([row(5, minute(3)), row(4, minute(3))])),
    );
    expect((await loadRows()).ids).toEqual([1, 2, 3, 4, 5]);
    const common = {
      result_type: 'page',
      sorts: [{ timestamp: 'created_time', direction: 'ascending' }],
      page_size: 100,
    };
    const filter = { timestamp: 'created_time', created_time: { on_or_after: minute(3) } };
    expect([query(0), query(1)]).toEqual([common, { ...common, filter }]);
    expect(bench.calls()[0]).toBe(`POST /v1/data_sources/${SOURCE_ID}/query?filter_properties=title`);
  });

  it('of a minute that fills a page are gone through with a cursor, up to the next minute', async () => {
    bench.stub.answer = inTurn(
      json(results([row(1, minute(1)), row(2, minute(1))], 'c1')),
      json(results([row(3, minute(1)), row(4, minute(2))], 'c2')),
      json(results([row(4, minute(2))])),
    );
    expect((await loadRows()).ids).toEqual([1, 2, 3, 4]);
    expect(query(1)).toMatchObject({ start_cursor: 'c1' });
    expect(query(1)).not.toHaveProperty('filter');
    expect(query(2)).not.toHaveProperty('start_cursor');
  });

  it('are all there when a query ends at its limit', async () => {
    bench.stub.answer = inTurn(
      json({ ...results([row(1, minute(1)), row(2, minute(2))]), ...incomplete }),
      json(results([row(2, minute(2)), row(3, minute(2))])),
    );
    expect(await loadRows()).toMatchObject({ ids: [1, 2, 3], below: [] });
  });

  it('of a minute with more than the limit are a failure, and those after it are there', async () => {
    bench.stub.answer = inTurn(
      json({ ...results([row(1, minute(1)), row(2, minute(1))]), ...incomplete }),
      json(results([row(4, minute(2))])),
    );
    expect(await loadRows()).toMatchObject({ ids: [1, 2, 4], below: [listingKey('cut', SOURCE_ID)] });
    expect(query(1)).toMatchObject({ filter: { created_time: { on_or_after: minute(2) } } });
  });

  it('come again from their minute when the cursor in it has ended', async () => {
    bench.stub.answer = inTurn(
      json(results([row(1, minute(1)), row(2, minute(1))], 'c1')),
      expired,
      json(results([row(1, minute(1)), row(2, minute(1)), row(3, minute(2))])),
    );
    expect((await loadRows()).ids).toEqual([1, 2, 1, 2, 3]);
  });

  it('changed since a time are filtered by it, live and then in the trash', async () => {
    bench.stub.answer = inTurn(json(results([row(1, minute(1))])), json(results([row(2, minute(1))])));
    const modifiedSince = new Date('2026-05-01T10:00:30Z');
    expect(await loadRows({ modifiedSince })).toMatchObject({ ids: [1], deleted: [2] });
    const filter = { timestamp: 'last_edited_time', last_edited_time: { on_or_after: minute(0) } };
    expect(query(0)).toMatchObject({ filter });
    expect(query(1)).toMatchObject({ filter, in_trash: true });
  });

  it('changed since a time before all times are filtered by the epoch', async () => {
    bench.stub.answer = json(results([]));
    await loadRows({ modifiedSince: new Date('0000-01-01T00:00:00+14:00') });
    expect(query(0)).toMatchObject({ filter: { last_edited_time: { on_or_after: '1970-01-01T00:00:00.000Z' } } });
  });

  it('without a time stand with the row before, and a wiki’s data sources are passed over', async () => {
    bench.stub.answer = inTurn(
      json(results([row(1, null), row(2, 'x'), row(3, minute(1)), row(4, undefined)], 'c1')),
      json(results([row(3, minute(1)), row(4, null), dataSource({ created_time: minute(1) })])),
    );
    expect((await loadRows()).ids).toEqual([1, 2, 3, 4]);
  });

  it('of a data source that was taken away meanwhile are none', async () => {
    bench.stub.answer = json(notionError(404, 'object_not_found'), 404);
    expect(await loadRows({ modifiedSince: new Date() })).toEqual({ ids: [], deleted: [], below: [] });
  });

  it.each([['x'], ['7'], ['{"from":"yesterday"}'], ['{"minute":""}'], ['{"cursor":"c"}'], ['{"inTrash":false}']])(
    'begin anew from the position %j, which isn’t ours',
    async (position) => {
      await expect(bench.load('page', { listing, position })).rejects.toThrow(PositionExpired);
    },
  );
});
