import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../../errors/secret.ts';
import type { ProviderPage } from '../../items/item-source.ts';
import { json, startProviderStub, type ProviderStub } from '../../outbound/fixtures/provider-stub.ts';
import { OutboundClient } from '../../outbound/outbound-client.ts';
import { ProviderApi } from '../provider-api.ts';
import { airtableDescriptor } from './airtable.descriptor.ts';
import { AirtableItemSource } from './airtable.item-source.ts';
import { base, table } from './fixtures/airtable-answers.ts';

let airtable: ProviderStub;
let outbound: OutboundClient;
let api: ProviderApi;
/** The pages of "List bases", by offset ('' for the first). */
let lists: Record<string, { bases: unknown[]; offset?: string }>;
/** What the schema of a base is answered with instead of one table. */
let schemas: Record<string, { body: unknown; status: number }>;

beforeEach(async () => {
  airtable = await startProviderStub();
  outbound = new OutboundClient();
  api = new ProviderApi(airtableDescriptor, `${airtable.url}/v0`, outbound, {
    current: () => new Secret('token-1'),
    replace: () => Promise.reject(new Error('No token was refused.')),
  });
  lists = {
    '': { bases: [base({ id: 'app1', name: 'One' }), base({ id: 'app2', name: 'Two' })], offset: 'itr/1' },
    'itr/1': { bases: [], offset: 'itr/2' },
    'itr/2': { bases: [base({ id: 'app3', name: 'Three' }), { id: null }] },
  };
  schemas = {};
  airtable.answer = (response, request) => {
    const [, baseId = ''] = /^\/v0\/meta\/bases\/([^/]+)\/tables$/.exec(request.url.pathname) ?? [];
    const schema = schemas[baseId] ?? { body: { tables: [table({ id: `tbl${baseId}` })] }, status: 200 };
    const list = lists[request.url.searchParams.get('offset') ?? ''];
    const { body, status } = baseId === '' ? { body: list, status: 200 } : schema;
    json(body, status)(response, request);
  };
});

afterEach(async () => {
  await outbound.close();
  await airtable.close();
});

/** A new source for each page when `afresh`, as happens when each page is a request of its own. */
async function loadAll(itemType: string, afresh: boolean): Promise<readonly ProviderPage[]> {
  const pages: ProviderPage[] = [];
  let source = new AirtableItemSource(api);
  for (let position: string | undefined, isFirst = true; isFirst || position !== undefined; isFirst = false) {
    if (afresh) source = new AirtableItemSource(api);
    const page = await source.page({ itemType, limit: 100, ...(position === undefined ? {} : { position }) });
    pages.push(page);
    position = page.next;
    if (pages.length > 20) throw new Error('This listing has no end.');
  }
  return pages;
}

function ids(pages: readonly ProviderPage[]): readonly string[] {
  return pages.flatMap((page) => page.items.map(({ id }) => id));
}

function listRequests(): number {
  return airtable.requests.filter(({ url }) => url.pathname === '/v0/meta/bases').length;
}

describe('Airtable’s bases', () => {
  it('are listed over every page, an empty one included', async () => {
    expect(ids(await loadAll('base', false))).toEqual(['app1', 'app2', 'app3']);
    expect(airtable.requests.map(({ url }) => url.searchParams.get('offset'))).toEqual([null, 'itr/1', 'itr/2']);
    expect(airtable.requests[0]?.headers.authorization).toBe('Bearer token-1');
  });
});

describe('Airtable’s tables', () => {
  it.each([
    ['in one go', false, 3],
    ['page by page', true, 4],
  ])('are listed base by base %s', async (_how, afresh, lists) => {
    const pages = await loadAll('table', afresh);
    expect(ids(pages)).toEqual(['app1/tblapp1', 'app2/tblapp2', 'app3/tblapp3']);
    expect(pages.flatMap((page) => page.items.map((item) => item.parent_path_or_name))).toEqual([
      'One',
      'Two',
      'Three',
    ]);
    expect(listRequests()).toBe(lists);
  });

  it.each([403, 404])('are passed over in a base that answers %i, having left the grant meanwhile', async (status) => {
    schemas = { app2: { body: { error: 'NOT_FOUND' }, status } };
    expect(ids(await loadAll('table', false))).toEqual(['app1/tblapp1', 'app3/tblapp3']);
  });

  it('fail with their base when it is refused for another reason', async () => {
    schemas = { app1: { body: { error: { type: 'INVALID_REQUEST' } }, status: 422 } };
    await expect(loadAll('table', false)).rejects.toMatchObject({ code: 'provider_error' });
  });

  it('go on at the right base when an earlier one has left the list', async () => {
    const { next } = await new AirtableItemSource(api).page({ itemType: 'table', limit: 100 });
    lists[''] = { bases: [base({ id: 'app2' }), base({ id: 'app9' })] };
    const page = await new AirtableItemSource(api).page({ itemType: 'table', limit: 100, position: next! });
    expect(ids([page])).toEqual(['app2/tblapp2']);
    expect(page.next).toBeDefined();
  });

  it('go on at the same place when the base itself has left the list', async () => {
    const { next } = await new AirtableItemSource(api).page({ itemType: 'table', limit: 100 });
    lists[''] = { bases: [base({ id: 'app1' }), base({ id: 'app9' })] };
    const page = await new AirtableItemSource(api).page({ itemType: 'table', limit: 100, position: next! });
    expect(ids([page])).toEqual(['app9/tblapp9']);
  });

  it('end when the list of bases leads to itself', async () => {
    lists['itr/1'] = { bases: [base({ id: 'app4' }), base({ id: 'app5' })], offset: 'itr/1' };
    await expect(loadAll('table', false)).rejects.toMatchObject({ code: 'provider_protocol_error' });
  });

  it('may be none, in a schema that makes no sense', async () => {
    schemas = {
      app1: { body: { tables: 'none' }, status: 200 },
      app2: { body: { tables: [null, 7, {}] }, status: 200 },
    };
    expect(ids(await loadAll('table', false))).toEqual(['app3/tblapp3']);
  });
});
