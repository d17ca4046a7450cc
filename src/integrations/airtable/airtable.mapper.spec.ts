import { describe, expect, it } from '@jest/globals';
import { airtableBase, baseItem, tableItem } from './airtable.mapper.ts';
import { base, table } from './fixtures/airtable-answers.ts';

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
    expect(tableItem(table(), CRM)).toMatchObject({
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
    expect(tableItem(table(), CRM)?.id).not.toBe(tableItem(table(), copy)?.id);
  });

  it('may have no name, in a base that has none', () => {
    expect(tableItem({ id: 'tbl1' }, { id: 'app1', name: null })).toMatchObject({
      name: null,
      parent_path_or_name: null,
      parent_id: 'app1',
    });
  });

  it.each([[undefined], [null], [''], [7], [[]], ['?x']])('is skipped when its id is %j', (id) => {
    expect(tableItem(table({ id }), CRM)).toBeUndefined();
  });
});
