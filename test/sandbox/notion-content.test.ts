import { afterEach, describe, expect, it } from '@jest/globals';
import {
  APIErrorCode,
  Client,
  LogLevel,
  collectAllDataSourceRows,
  collectPaginatedAPI,
  isFullBlock,
  isFullComment,
  isFullPage,
  type BlockObjectResponse,
} from '@notionhq/client';
import type { SandboxOptions } from '../../sandbox/sandbox.ts';
import { closeSandboxes, connect, fakeClock, openSandbox } from './connect.ts';

async function open(options: SandboxOptions = {}, notionVersion = '2026-03-11'): Promise<Client> {
  const sandbox = await openSandbox({ items: 120, rateLimits: false, ...options });
  const { access_token: auth } = await connect(sandbox, 'notion');
  const baseUrl = `${sandbox.url}/notion`;
  return new Client({ auth, baseUrl, notionVersion, retry: false, logLevel: LogLevel.ERROR });
}

afterEach(closeSandboxes);

async function children(notion: Client, block_id: string): Promise<BlockObjectResponse[]> {
  return (await collectPaginatedAPI(notion.blocks.children.list, { block_id })).filter((block) => isFullBlock(block));
}

async function below(notion: Client, id: string): Promise<BlockObjectResponse[]> {
  const blocks = await children(notion, id);
  const nested: BlockObjectResponse[] = [];
  for (const block of blocks) {
    const isElsewhere =
      block.type === 'child_page' || (block.type === 'synced_block' && block.synced_block.synced_from !== null);
    if (block.has_children && !isElsewhere) nested.push(...(await below(notion, block.id)));
  }
  return [...blocks, ...nested];
}

const pagesOf = async (notion: Client) =>
  (await collectPaginatedAPI(notion.search, { filter: { property: 'object', value: 'page' } })).filter((one) =>
    isFullPage(one),
  );

const firstSource = async (notion: Client): Promise<string> =>
  (await notion.search({ filter: { property: 'object', value: 'data_source' } })).results[0]!.id;

describe('Blocks in the sandbox’s Notion, through the official SDK', () => {
  it('are of many types, some in others, and each can be retrieved', async () => {
    const notion = await open();
    const all = (await Promise.all((await pagesOf(notion)).map(({ id }) => below(notion, id)))).flat();
    const types = new Set(all.map(({ type }) => type));
    expect([...types]).toEqual(
      expect.arrayContaining([
        'paragraph',
        'toggle',
        'image',
        'file',
        'column_list',
        'column',
        'synced_block',
        'child_page',
      ]),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const block of all.slice(0, 60)) {
      expect(await notion.blocks.retrieve({ block_id: block.id })).toMatchObject({ id: block.id, type: block.type });
      if (block.type === 'child_database') continue;
      expect((await children(notion, block.id)).length > 0).toBe(block.has_children);
    }
  });

  it('hold the pages that name them as their parent', async () => {
    const notion = await open();
    for (const { id, parent } of await pagesOf(notion)) {
      if (parent.type !== 'block_id' && parent.type !== 'page_id') continue;
      const inside = await children(notion, parent.type === 'block_id' ? parent.block_id : parent.page_id);
      expect(inside.find((block) => block.id === id)).toMatchObject({ type: 'child_page' });
    }
  });

  it('of 100 KB are there, and files with a signed address', async () => {
    const notion = await open({ items: 400 });
    const all: BlockObjectResponse[] = [];
    for (const { id } of await pagesOf(notion)) all.push(...(await children(notion, id)));
    expect(Math.max(...all.map((block) => JSON.stringify(block).length))).toBeGreaterThan(100_000);
    const hosted = all.filter((block) => block.type === 'image' && block.image.type === 'file');
    expect(JSON.stringify(hosted)).toContain('X-Amz-Signature');
  });

  it('have `archived`, and meeting notes their old name, before 2026-03-11', async () => {
    const types = async (version: string) => {
      const notion = await open({}, version);
      const all = (await Promise.all((await pagesOf(notion)).map(({ id }) => children(notion, id)))).flat();
      return { types: new Set(all.map(({ type }) => type as string)), hasArchived: 'archived' in all[0]! };
    };
    const [now, before] = [await types('2026-03-11'), await types('2025-09-03')];
    expect([now.hasArchived, before.hasArchived]).toEqual([false, true]);
    expect(now.types.has('meeting_notes') && !now.types.has('transcription')).toBe(true);
    expect(before.types.has('transcription') && !before.types.has('meeting_notes')).toBe(true);
  });

  it('of a page taken out of the connection are not found', async () => {
    const [page] = await pagesOf(await open());
    const notion = await open({ notion: { unsharedPages: [page!.id] } });
    const missing = { status: 404, code: APIErrorCode.ObjectNotFound };
    await expect(notion.blocks.children.list({ block_id: page!.id })).rejects.toMatchObject(missing);
    await expect(notion.comments.list({ block_id: page!.id })).rejects.toMatchObject(missing);
  });
});

