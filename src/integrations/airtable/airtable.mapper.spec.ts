import { describe, expect, it } from '@jest/globals';
import { airtableBase, baseItem, commentItem, recordItem, tableItem } from './airtable.mapper.ts';
import { airtableTable } from './airtable.table.ts';
import { base, changedField, comment, field, record, table } from './fixtures/airtable-answers.ts';

const CRM = { id: 'appLkNDICXNqxSDhG', name: 'CRM' };

describe('a base', () => {
  it('is a directory with a link', () => {
    expect(baseItem(airtableBase(base())!)).toEqual({
      id: 'appLkNDICXNqxSDhG',
      type: 'base',
      directory: true,
      parent_path_or_name: null,
      parent_id: null,
      name: 'CRM',
      creation_time: null,
      last_modified_time: null,
      url: 'https://airtable.com/appLkNDICXNqxSDhG',
      children: null,
      mime_type: null,
      delta: null,
      drive_id: null,
      visibility: true,
    });
  });

  it.each([[undefined], [null], [''], ['  '], [7], [{}]])('has no name when it is called %j', (name) => {
    expect(airtableBase(base({ name }))).toEqual({ id: 'appLkNDICXNqxSDhG', name: null });
  });

  it.each([[undefined], [null], [''], [7], [{}], ['../x'], ['a/b'], ['app 1'], ['app\n'], ['a'.repeat(65)]])(
    'is skipped when its id is %j',
    (id) => {
      expect(airtableBase(base({ id }))).toBeUndefined();
    },
  );
});

describe('a table', () => {
  it('lies in its base', () => {
    expect(tableItem(airtableTable(table())!, CRM)).toMatchObject({
      type: 'table',
      directory: true,
      parent_id: 'appLkNDICXNqxSDhG',
      parent_path_or_name: 'CRM',
      name: 'Deals',
      url: 'https://airtable.com/appLkNDICXNqxSDhG/tbltp8DGLhqbUmjK1',
    });
  });

  it('is told apart from the same table in a copy of the base', () => {
    const copy = { id: 'appCopy0000000000', name: 'CRM copy' };
    const deals = airtableTable(table())!;
    expect(tableItem(deals, CRM).id).not.toBe(tableItem(deals, copy).id);
  });

  it('may have no name, in a base that has none', () => {
    expect(tableItem(airtableTable({ id: 'tbl1' })!, { id: 'app1', name: null })).toMatchObject({
      name: null,
      parent_path_or_name: null,
      parent_id: 'app1',
    });
  });

  it.each([[undefined], [null], [''], [7], [[]], ['?x']])('is skipped when its id is %j', (id) => {
    expect(airtableTable(table({ id }))).toBeUndefined();
  });

  it.each([
    ['watches some fields only', { referencedFieldIds: ['fld1VnoyuotSTyxW1'] }],
    ['is broken', { isValid: false }],
    ['shows the day alone', { result: { type: 'date' } }],
  ])('has no time of change for its records in a field that %s', (_how, options) => {
    expect(airtableTable(table({ fields: [field(), changedField()] }))?.changedFieldId).toBe('fldChanged');
    expect(airtableTable(table({ fields: [field(), changedField(options)] }))?.changedFieldId).toBeUndefined();
  });
});

