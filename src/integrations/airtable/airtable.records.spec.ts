import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PositionExpired } from '../../items/item-source.ts';
import { base, changedField, comment, field, record, table, whoami } from './fixtures/airtable-answers.ts';
import { airtableScene, type AirtableScene, type Answer } from './fixtures/airtable-scene.ts';

const SCHEMA = '/meta/bases/app1/tables';
const PRIMARY = 'fld1VnoyuotSTyxW1';
const gone: Answer = { body: { error: { type: 'LIST_RECORDS_ITERATOR_NOT_AVAILABLE', message: 'x' } }, status: 422 };

let airtable: AirtableScene;

beforeEach(async () => {
  airtable = await airtableScene();
  const scopes = ['schema.bases:read', 'data.records:read', 'data.recordComments:read'];
  airtable.answers.set('/meta/whoami', { body: whoami({ scopes }) });
  airtable.answers.set('/meta/bases', { body: { bases: [base({ id: 'app1' })] } });
  tables([table({ id: 'tbl1', name: 'Deals' }), table({ id: 'tbl2', name: 'People' })]);
  airtable.answers.set('/app1/tbl1', ({ url }) => {
    const isFirst = !url.searchParams.has('offset');
    const page = isFirst
      ? { records: [record({ id: 'rec1' }), {}], offset: 'itr1/rec2' }
      : { records: [], offset: 'itr1/rec3' };
    return url.searchParams.get('offset') === 'itr1/rec3'
      ? { body: { records: [record({ id: 'rec3' })] } }
      : { body: page };
  });
  airtable.answers.set('/app1/tbl2', { body: { records: [record({ id: 'rec9', fields: {} })] } });
});

afterEach(() => airtable.close());

function tables(list: readonly unknown[]): void {
  airtable.answers.set(SCHEMA, { body: { tables: list } });
}

function queryOf(path: string, index = 0): URLSearchParams {
  return airtable.requests.filter(({ url }) => url.pathname === `/v0${path}`)[index]!.url.searchParams;
}

describe('Airtable’s records', () => {
  it.each([
    ['in one go, with each schema read once', false, 1],
    ['page by page', true, 5],
  ])('are listed table by table %s, an empty page included', async (_how, afresh, schemas) => {
    const items = await airtable.load('record', { afresh });
    expect(items.map(({ id }) => id)).toEqual(['app1/tbl1/rec1', 'app1/tbl1/rec3', 'app1/tbl2/rec9']);
    expect(items.map(({ name }) => name)).toEqual(['Ada', 'Ada', null]);
    expect(airtable.times(SCHEMA)).toBe(schemas);
  });

  it('are asked for with the one field that names them', async () => {
    await airtable.load('record');
    expect([...queryOf('/app1/tbl1')]).toEqual([
      ['pageSize', '100'],
      ['returnFieldsByFieldId', 'true'],
      ['fields[]', PRIMARY],
    ]);
    expect(queryOf('/app1/tbl1', 1).get('offset')).toBe('itr1/rec2');
  });

  it.each([
    ['2026-02-03T04:05:06.700Z', "'2026-02-03T04:05:05.700Z'"],
    ['0000-01-01T00:00:00+14:00', "'1970-01-01T00:00:00.000Z'"],
  ])('are found by what changed since %s, newly made ones included', async (since, after) => {
    await airtable.load('record', { modifiedSince: new Date(since) });
    expect(queryOf('/app1/tbl2').get('filterByFormula')).toBe(
      `OR(IS_AFTER(LAST_MODIFIED_TIME(),${after}),IS_AFTER(CREATED_TIME(),${after}))`,
    );
  });

  it('bring their time of change from a field that has it', async () => {
    tables([table({ id: 'tbl2', fields: [field(), changedField()] })]);
    const fields = { [PRIMARY]: 'Ada', fldChanged: '2026-02-03T04:05:06.000Z' };
    airtable.answers.set('/app1/tbl2', { body: { records: [record({ fields })] } });
    const [item] = await airtable.load('record');
    expect(queryOf('/app1/tbl2').getAll('fields[]')).toEqual([PRIMARY, 'fldChanged']);
    expect(item?.last_modified_time).toBe('2026-02-03T04:05:06.000Z');
  });

  it('are begun anew when their iterator is forgotten', async () => {
    airtable.answers.set('/app1/tbl1', gone);
    const request = { itemType: 'record', listing: 'app1/tbl1' };
    await expect(airtable.page({ ...request, position: 'itr1/rec2' })).rejects.toBeInstanceOf(PositionExpired);
    // Without an offset there is nothing that could have been forgotten.
    await expect(airtable.page(request)).rejects.toMatchObject({ code: 'provider_error' });
  });

  it.each([403, 404])('are none in a table that answers %i, having gone meanwhile', async (status) => {
    airtable.answers.set('/app1/tbl1', { body: { error: 'NOT_FOUND' }, status });
    expect((await airtable.load('record')).map(({ id }) => id)).toEqual(['app1/tbl2/rec9']);
  });

  it('are none in a table or base that has left the schema since the cursor was made', async () => {
    expect(await airtable.page({ itemType: 'record', listing: 'app1/tbl7' })).toEqual({ items: [] });
    expect(await airtable.page({ itemType: 'record', listing: 'app7/tbl1' })).toEqual({ items: [] });
  });

  it('are asked for in a body when the URL would be too long', async () => {
    const offset = `itr1/${'r'.repeat(16_000)}`;
    airtable.answers.set('/app1/tbl1/listRecords', { body: { records: [record({ id: 'rec5' })] } });
    const page = await airtable.page({ itemType: 'record', listing: 'app1/tbl1', position: offset });
    expect(page.items.map(({ id }) => id)).toEqual(['app1/tbl1/rec5']);
    const [request] = airtable.requests.filter(({ method }) => method === 'POST');
    expect(JSON.parse(request!.body)).toEqual({
      pageSize: 100,
      returnFieldsByFieldId: true,
      fields: [PRIMARY],
      offset,
    });
  });

  it('lie in tables that go into a cursor fifty at a time', async () => {
    tables(Array.from({ length: 120 }, (_, index) => table({ id: `tbl${index}` })));
    const first = await airtable.page({ itemType: 'record', listing: 'app1' });
    const second = await airtable.page({ itemType: 'record', listing: 'app1', position: first.next! });
    const third = await airtable.page({ itemType: 'record', listing: 'app1', position: second.next! });
    expect([first, second, third].map(({ below }) => below?.length)).toEqual([50, 50, 20]);
    expect(second.below?.[0]).toBe('app1/tbl50');
    expect(third.next).toBeUndefined();
  });
});