describe('Comments and users in the sandbox’s Notion', () => {
  it('are at pages, and at blocks now and then', async () => {
    const notion = await open();
    const atPages: string[] = [];
    const atBlocks: string[] = [];
    for (const { id } of await pagesOf(notion)) {
      const comments = (await collectPaginatedAPI(notion.comments.list, { block_id: id })).filter((one) =>
        isFullComment(one),
      );
      for (const comment of comments) expect(comment.parent).toEqual({ type: 'page_id', page_id: id });
      atPages.push(...comments.map((comment) => comment.id));
      for (const block of (await children(notion, id)).filter(({ type }) => type !== 'child_page')) {
        if (block.type === 'child_database') continue;
        atBlocks.push(...(await notion.comments.list({ block_id: block.id })).results.map((comment) => comment.id));
      }
    }
    expect(atPages.length).toBeGreaterThan(20);
    expect(atBlocks.length).toBeGreaterThan(0);
    expect(new Set([...atPages, ...atBlocks]).size).toBe(atPages.length + atBlocks.length);
  });

  it('are refused to a connection without the capability', async () => {
    const notion = await open({ notion: { missingCapabilities: ['read_comments', 'read_users'] } });
    const [page] = await pagesOf(notion);
    const refused = { status: 403, code: APIErrorCode.RestrictedResource };
    await expect(notion.comments.list({ block_id: page!.id })).rejects.toMatchObject(refused);
    await expect(notion.users.list({})).rejects.toMatchObject(refused);
    expect(await notion.users.me({})).toMatchObject({ type: 'bot' });
  });
});

describe('A query of a data source in the sandbox’s Notion', () => {
  it('gives every row to the SDK’s own splitting, several of them made in the same minute', async () => {
    const notion = await open({ items: 300, notion: { queryResultLimit: 50 } });
    const data_source_id = await firstSource(notion);
    const rows = (await collectAllDataSourceRows(notion, { data_source_id })).filter((row) => isFullPage(row));
    expect(rows).toHaveLength(300 - 7); // seven lie in the trash
    expect(new Set(rows.map(({ created_time }) => created_time)).size).toBeLessThan(110);
    const trashed = await collectPaginatedAPI(notion.dataSources.query, { data_source_id, in_trash: true });
    expect(trashed).toHaveLength(7);
  });

  it('filters and sorts by either time', async () => {
    const notion = await open();
    const data_source_id = await firstSource(notion);
    const sorts = [{ timestamp: 'created_time', direction: 'ascending' }] as const;
    const all = await collectPaginatedAPI(notion.dataSources.query, { data_source_id, sorts: [...sorts] });
    const times = all.map((row) => (isFullPage(row) ? row.created_time : ''));
    expect(times).toEqual(times.toSorted());
    const [from, to] = [times[20]!, times[60]!];
    const filter = {
      and: [
        { timestamp: 'created_time' as const, created_time: { on_or_after: from } },
        { timestamp: 'created_time' as const, created_time: { before: to } },
        { timestamp: 'last_edited_time' as const, last_edited_time: { on_or_after: from } },
      ],
    };
    const some = await collectPaginatedAPI(notion.dataSources.query, { data_source_id, sorts: [...sorts], filter });
    const within = all.filter((row) => isFullPage(row) && row.created_time >= from && row.created_time < to);
    expect(some.map(({ id }) => id)).toEqual(within.map(({ id }) => id));
  });

  it('sends only the properties that were asked for, and refuses a filter it doesn’t know', async () => {
    const notion = await open();
    const data_source_id = await firstSource(notion);
    const { results } = await notion.dataSources.query({ data_source_id, filter_properties: ['title'], page_size: 1 });
    const [row] = results;
    expect(row !== undefined && isFullPage(row) ? Object.keys(row.properties) : []).toEqual(['Name']);
    const filter = { property: 'Done', checkbox: { equals: true } };
    await expect(notion.dataSources.query({ data_source_id, filter })).rejects.toMatchObject({
      code: APIErrorCode.ValidationError,
    });
  });

  it('finds no data source that isn’t shared, and search none that it doesn’t know', async () => {
    const [first] = [await firstSource(await open())];
    const unshared = await open({ notion: { unsharedSources: [0] } });
    await expect(unshared.dataSources.query({ data_source_id: first })).rejects.toMatchObject({
      code: APIErrorCode.ObjectNotFound,
    });
    const unlisted = await open({ notion: { unlistedSources: [0] } });
    expect(await firstSource(unlisted)).not.toBe(first);
    expect((await unlisted.dataSources.query({ data_source_id: first })).results.length).toBeGreaterThan(0);
  });
});

describe('A cursor in the sandbox’s Notion', () => {
  it('ends when told to, with 400 validation_error', async () => {
    const clock = fakeClock();
    const notion = await open({ clock: clock.now, notion: { cursorLifeSeconds: 60 } });
    const { next_cursor } = await notion.search({ page_size: 10 });
    clock.advance(60);
    const second = await notion.search({ page_size: 10, start_cursor: next_cursor! });
    expect(second.results).toHaveLength(10);
    clock.advance(1);
    await expect(notion.search({ page_size: 10, start_cursor: next_cursor! })).rejects.toMatchObject({
      status: 400,
      code: APIErrorCode.ValidationError,
    });
  });
});
