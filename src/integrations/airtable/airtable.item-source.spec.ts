import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PositionExpired } from '../../items/item-source.ts';
import { base, table, whoami } from './fixtures/airtable-answers.ts';
import { airtableScene, type AirtableScene } from './fixtures/airtable-scene.ts';

const BASES = '/meta/bases';

let airtable: AirtableScene;
/** The pages of "List bases", by offset ('' for the first). */
let lists: Record<string, { bases: unknown[]; offset?: string }>;

beforeEach(async () => {
  airtable = await airtableScene();
  lists = {
    '': { bases: [base({ id: 'app1', name: 'One' }), base({ id: 'app2', name: 'Two' })], offset: 'itr/1' },
    'itr/1': { bases: [], offset: 'itr/2' },
    'itr/2': { bases: [base({ id: 'app3', name: 'Three' }), { id: null }] },
  };
  airtable.answers.set(BASES, ({ url }) => {
    const body = lists[url.searchParams.get('offset') ?? ''];
    return body === undefined ? { body: { error: { type: 'INVALID_OFFSET_VALUE' } }, status: 422 } : { body };
  });
  for (const id of ['app1', 'app2', 'app3']) schema(id, { tables: [table({ id: `tbl${id}` })] });
});

afterEach(() => airtable.close());

function schema(baseId: string, body: unknown, status = 200): void {
  airtable.answers.set(`/meta/bases/${baseId}/tables`, { body, status });
}

async function ids(itemType: string, afresh = false): Promise<readonly string[]> {
  return (await airtable.load(itemType, { afresh })).map(({ id }) => id);
}

describe('Airtable’s bases', () => {
  it('are listed over every page, an empty one included', async () => {
    expect(await ids('base')).toEqual(['app1', 'app2', 'app3']);
    expect(airtable.requests.map(({ url }) => url.searchParams.get('offset'))).toEqual([null, 'itr/1', 'itr/2']);
    expect(airtable.requests[0]?.headers.authorization).toBe('Bearer token-1');
  });

  it('are begun anew when their offset is forgotten', async () => {
    await expect(airtable.page({ itemType: 'base', position: 'itr/old' })).rejects.toBeInstanceOf(PositionExpired);
  });
});

describe('Airtable’s tables', () => {
  it.each([
    ['in one go, with the bases read once', false, 3],
    // Each time anew, the third base is looked up through all three pages.
    ['page by page', true, 8],
  ])('are listed base by base %s', async (_how, afresh, lists) => {
    const items = await airtable.load('table', { afresh });
    expect(items.map(({ id }) => id)).toEqual(['app1/tblapp1', 'app2/tblapp2', 'app3/tblapp3']);
    expect(items.map((item) => item.parent_path_or_name)).toEqual(['One', 'Two', 'Three']);
    expect(airtable.times(BASES)).toBe(lists);
  });

  it.each([403, 404])('are passed over in a base that answers %i, having left the grant meanwhile', async (status) => {
    schema('app2', { error: 'NOT_FOUND' }, status);
    expect(await ids('table')).toEqual(['app1/tblapp1', 'app3/tblapp3']);
  });

  it('fail with their base when it is refused for another reason', async () => {
    schema('app1', { error: { type: 'INVALID_REQUEST' } }, 422);
    await expect(ids('table')).rejects.toMatchObject({ code: 'provider_error' });
  });

  it('may be none, in a schema that makes no sense', async () => {
    schema('app1', { tables: 'none' });
    schema('app2', { tables: [null, 7, {}] });
    expect(await ids('table')).toEqual(['app3/tblapp3']);
  });

  it('have a nameless parent when their base has left the list', async () => {
    const { items } = await airtable.page({ itemType: 'table', listing: 'app1' });
    lists = { '': { bases: [] } };
    const late = await airtable.page({ itemType: 'table', listing: 'app1' });
    expect(late.items).toEqual(items.map((item) => ({ ...item, parent_path_or_name: null })));
  });
});

