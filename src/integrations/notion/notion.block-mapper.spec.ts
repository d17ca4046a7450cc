import { describe, expect, it } from '@jest/globals';
import { block, BLOCK_ID, PAGE_ID, richText } from './fixtures/notion-answers.ts';
import { blockItem, hasOwnChildren, isItemOfItsOwn } from './notion.block-mapper.ts';

const SIGNED = 'https://prod-files-secure.example.com/ws/id/Plan%20B.PDF?X-Amz-Expires=3600&X-Amz-Signature=5ec7e7';
const hosted = { type: 'file', file: { url: SIGNED, expiry_time: '2026-10-30T13:00:00.000Z' } };
const external = (url: unknown) => ({ type: 'external', external: { url } });

describe('a block', () => {
  it('is read into an item', () => {
    expect(blockItem(block())).toEqual({
      id: BLOCK_ID,
      type: 'block',
      directory: false,
      parent_path_or_name: null,
      parent_id: PAGE_ID,
      name: 'Hello',
      creation_time: '2026-03-01T19:05:00.000Z',
      last_modified_time: '2026-07-06T20:25:00.000Z',
      url: null,
      children: null,
      mime_type: null,
      delta: null,
      drive_id: null,
      visibility: true,
    });
  });

  it('with children is a directory, and one in a block lies in that', () => {
    const parent = { type: 'block_id', block_id: BLOCK_ID };
    const nested = block('toggle', undefined, { id: PAGE_ID, has_children: true, parent });
    expect(blockItem(nested)).toMatchObject({ directory: true, parent_id: BLOCK_ID });
  });

  it('in the trash is hidden', () => {
    expect(blockItem(block('paragraph', {}, { in_trash: true }))?.visibility).toBe(false);
  });

  it.each([
    ['to_do', { rich_text: richText('Buy ', 'milk'), checked: false }, 'Buy milk'],
    ['heading_4', { rich_text: richText('خطة الربع') }, 'خطة الربع'],
    ['code', { rich_text: richText('a\n\n  b'), language: 'c' }, 'a b'],
    ['equation', { expression: 'E = mc^2' }, 'E = mc^2'],
    ['table_row', { cells: [richText('One'), [], richText('Three'), 'x'] }, 'One | Three'],
    ['table_row', { cells: 'x' }, null],
    ['bookmark', { url: 'https://example.com/a', caption: [] }, 'https://example.com/a'],
    ['bookmark', { url: 'https://example.com/a', caption: richText('A') }, 'A'],
    ['meeting_notes', { title: richText('Weekly') }, 'Weekly'],
    ['divider', {}, null],
    ['unsupported', { block_type: 'form' }, null],
    ['paragraph', { rich_text: [] }, null],
    ['paragraph', null, null],
    ['a_type_of_tomorrow', { rich_text: richText('New') }, 'New'],
  ])('of type %s with %j is called %j', (type, content, name) => {
    expect(blockItem(block(type, content as never))?.name).toBe(name);
  });

  it('whose text is 100 KB shows its beginning', () => {
    const runs = Array.from({ length: 50 }, () => '0123456789'.repeat(200));
    const name = blockItem(block('paragraph', { rich_text: richText(...runs) }))?.name;
    expect(name).toHaveLength(256);
    expect(name).toMatch(/^0123456789.*…$/);
  });

  it.each([
    [
      'image',
      external('https://example.com/a/cat.PNG?size=2'),
      'image/png',
      'cat.PNG',
      'https://example.com/a/cat.PNG?size=2',
    ],
    ['video', external('https://video.example/watch'), null, 'watch', 'https://video.example/watch'],
    ['pdf', hosted, 'application/pdf', 'Plan B.PDF', null],
    [
      'file',
      { ...hosted, name: 'plan.xlsx' },
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'plan.xlsx',
      null,
    ],
    ['audio', { ...hosted, name: 'talk.mp3', caption: richText('Talk') }, 'audio/mpeg', 'talk.mp3', null],
    ['image', { ...hosted, caption: richText('The plan') }, 'application/pdf', 'The plan', null],
    ['image', external('javascript:alert(1)'), null, null, null],
    [
      'file',
      external('https://example.com/%E0%A4%A.zip'),
      'application/zip',
      '%E0%A4%A.zip',
      'https://example.com/%E0%A4%A.zip',
    ],
    ['file', {}, null, null, null],
  ])('of type %s with %j is %j, called %j, at %j', (type, content, mime_type, name, url) => {
    expect(blockItem(block(type, content))).toMatchObject({ mime_type, name, url });
  });

  it('never shows the signed address of a file', () => {
    for (const type of ['image', 'video', 'pdf', 'file', 'audio']) {
      expect(JSON.stringify(blockItem(block(type, hosted)))).not.toMatch(/Signature|prod-files/);
    }
  });

  it.each([[undefined], [null], ['../users'], [7]])('is skipped when its id is %j', (id) => {
    expect(blockItem(block('paragraph', {}, { id }))).toBeUndefined();
  });
});

describe('What lies in a block', () => {
  const children = { has_children: true };

  it.each([
    ['toggle', {}, true],
    ['synced_block', { synced_from: null }, true],
    // The same blocks, under the same ids, are in its original.
    ['synced_block', { synced_from: { type: 'block_id', block_id: 'b1' } }, false],
    ['child_page', { title: 'x' }, false],
    ['child_database', { title: 'x' }, false],
  ])('of type %s with %j is asked for there: %j', (type, content, expected) => {
    expect(hasOwnChildren(block(type, content, children))).toBe(expected);
    expect(hasOwnChildren(block(type, content))).toBe(false);
  });

  it('may be a page or a database, which are items already', () => {
    expect(['child_page', 'child_database', 'toggle'].map((type) => isItemOfItsOwn(block(type)))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
