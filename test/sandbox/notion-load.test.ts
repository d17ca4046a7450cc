import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Client,
  LogLevel,
  collectAllDataSourceRows,
  collectPaginatedAPI,
  isFullBlock,
  isFullPage,
} from '@notionhq/client';
import type { SandboxOptions } from '../../sandbox/sandbox.ts';
import { Secret } from '../../src/errors/secret.ts';
import { notionDescriptor } from '../../src/integrations/notion/notion.descriptor.ts';
import { NotionItemSource } from '../../src/integrations/notion/notion.item-source.ts';
import { ProviderApi } from '../../src/integrations/provider-api.ts';
import type { IntegrationItem } from '../../src/items/integration-item.ts';
import { PositionExpired, type ItemSource } from '../../src/items/item-source.ts';
import { OutboundClient } from '../../src/outbound/outbound-client.ts';
import { closeSandboxes, connect, fakeClock, openSandbox } from './connect.ts';

let outbound: OutboundClient | undefined;

afterEach(async () => {
  await outbound?.close();
  await closeSandboxes();
});

async function open(options: SandboxOptions = {}) {
  const sandbox = await openSandbox({ items: 60, rateLimits: false, ...options });
  const { access_token } = await connect(sandbox, 'notion');
  outbound = new OutboundClient();
  const client = outbound;
  const newSource = () =>
    new NotionItemSource(
      new ProviderApi(notionDescriptor, `${sandbox.url}/notion/v1`, client, {
        current: () => new Secret(access_token),
        replace: () => Promise.reject(new Error('No token was refused.')),
      }),
    );
  const sdk = new Client({
    auth: access_token,
    baseUrl: `${sandbox.url}/notion`,
    notionVersion: '2026-03-11',
    retry: false,
    logLevel: LogLevel.ERROR,
  });
  return { newSource, sdk };
}

interface Walk {
  readonly since?: Date;
  readonly limit?: number;
  /** Called after each page that leads to others. */
  readonly onBelow?: () => void;
}

/** All listings of a type, depth first; every page from a source of its own, as when a cursor resumes elsewhere. */
async function walk(newSource: () => ItemSource, itemType: string, { since, limit = 50, onBelow }: Walk = {}) {
  const items: IntegrationItem[] = [];
  const failures: unknown[] = [];
  const open: { listing?: string; position?: string }[] = [{}];
  for (let head = open.shift(); head !== undefined; head = open.shift()) {
    try {
      const page = await newSource().page({
        itemType,
        limit,
        ...head,
        ...(since === undefined ? {} : { modifiedSince: since }),
      });
      items.push(...page.items);
      if ((page.below ?? []).length > 0) onBelow?.();
      if (page.next !== undefined) open.unshift({ ...head, position: page.next });
      open.unshift(...(page.below ?? []).map((listing) => ({ listing })));
    } catch (error) {
      if (error instanceof PositionExpired) throw error;
      failures.push(error);
    }
  }
  return { items, failures };
}

const ids = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id).sort();

/** Every page the SDK can find: what search knows, and all rows of the data sources it knows. */
async function pagesBySdk(sdk: Client): Promise<string[]> {
  const found = await collectPaginatedAPI(sdk.search, {});
  const pages = new Set(found.filter(({ object }) => object === 'page').map(({ id }) => id));
  for (const source of found.filter(({ object }) => object === 'data_source')) {
    for (const { id } of await collectAllDataSourceRows(sdk, { data_source_id: source.id })) pages.add(id);
  }
  return [...pages].sort();
}

