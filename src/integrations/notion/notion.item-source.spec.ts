import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PositionExpired, type ProviderPageRequest } from '../../items/item-source.ts';
import { inTurn, json, type Answer, type ProviderStub } from '../../outbound/fixtures/provider-stub.ts';
import {
  block,
  BLOCK_ID,
  comment,
  COMMENT_ID,
  database,
  dataSource,
  notionError,
  PAGE_ID,
  results,
  user,
} from './fixtures/notion-answers.ts';
import { byPath, startNotionBench, uuid, type NotionBench } from './fixtures/notion-bench.ts';
import { notionDescriptor } from './notion.descriptor.ts';
import { listingKey, NO_ID } from './notion.listing-key.ts';

let bench: NotionBench;
let notion: ProviderStub;

beforeEach(async () => {
  bench = await startNotionBench();
  notion = bench.stub;
});

afterEach(() => bench.close());

const load = (itemType: string, changes: Partial<ProviderPageRequest> = {}) => bench.load(itemType, changes);
const sent = (index: number) => bench.sent(index);

describe('Notion’s item types', () => {
  it('each say how their changes are found', () => {
    expect(Object.keys(notionDescriptor.changes)).toEqual(notionDescriptor.itemTypes);
  });

  it('are these alone', async () => {
    await expect(load('view')).rejects.toThrow(TypeError);
  });

  it.each([['rows:x'], ['below:AAAAAAAAAAAAAAAAAAAAAA'], ['']])('have no listing %j', async (listing) => {
    await expect(load('page', { listing })).rejects.toThrow(TypeError);
    await expect(load('block', { listing })).rejects.toThrow(TypeError);
  });
});

describe('Notion’s data sources', () => {
  it('are searched as what they are, oldest first, with the version Notion requires', async () => {
    notion.answer = inTurn(
      json(results([dataSource(), { object: 'data_source' }, null], 'opaque cursor=')),
      json(results([dataSource({ id: uuid(2) })])),
    );
    const first = await load('data_source');
    expect(first.items.map(({ type }) => type)).toEqual(['data_source']);
    const second = await load('data_source', { position: first.next! });
    expect(second).toMatchObject({ items: [{ id: uuid(2) }] });
    expect(second.next).toBeUndefined();
    expect(notion.requests[0]!.headers).toMatchObject({
      'notion-version': '2026-03-11',
      authorization: 'Bearer token-1',
    });
    const common = {
      filter: { property: 'object', value: 'data_source' },
      sort: { timestamp: 'last_edited_time', direction: 'ascending' },
      page_size: 50,
    };
    expect([sent(0), sent(1)]).toEqual([common, { ...common, start_cursor: 'opaque cursor=' }]);
  });

  it('are asked for at most 100 at a time', async () => {
    notion.answer = json(results([]));
    await load('data_source', { limit: 1000 });
    expect(sent(0)).toMatchObject({ page_size: 100 });
  });

  it.each([
    ['says that there is no more', { ...results([], 'c'), has_more: false }],
    ['names no cursor', { ...results([]), has_more: true }],
    ['makes no sense', { results: 'none', has_more: 'yes', next_cursor: 7, request_status: 'x' }],
  ])('end with an answer that %s', async (_what, body) => {
    notion.answer = json(body);
    expect(await load('data_source')).toEqual({ items: [] });
  });

  it('changed since a time are listed newest first, no further back than that, and then those in the trash', async () => {
    const modifiedSince = new Date('2026-07-06T20:25:30Z');
    notion.answer = inTurn(
      json(results([dataSource(), dataSource({ id: uuid(2), last_edited_time: '2026-07-06T20:24:00.000Z' })], 'c1')),
      json(results([dataSource({ id: uuid(3), in_trash: true })])),
    );
    const changed = await load('data_source', { modifiedSince });
    expect(changed.items).toMatchObject([{ delta: null, visibility: true }]);
    const trash = await load('data_source', { modifiedSince, position: changed.next! });
    expect(trash.items).toMatchObject([{ id: uuid(3), delta: 'deleted', visibility: false }]);
    expect(trash.next).toBeUndefined();
    expect(sent(0)).toMatchObject({ sort: { direction: 'descending' } });
    expect(sent(1)).toMatchObject({ filter: { value: 'data_source', in_trash: true } });
    expect(sent(1)).not.toHaveProperty('start_cursor');
  });

  it('that search stops short of are a failure of their own', async () => {
    notion.answer = json({ ...results([dataSource()]), request_status: { type: 'incomplete' } });
    const { items, below } = await load('data_source');
    expect(items).toHaveLength(1);
    expect(below).toEqual([listingKey('cut', NO_ID)]);
    for (const itemType of ['data_source', 'database', 'page', 'block', 'comment']) {
      await expect(load(itemType, { listing: below![0]! })).rejects.toMatchObject({ code: 'provider_error' });
    }
  });

  it.each([
    ['not JSON'],
    ['7'],
    ['{}'],
    ['{"inTrash":false,"search":{"cursor":7}}'],
    ['{"inTrash":false,"search":null}'],
  ])('are begun anew from the position %j, which isn’t ours', async (position) => {
    for (const itemType of ['data_source', 'database', 'page']) {
      await expect(load(itemType, { position })).rejects.toThrow(PositionExpired);
    }
    expect(notion.requests).toHaveLength(0);
  });
});

