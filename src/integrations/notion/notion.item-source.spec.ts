import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../../errors/secret.ts';
import type { ProviderPageRequest } from '../../items/item-source.ts';
import {
  inTurn,
  json,
  startProviderStub,
  type Answer,
  type ProviderStub,
} from '../../outbound/fixtures/provider-stub.ts';
import { OutboundClient } from '../../outbound/outbound-client.ts';
import { ProviderApi } from '../provider-api.ts';
import { database, dataSource, notionError, page, results } from './fixtures/notion-answers.ts';
import { notionDescriptor } from './notion.descriptor.ts';
import { NotionItemSource } from './notion.item-source.ts';

const uuid = (digit: number): string => `00000000-0000-4000-8000-${String(digit).padStart(12, '0')}`;

let notion: ProviderStub;
let outbound: OutboundClient;
let source: NotionItemSource;

beforeEach(async () => {
  notion = await startProviderStub();
  outbound = new OutboundClient();
  const api = new ProviderApi(notionDescriptor, `${notion.url}/v1`, outbound, {
    current: () => new Secret('token-1'),
    replace: () => Promise.reject(new Error('No token was refused.')),
  });
  source = new NotionItemSource(api);
});

afterEach(async () => {
  await outbound.close();
  await notion.close();
});

function load(itemType: string, changes: Partial<ProviderPageRequest> = {}) {
  return source.page({ itemType, limit: 50, ...changes });
}

function sent(index: number): unknown {
  return JSON.parse(notion.requests[index]?.body ?? '');
}

describe('Notion’s pages', () => {
  it('are searched by kind, oldest first, with the version Notion requires', async () => {
    notion.answer = inTurn(
      json(results([page({ id: uuid(1) })], 'opaque cursor=')),
      json(results([page({ id: uuid(2) })])),
    );
    const first = await load('page');
    const second = await load('page', { position: first.next! });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([uuid(1), uuid(2)]);
    expect(second.next).toBeUndefined();
    const { method, url, headers } = notion.requests[0]!;
    expect(`${method} ${url.pathname}`).toBe('POST /v1/search');
    expect(headers).toMatchObject({ 'notion-version': '2026-03-11', authorization: 'Bearer token-1' });
    const common = {
      filter: { property: 'object', value: 'page' },
      sort: { timestamp: 'last_edited_time', direction: 'ascending' },
      page_size: 50,
    };
    expect([sent(0), sent(1)]).toEqual([common, { ...common, start_cursor: 'opaque cursor=' }]);
  });

  it('are asked for at most 100 at a time', async () => {
    notion.answer = json(results([]));
    await load('page', { limit: 1000 });
    expect(sent(0)).toMatchObject({ page_size: 100 });
  });

  it.each([
    ['says that there is no more', { ...results([], 'c'), has_more: false }],
    ['names no cursor', { ...results([]), has_more: true }],
    ['makes no sense', { results: 'none', has_more: 'yes', next_cursor: 7 }],
  ])('end with an answer that %s', async (_what, body) => {
    notion.answer = json(body);
    expect(await load('page')).toEqual({ items: [] });
  });

  it('that changed since a time are listed newest first, and no further back than that', async () => {
    const edited = (id: number, last_edited_time: string) => page({ id: uuid(id), last_edited_time });
    const modifiedSince = new Date('2026-05-01T10:00:00Z');
    notion.answer = inTurn(
      json(results([edited(1, '2026-05-03T00:00:00.000Z'), edited(2, '2026-05-01T10:00:00.000Z')], 'c1')),
      json(results([edited(3, '2026-05-01T09:59:00.000Z')], 'c2')),
    );
    const first = await load('page', { modifiedSince });
    expect(first.next).toBe('c1');
    expect((await load('page', { modifiedSince, position: 'c1' })).next).toBeUndefined();
    expect(sent(0)).toMatchObject({ sort: { timestamp: 'last_edited_time', direction: 'descending' } });
  });
});

describe('Notion’s data sources', () => {
  it('are searched as what they are', async () => {
    notion.answer = json(results([dataSource(), { object: 'data_source' }, null]));
    expect((await load('data_source')).items.map(({ type }) => type)).toEqual(['data_source']);
    expect(sent(0)).toMatchObject({ filter: { property: 'object', value: 'data_source' } });
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