describe('Pages of Notion', () => {
  it('are what search and all queries find together, each once', async () => {
    const { newSource, sdk } = await open();
    const { items, failures } = await walk(newSource, 'page');
    expect(failures).toEqual([]);
    expect(ids(items)).toEqual(await pagesBySdk(sdk));
    expect(items.length).toBeGreaterThan(60);
  });

  it('come in the same order every time', async () => {
    const { newSource } = await open();
    const [first, second] = [await walk(newSource, 'page'), await walk(newSource, 'page', { limit: 1000 })];
    expect(first.items.map(({ id }) => id)).toEqual(second.items.map(({ id }) => id));
  });

  it('are all there when a data source has more rows than a query gives', async () => {
    const { newSource, sdk } = await open({ items: 500, notion: { queryResultLimit: 110 } });
    const { items, failures } = await walk(newSource, 'page');
    expect(failures).toEqual([]);
    expect(ids(items)).toEqual(await pagesBySdk(sdk));
  });

  it('that Notion can’t list are a failure, and the rest is there', async () => {
    const { newSource, sdk } = await open({ items: 20, notion: { queryResultLimit: 2 } });
    const { items, failures } = await walk(newSource, 'page');
    expect(failures).toContainEqual(expect.objectContaining({ code: 'provider_error' }));
    expect(new Set(ids(items)).size).toBe(items.length);
    const standing = (await collectPaginatedAPI(sdk.search, {})).filter((one) => isFullPage(one));
    const alone = standing.filter(({ parent }) => parent.type !== 'data_source_id');
    expect(ids(items)).toEqual(expect.arrayContaining(ids(alone)));
  });

  it('of a data source that search doesn’t know are found by any row that it knows', async () => {
    const all = await pagesBySdk((await open()).sdk);
    const { newSource } = await open({ notion: { unlistedSources: [1, 2, 5] } });
    expect(ids((await walk(newSource, 'page')).items)).toEqual(all);
  });

  it('that are shared without their data source are there', async () => {
    const { newSource, sdk } = await open({ notion: { unsharedSources: [3] } });
    const { items } = await walk(newSource, 'page');
    expect(ids(items)).toEqual(await pagesBySdk(sdk));
    const [known] = (await collectPaginatedAPI(sdk.search, {})).filter((one) => isFullPage(one));
    expect(ids(items)).toContain(known?.id);
  });

  it('are all there though the cursors end while what a page led to is listed', async () => {
    const clock = fakeClock();
    const { newSource, sdk } = await open({ items: 250, clock: clock.now, notion: { cursorLifeSeconds: 60 } });
    const { items } = await walk(newSource, 'page', { onBelow: () => clock.advance(61) });
    expect([...new Set(ids(items))]).toEqual(await pagesBySdk(sdk));
    // What was edited in the very minute a cursor ended in comes twice.
    expect(items.length - new Set(ids(items)).size).toBeLessThanOrEqual(10);
  });

  it('changed since a time are those of search and of all data sources, and then those in the trash', async () => {
    const { newSource } = await open({ items: 400 });
    const all = await walk(newSource, 'page');
    const times = all.items.map(({ last_modified_time }) => last_modified_time ?? '').sort();
    const since = new Date(times[times.length >> 1] ?? '');
    const { items } = await walk(newSource, 'page', { since });
    const live = items.filter(({ delta }) => delta === null);
    const changed = all.items.filter(
      ({ last_modified_time }) => Date.parse(last_modified_time ?? '') >= since.getTime(),
    );
    expect(ids(live)).toEqual(ids(changed));
    const gone = items.filter(({ delta }) => delta === 'deleted');
    expect(gone.length).toBeGreaterThan(0);
    expect(gone.every(({ visibility }) => !visibility)).toBe(true);
    expect(new Set(ids(items)).size).toBe(items.length);
  });
});

describe('Blocks, comments and users of Notion', () => {
  it('are all blocks below all pages, none of them a page and each once', async () => {
    const { newSource, sdk } = await open({ items: 40 });
    const { items, failures } = await walk(newSource, 'block');
    expect(failures).toEqual([]);
    const expected: string[] = [];
    const below = async (parent: string): Promise<void> => {
      for (const block of await collectPaginatedAPI(sdk.blocks.children.list, { block_id: parent })) {
        if (!isFullBlock(block) || block.type === 'child_page' || block.type === 'child_database') continue;
        expected.push(block.id);
        const isCopy = block.type === 'synced_block' && block.synced_block.synced_from !== null;
        if (block.has_children && !isCopy) await below(block.id);
      }
    };
    for (const page of await pagesBySdk(sdk)) await below(page);
    expect(ids(items)).toEqual(expected.sort());
    expect(new Set(expected).size).toBe(expected.length);
  });

  it('are, of a time on, the blocks of the pages that changed', async () => {
    const { newSource } = await open({ items: 40 });
    const pages = (await walk(newSource, 'page')).items;
    const since = new Date(
      pages
        .map(({ last_modified_time }) => last_modified_time ?? '')
        .sort()
        .at(-12) ?? '',
    );
    const changed = ids((await walk(newSource, 'page', { since })).items.filter(({ delta }) => delta === null));
    const { items } = await walk(newSource, 'block', { since });
    const parents = new Set(items.map(({ parent_id }) => parent_id).filter((id) => ids(pages).includes(id ?? '')));
    expect(items.length).toBeGreaterThan(0);
    expect([...parents].every((id) => changed.includes(id ?? ''))).toBe(true);
  });

  it('are the open comments at the top of all pages', async () => {
    const { newSource, sdk } = await open({ items: 20 });
    const { items } = await walk(newSource, 'comment');
    const expected: string[] = [];
    for (const page of await pagesBySdk(sdk)) {
      expected.push(...ids(await collectPaginatedAPI(sdk.comments.list, { block_id: page })));
    }
    expect(ids(items)).toEqual(expected.sort());
  });

  it('are a failure when the connection may not read them, not an empty list', async () => {
    const { newSource } = await open({ items: 12, notion: { missingCapabilities: ['read_comments', 'read_users'] } });
    const refused = expect.objectContaining({ details: expect.objectContaining({ provider_status: 403 }) });
    for (const itemType of ['comment', 'user']) {
      const { items, failures } = await walk(newSource, itemType);
      expect(items).toEqual([]);
      expect(failures).toContainEqual(refused);
    }
  });

  it('are the workspace’s members and the bot', async () => {
    const { newSource, sdk } = await open();
    const { items } = await walk(newSource, 'user');
    expect(ids(items)).toEqual(ids(await collectPaginatedAPI(sdk.users.list, {})));
  });

  it.each(['data_source', 'database'])('and every %s is there once', async (itemType) => {
    const { newSource, sdk } = await open({ items: 210 });
    const { items } = await walk(newSource, itemType);
    const found = await collectPaginatedAPI(sdk.search, { filter: { property: 'object', value: 'data_source' } });
    const idOf = (one: (typeof found)[number]) =>
      itemType === 'database' && 'parent' in one && 'database_id' in one.parent ? one.parent.database_id : one.id;
    expect(ids(items)).toEqual([...new Set(found.map(idOf))].sort());
  });
});
