import { describe, expect, it } from '@jest/globals';
import {
  BLOCK_ID,
  comment,
  COMMENT_ID,
  database,
  DATABASE_ID,
  dataSource,
  page,
  PAGE_ID,
  richText,
  SOURCE_ID,
  user,
  USER_ID,
} from './fixtures/notion-answers.ts';
import {
  commentItem,
  databaseIdOf,
  databaseItem,
  dataSourceIds,
  dataSourceIdOf,
  dataSourceItem,
  pageItem,
  userItem,
} from './notion.mapper.ts';

describe('a page', () => {
  it('is read into an item', () => {
    expect(pageItem(page())).toEqual({
      id: PAGE_ID,
      type: 'page',
      directory: true,
      parent_path_or_name: null,
      parent_id: SOURCE_ID,
      name: 'Write specs',
      creation_time: '2026-03-01T19:05:00.000Z',
      last_modified_time: '2026-07-06T20:25:00.000Z',
      url: `https://app.notion.com/p/${PAGE_ID}`,
      children: null,
      mime_type: null,
      delta: null,
      drive_id: null,
      visibility: true,
    });
  });

  it.each([
    [{ type: 'page_id', page_id: PAGE_ID }, PAGE_ID],
    [{ type: 'block_id', block_id: BLOCK_ID }, BLOCK_ID],
    [{ type: 'agent_id', agent_id: USER_ID }, USER_ID],
    [{ type: 'database_id', database_id: DATABASE_ID }, DATABASE_ID],
    [{ type: 'data_source_id', data_source_id: SOURCE_ID, database_id: DATABASE_ID }, SOURCE_ID],
    [{ type: 'page_id', page_id: '../users' }, null],
    [{ type: 'page_id', page_id: `${PAGE_ID}/${PAGE_ID}` }, null],
    [{ type: 'workspace', workspace: true }, null],
    [{ type: 'page_id' }, null],
    [{ type: 'space_id', space_id: 7 }, null],
    [{ type: 7 }, null],
    ['nowhere', null],
    [undefined, null],
  ])('below %j has the parent %j', (parent, expected) => {
    expect(pageItem(page({ parent }))?.parent_id).toBe(expected);
  });

  it.each([
    ['a title in pieces', { T: { type: 'title', title: richText('Road', 'map', ' 2026') } }, 'Roadmap 2026'],
    ['a mention in its title', { T: { type: 'title', title: [{ type: 'mention', plain_text: '@Ann' }] } }, '@Ann'],
    ['an empty title', { T: { type: 'title', title: [] } }, null],
    ['a title of blanks', { T: { type: 'title', title: richText(' ', '\n') } }, null],
    [
      'a piece without text',
      { T: { type: 'title', title: [{}, null, 'x', { plain_text: 7 }, ...richText('a')] } },
      'a',
    ],
    ['a title of another type', { T: { type: 'title', title: 'Roadmap' } }, null],
    ['no title among its properties', { A: { type: 'checkbox', checkbox: true }, B: null, C: 7 }, null],
    ['no properties', undefined, null],
    ['properties that are a list', [{ type: 'title', title: richText('x') }], null],
  ])('with %s has the name that can be read', (_what, properties, name) => {
    expect(pageItem(page({ properties }))?.name).toBe(name);
  });

  it('in the trash is hidden', () => {
    expect(pageItem(page({ in_trash: true }))?.visibility).toBe(false);
  });

  it('of which there is only the id is an item still', () => {
    expect(pageItem({ object: 'page', id: PAGE_ID })).toMatchObject({ id: PAGE_ID, name: null, creation_time: null });
  });

  it('gives no link that could run a script, and no time that is none', () => {
    const odd = page({ url: 'javascript:alert(1)', created_time: 'yesterday', last_edited_time: {} });
    expect(pageItem(odd)).toMatchObject({ url: null, creation_time: null, last_modified_time: null });
  });

  it.each([[undefined], [null], [''], [7], ['../users/me'], ['not-a-uuid']])('is skipped when its id is %j', (id) => {
    expect(pageItem(page({ id }))).toBeUndefined();
  });
});