describe('Notion’s blocks', () => {
  const listing = listingKey('in', PAGE_ID);

  it('are those of each page, and lead to those in them', async () => {
    const nested = block('toggle', undefined, { id: uuid(2), has_children: true });
    const page = block('child_page', { title: 'x' }, { id: uuid(3), has_children: true });
    notion.answer = byPath({ [`/v1/blocks/${PAGE_ID}/children`]: json(results([block(), nested, page, null], 'c1')) });
    const { items, below, next } = await load('block', { listing });
    expect(items.map(({ id }) => id)).toEqual([BLOCK_ID, uuid(2)]);
    expect(below).toEqual([listingKey('in', uuid(2))]);
    expect(next).toBe('c1');
    await load('block', { listing, position: 'c1' });
    expect(bench.calls()).toEqual([
      `GET /v1/blocks/${PAGE_ID}/children?page_size=50`,
      `GET /v1/blocks/${PAGE_ID}/children?page_size=50&start_cursor=c1`,
    ]);
  });

  it('of a page that was taken away meanwhile are none', async () => {
    notion.answer = json(notionError(404, 'object_not_found'), 404);
    expect(await load('block', { listing })).toEqual({ items: [], below: [] });
  });

  it('begin anew when their cursor has ended', async () => {
    notion.answer = json(notionError(400, 'validation_error'), 400);
    await expect(load('block', { listing, position: 'c1' })).rejects.toThrow(PositionExpired);
    await expect(load('block', { listing })).rejects.toMatchObject({ code: 'provider_error' });
  });
});

describe('Notion’s comments', () => {
  it('are those at each page', async () => {
    notion.answer = byPath({ '/v1/comments': json(results([comment()])) });
    expect((await load('comment', { listing: listingKey('in', PAGE_ID) })).items).toMatchObject([{ id: COMMENT_ID }]);
    expect(bench.calls()).toEqual([`GET /v1/comments?block_id=${PAGE_ID}&page_size=100`]);
  });

  it('of a connection that may not read them are a failure', async () => {
    notion.answer = json(notionError(403, 'restricted_resource'), 403);
    await expect(load('comment', { listing: listingKey('in', PAGE_ID) })).rejects.toMatchObject({
      message: expect.stringContaining('restricted_resource'),
      details: { provider_status: 403 },
    });
  });
});