describe('Airtable’s comments', () => {
  const ONE = '/app1/tbl1/rec1/comments';

  beforeEach(() => {
    tables([table({ id: 'tbl1', name: 'Deals' })]);
    const counts = [2, 0, undefined, 'many', 1];
    const records = counts.map((commentCount, index) => record({ id: `rec${index + 1}`, commentCount }));
    airtable.answers.set('/app1/tbl1', { body: { records } });
    airtable.answers.set('/app1/tbl1/rec1', { body: record({ id: 'rec1' }) });
    airtable.answers.set(ONE, ({ url }) =>
      url.searchParams.get('offset') === 'itr7'
        ? { body: { comments: [comment({ id: 'com1' })], offset: null } }
        : { body: { comments: [comment({ id: 'com2' }), null, {}], offset: 'itr7' } },
    );
  });

  it.each([
    ['in one go', false, 0],
    ['page by page, with the record’s name read again', true, 2],
  ])('are listed for the records that have any, %s', async (_how, afresh, records) => {
    const items = await airtable.load('comment', { afresh });
    expect(items.map(({ id }) => id)).toEqual(['app1/tbl1/rec1/com2', 'app1/tbl1/rec1/com1']);
    expect(items.map((item) => item.parent_path_or_name)).toEqual(['Ada', 'Ada']);
    // The fifth record was deleted in between; the others have no comments.
    const asked = airtable.requests.filter(({ url }) => url.pathname.endsWith('/comments'));
    expect(asked.map(({ url }) => url.pathname.split('/')[4])).toEqual(['rec1', 'rec1', 'rec5']);
    expect(airtable.times('/app1/tbl1/rec1')).toBe(records);
  });

  it('are found by a listing of records that counts them', async () => {
    await airtable.load('comment');
    expect(queryOf('/app1/tbl1').getAll('recordMetadata[]')).toEqual(['commentCount']);
    expect(queryOf('/app1/tbl1').get('pageSize')).toBe('50');
    expect(queryOf(ONE).get('pageSize')).toBe('100');
  });

  it('are all gone through for what changed since, because they leave the record’s time alone', async () => {
    await airtable.load('comment', { modifiedSince: new Date() });
    expect(queryOf('/app1/tbl1').has('filterByFormula')).toBe(false);
  });

  it('are begun anew when their offset is forgotten', async () => {
    airtable.answers.set(ONE, gone);
    const request = { itemType: 'comment', listing: 'app1/tbl1/rec1', position: 'itr7' };
    await expect(airtable.page(request)).rejects.toBeInstanceOf(PositionExpired);
  });

  it('have a nameless parent when the record went in between', async () => {
    airtable.answers.delete('/app1/tbl1/rec1');
    const { items } = await airtable.page({ itemType: 'comment', listing: 'app1/tbl1/rec1' });
    expect(items.map((item) => [item.parent_id, item.parent_path_or_name])).toEqual([['app1/tbl1/rec1', null]]);
  });
});