describe('a data source', () => {
  it('is a directory in its database', () => {
    expect(dataSourceItem(dataSource())).toMatchObject({
      id: SOURCE_ID,
      type: 'data_source',
      directory: true,
      name: 'Tasks',
      parent_id: DATABASE_ID,
    });
    expect(databaseIdOf(dataSource())).toBe(DATABASE_ID);
  });

  it.each([[{ type: 'page_id', page_id: PAGE_ID }], [{ database_id: '../x' }], [null], ['x']])(
    'with the parent %j is in no database',
    (parent) => {
      expect(databaseIdOf(dataSource({ parent }))).toBeUndefined();
    },
  );
});

describe('a database', () => {
  it('is a directory of its data sources', () => {
    expect(databaseItem(database())).toMatchObject({
      id: DATABASE_ID,
      type: 'database',
      directory: true,
      name: 'Projects',
      parent_id: PAGE_ID,
      children: [SOURCE_ID],
    });
  });

  it.each([[undefined], [null], ['x'], [[null, {}, { id: 7 }]]])(
    'with the data sources %j has none',
    (data_sources) => {
      expect(dataSourceIds(database({ data_sources }))).toEqual([]);
    },
  );

  it('without a title has no name', () => {
    expect(databaseItem(database({ title: [] }))?.name).toBeNull();
  });
});

describe('a row', () => {
  it('is of the data source it names', () => {
    expect(dataSourceIdOf(page())).toBe(SOURCE_ID);
  });

  it.each([[{ type: 'page_id', page_id: PAGE_ID }], [{ type: 'data_source_id', data_source_id: '../x' }], [null]])(
    'is none with the parent %j',
    (parent) => {
      expect(dataSourceIdOf(page({ parent }))).toBeUndefined();
    },
  );
});

describe('a comment', () => {
  it('is read into an item of what it was written at', () => {
    expect(commentItem(comment())).toEqual({
      id: COMMENT_ID,
      type: 'comment',
      directory: false,
      parent_path_or_name: null,
      parent_id: PAGE_ID,
      name: 'Looks good',
      creation_time: '2026-03-02T10:00:00.000Z',
      last_modified_time: '2026-03-02T10:05:00.000Z',
      url: null,
      children: null,
      mime_type: null,
      delta: null,
      drive_id: null,
      visibility: true,
    });
  });

  it('at a block is that block’s', () => {
    expect(commentItem(comment({ parent: { type: 'block_id', block_id: BLOCK_ID } }))?.parent_id).toBe(BLOCK_ID);
  });

  it('of 100 KB shows its beginning, and whole characters', () => {
    const name = commentItem(comment({ rich_text: richText('👩‍👩‍👧 '.repeat(12_000)) }))?.name ?? '';
    expect(Array.from(name).length).toBeLessThanOrEqual(256);
    expect(name.endsWith('…')).toBe(true);
    expect(name.isWellFormed()).toBe(true);
  });

  it.each([[undefined], ['../x']])('is skipped when its id is %j', (id) => {
    expect(commentItem(comment({ id }))).toBeUndefined();
  });
});

describe('a user', () => {
  it('is read into an item, without an e-mail address beside the name', () => {
    expect(userItem(user())).toMatchObject({ id: USER_ID, type: 'user', name: 'Ann', directory: false, url: null });
    expect(JSON.stringify(userItem(user()))).not.toContain('@');
  });

  it.each([
    ['whose name is null has the e-mail address', { name: null }, 'ann@acme.test'],
    ['of whom there is only the id has no name', { name: undefined, person: undefined }, null],
    ['that is a bot has its name', { type: 'bot', bot: {}, name: 'Sync', person: undefined }, 'Sync'],
    ['with a name from right to left has it', { name: 'ليلى حداد' }, 'ليلى حداد'],
    ['with a person that is none has no name', { name: 7, person: 'x' }, null],
  ])('%s', (_what, changes, name) => {
    expect(userItem(user(changes))?.name).toBe(name);
  });

  it('is skipped without an id', () => {
    expect(userItem(user({ id: null }))).toBeUndefined();
  });
});