describe('Notion’s users', () => {
  it('are listed page by page', async () => {
    notion.answer = inTurn(json(results([user()], 'c1')), json(results([user({ id: uuid(2), type: 'bot' }), null])));
    const first = await load('user', { limit: 1000 });
    const second = await load('user', { position: first.next! });
    expect([...first.items, ...second.items]).toHaveLength(2);
    expect(bench.calls()).toEqual(['GET /v1/users?page_size=100', 'GET /v1/users?page_size=50&start_cursor=c1']);
  });

  it('of a connection that may not read them are a failure', async () => {
    notion.answer = json(notionError(403, 'restricted_resource'), 403);
    await expect(load('user')).rejects.toMatchObject({ details: { provider_status: 403 } });
  });
});

describe('Notion’s databases', () => {
  /** Database 1 has the data sources 11 and 12, database 2 has 21, database 3 has 31. */
  const within = (id: number, databaseId: number) =>
    dataSource({ id: uuid(id), parent: { type: 'database_id', database_id: uuid(databaseId) } });
  const container = (id: number, ...sources: readonly number[]) =>
    database({ id: uuid(id), data_sources: sources.map((one) => ({ id: uuid(one), name: 'x' })) });
  let databases: Record<string, { body: unknown; status: number }>;
  let found: Answer;

  beforeEach(() => {
    databases = {
      [uuid(1)]: { body: container(1, 11, 12), status: 200 },
      [uuid(2)]: { body: container(2, 21), status: 200 },
      [uuid(3)]: { body: container(3, 31), status: 200 },
    };
    notion.answer = (response, request) => {
      const { body, status } = databases[request.url.pathname.replace('/v1/databases/', '')] ?? {};
      const answer = request.url.pathname === '/v1/search' ? found : json(body, status);
      answer(response, request);
    };
  });

  async function loadAll(): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let position: string | undefined, isFirst = true; isFirst || position !== undefined; isFirst = false) {
      const { items, next } = await load('database', position === undefined ? {} : { position });
      ids.push(...items.map(({ id }) => id));
      position = next;
    }
    return ids;
  }

  it('are found by their data sources, each once', async () => {
    found = json(results([within(11, 1), within(21, 2), within(12, 1)]));
    expect(await loadAll()).toEqual([uuid(1), uuid(2)]);
    expect(notion.requests.map(({ url }) => url.pathname)).toEqual([
      '/v1/search',
      `/v1/databases/${uuid(1)}`,
      `/v1/databases/${uuid(2)}`,
    ]);
  });

  it.each([
    ['the first before the second', [11, 12]],
    ['the second before the first', [12, 11]],
  ])('are listed once when their data sources stand on different pages, %s', async (_order, [one, other]) => {
    found = inTurn(json(results([within(one!, 1)], 'c1')), json(results([within(other!, 1), within(31, 3)])));
    expect([...(await loadAll())].sort()).toEqual([uuid(1), uuid(3)]);
  });

  it.each([403, 404])('are passed over when they answer %i', async (status) => {
    databases[uuid(1)] = { body: notionError(status, 'object_not_found'), status };
    found = json(results([within(11, 1), within(21, 2)]));
    expect(await loadAll()).toEqual([uuid(2)]);
  });

  it('are passed over when a data source names none that could be asked for', async () => {
    found = json(results([dataSource({ parent: { database_id: '../users' } }), within(21, 2)]));
    expect(await loadAll()).toEqual([uuid(2)]);
    expect(notion.requests).toHaveLength(2);
  });

  it('that do not tell their data sources are listed all the same', async () => {
    databases[uuid(2)] = { body: database({ id: uuid(2), data_sources: undefined }), status: 200 };
    found = json(results([within(21, 2)]));
    expect(await loadAll()).toEqual([uuid(2)]);
  });

  it('cost a bounded number of calls a page', async () => {
    found = json(results([]));
    await load('database', { limit: 1000 });
    expect(sent(0)).toMatchObject({ page_size: 10 });
  });
});