describe('a record', () => {
  const DEALS = { baseId: 'app1', table: airtableTable(table({ id: 'tbl1', fields: [field(), changedField()] }))! };
  const named = (value: unknown) => recordItem(record({ fields: { fld1VnoyuotSTyxW1: value } }), DEALS)?.name;

  it('lies in its table, named by its primary field', () => {
    expect(recordItem(record({ id: 'rec1' }), DEALS)).toEqual({
      id: 'app1/tbl1/rec1',
      type: 'record',
      directory: false,
      parent_path_or_name: 'Deals',
      parent_id: 'app1/tbl1',
      name: 'Ada',
      creation_time: '2022-09-12T21:03:48.000Z',
      last_modified_time: null,
      url: 'https://airtable.com/app1/tbl1/rec1',
      children: null,
      mime_type: null,
      delta: null,
      drive_id: null,
      visibility: true,
    });
  });

  it.each([
    ['🚀 Launch 🎉', '🚀 Launch 🎉'],
    ['סיכום פגישה', 'סיכום פגישה'],
    ['x'.repeat(100_000), 'x'.repeat(100_000)],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    [undefined, null],
    [null, null],
    ['', null],
    [{ error: '#ERROR!' }, null],
  ])('is called what it is called: %.20j', (value, name) => {
    expect(named(value)).toBe(name);
  });

  it('has no name in a table whose primary field is not in the schema', () => {
    const nameless = { baseId: 'app1', table: airtableTable(table({ primaryFieldId: 'fldGone' }))! };
    expect(recordItem(record(), nameless)?.name).toBeNull();
  });

  it.each([[undefined], [null], [7], ['never'], [{}]])('tells no time when it is %j', (odd) => {
    const item = recordItem(record({ createdTime: odd, fields: { fldChanged: odd } }), DEALS);
    expect(item).toMatchObject({ creation_time: odd === 7 ? '1970-01-01T00:00:00.007Z' : null });
  });

  it('keeps its time of change to itself when that contradicts the filter it was found by', () => {
    const changed = record({ fields: { fldChanged: '2026-02-03T04:05:06.000Z' } });
    const since = (text: string) => recordItem(changed, DEALS, new Date(text))?.last_modified_time;
    expect(since('2026-02-03T04:05:06.000Z')).toBe('2026-02-03T04:05:06.000Z');
    expect(since('2026-02-03T04:05:07.000Z')).toBeNull();
  });

  it.each([[undefined], [null], [''], [7], ['rec/1']])('is skipped when its id is %j', (id) => {
    expect(recordItem(record({ id }), DEALS)).toBeUndefined();
  });

  it.each([[null], ['x'], [[]], [7]])('has no name when its fields are %j', (fields) => {
    expect(recordItem(record({ fields }), DEALS)).toMatchObject({ name: null, last_modified_time: null });
  });
});

describe('a comment', () => {
  const ADA = { baseId: 'app1', tableId: 'tbl1', recordId: 'rec1', name: 'Ada' };

  it('belongs to its record, and links to it', () => {
    expect(commentItem(comment({ id: 'com1' }), ADA)).toMatchObject({
      id: 'app1/tbl1/rec1/com1',
      type: 'comment',
      directory: false,
      parent_id: 'app1/tbl1/rec1',
      parent_path_or_name: 'Ada',
      name: 'Hello, world!',
      creation_time: '2021-03-01T09:00:00.000Z',
      last_modified_time: '2021-03-01T09:00:00.000Z',
      url: 'https://airtable.com/app1/tbl1/rec1',
    });
  });

  it('belongs to the comment that it replies to', () => {
    expect(commentItem(comment({ parentCommentId: 'com0' }), ADA)?.parent_id).toBe('app1/tbl1/rec1/com0');
  });

  it('was changed when it was edited', () => {
    const edited = comment({ lastUpdatedTime: '2021-03-02T09:00:00.000Z' });
    expect(commentItem(edited, ADA)?.last_modified_time).toBe('2021-03-02T09:00:00.000Z');
  });

  it('shows who is mentioned by name, as far as it is told', () => {
    const said = '@[usr1] @[usr2] @[usr3] @[constructor] @[ugpX]';
    const mentioned = {
      usr1: { id: 'usr1', displayName: 'Alice Doe', email: 'alice@acme.test', type: 'user' },
      usr2: { id: 'usr2', email: 'bo@acme.test', type: 'user' },
      usr3: null,
      ugpX: { id: 'ugpX', displayName: 'Sales $& team', type: 'userGroup' },
    };
    const name = '@Alice Doe @bo@acme.test @[usr3] @[constructor] @Sales $& team';
    expect(commentItem(comment({ text: said, mentioned }), ADA)?.name).toBe(name);
    expect(commentItem(comment({ text: said, mentioned: 'nobody' }), ADA)?.name).toBe(said);
  });

  it.each([[undefined], [null], ['  '], [7]])('has no name when its text is %j', (said) => {
    expect(commentItem(comment({ text: said }), ADA)?.name).toBeNull();
  });

  it('needs no author, who may have been deleted', () => {
    expect(commentItem(comment({ author: null }), ADA)?.name).toBe('Hello, world!');
  });

  it.each([[undefined], [null], [''], ['com/1']])('is skipped when its id is %j', (id) => {
    expect(commentItem(comment({ id }), ADA)).toBeUndefined();
  });
});