describe('the bases that Airtable’s tables are found by', () => {
  const names = (from: number, count: number) => Array.from({ length: count }, (_, index) => `app${from + index}`);
  const list = (bases: readonly string[], offset?: string) => ({
    bases: bases.map((id) => base({ id })),
    ...(offset === undefined ? {} : { offset }),
  });

  /** The listings of each page, with a new source for each. */
  async function windows(): Promise<readonly (readonly string[])[]> {
    const found: (readonly string[])[] = [];
    let position: string | undefined;
    do {
      const page = await airtable.page({ itemType: 'table', ...(position === undefined ? {} : { position }) });
      found.push(page.below ?? []);
      position = page.next;
    } while (position !== undefined);
    return found;
  }

  it('go into a cursor fifty at a time, though a page has a thousand', async () => {
    lists = { '': list(names(0, 120), 'itr/1'), 'itr/1': list(names(500, 50)) };
    expect((await windows()).map(({ length }) => length)).toEqual([50, 50, 20, 50]);
    expect((await windows()).flat()).toEqual([...names(0, 120), ...names(500, 50)]);
  });

  it.each([
    ['table', 5],
    ['record', undefined],
    ['comment', undefined],
  ])('say how many items of type %s each leads to: %j', async (itemType, eachBelow) => {
    airtable.answers.set('/meta/whoami', { body: whoami({ scopes: null }) });
    expect((await airtable.page({ itemType })).eachBelow).toBe(eachBelow);
  });

  it('go on at the right one when an earlier one has left the list', async () => {
    lists = { '': list(names(0, 60)) };
    const { next } = await airtable.page({ itemType: 'table' });
    lists = { '': list(names(10, 50)) };
    expect((await airtable.page({ itemType: 'table', position: next! })).below).toEqual(names(50, 10));
  });

  it('go on at the same place when the one itself has left it', async () => {
    lists = { '': list(names(0, 60)) };
    const { next } = await airtable.page({ itemType: 'table' });
    lists = { '': list([...names(0, 50), ...names(51, 9)]) };
    expect((await airtable.page({ itemType: 'table', position: next! })).below).toEqual(names(51, 9));
  });

  it.each(['', 'app7', '[]', '{}', '{"index":-1}', '{"index":0,"offset":7}', '{"index":"0"}'])(
    'are begun anew at the position %j, which nobody gave',
    async (position) => {
      await expect(airtable.page({ itemType: 'table', position })).rejects.toBeInstanceOf(PositionExpired);
    },
  );

  it('are read again, not remembered, when their offset was forgotten', async () => {
    const page = (bases: readonly string[], offset?: string) => ({ body: list(bases, offset) });
    let asked = 0;
    airtable.answers.set(BASES, ({ url }) => {
      const offset = url.searchParams.get('offset');
      if (offset === null) return page(['app1'], `itr/${++asked}`);
      return offset === 'itr/2' ? page(['app2']) : { body: { error: { type: 'INVALID_OFFSET_VALUE' } }, status: 422 };
    });
    expect(await ids('table')).toEqual(['app1/tblapp1', 'app1/tblapp1', 'app2/tblapp2']);
  });
});

describe('a listing of Airtable’s', () => {
  it.each([
    ['base', 'app1'],
    ['table', 'app1/tbl1'],
    ['record', 'app1/tbl1/rec1'],
    ['comment', 'app1/tbl1/rec1/com1'],
    ['record', ''],
    ['record', 'app1/'],
    ['record', '../meta'],
    ['record', 'app1/tbl 1'],
    ['comment', 'app1//rec1'],
  ])('of type %s is never %j', async (itemType, listing) => {
    await expect(airtable.page({ itemType, listing })).rejects.toMatchObject({ code: 'cursor_invalid' });
    expect(airtable.requests).toEqual([]);
  });
});

describe('what Airtable was not allowed to show', () => {
  it.each([
    ['record', ['schema.bases:read'], 'data.records:read'],
    ['comment', ['schema.bases:read', 'data.records:read'], 'data.recordComments:read'],
    ['comment', [], 'data.records:read and data.recordComments:read'],
  ])('fails the type %s by name, rather than being empty', async (itemType, scopes, missing) => {
    airtable.answers.set('/meta/whoami', { body: whoami({ scopes }) });
    await expect(airtable.load(itemType)).rejects.toMatchObject({
      code: 'provider_error',
      message: `Airtable has not granted ${missing} (missing_scope).`,
      details: { integration: 'airtable', provider_status: 403 },
    });
    expect(airtable.times(BASES)).toBe(0);
  });

  it('is not judged by an answer without scopes', async () => {
    airtable.answers.set('/meta/whoami', { body: whoami({ scopes: null }) });
    expect((await airtable.page({ itemType: 'record' })).below).toEqual(['app1', 'app2']);
  });
});
