import { Client as HubspotClient } from '@hubspot/api-client';
import { collectPaginatedAPI, Client as NotionClient } from '@notionhq/client';
import { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { registry } from '../../src/integrations/registry.ts';
import { connect, get } from '../sandbox/connect.ts';
import { loadAll } from '../support/load-all.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';

interface HasId {
  readonly id?: string;
}

/** More than one page of any provider's. */
const ITEMS = 430;

const idsOf = (records: readonly HasId[]): string[] => records.map((record) => record.id ?? '').sort();

/**
 * What a provider's own SDK lists of the same account, page by page to the end, by item type. An integration without an
 * entry here has nobody to be compared with, and fails for it.
 */
const LISTED_BY_SDK: Readonly<Record<string, (patchbay: RunningPatchbay) => Promise<Record<string, string[]>>>> = {
  // Airtable's SDK lists records only, so the API itself is asked.
  airtable: async ({ sandbox }) => {
    const { access_token } = await connect(sandbox, 'airtable');
    const bases: HasId[] = [];
    const tables: HasId[] = [];
    let query = '';
    for (;;) {
      const { body } = await get(`${sandbox.url}/airtable/v0/meta/bases${query}`, access_token);
      bases.push(...(body['bases'] as HasId[]));
      if (typeof body['offset'] !== 'string') break;
      query = `?offset=${encodeURIComponent(body['offset'])}`;
    }
    for (const { id = '' } of bases) {
      const { body } = await get(`${sandbox.url}/airtable/v0/meta/bases/${id}/tables`, access_token);
      tables.push(...(body['tables'] as HasId[]).map((table) => ({ id: table.id ?? '' })));
    }
    return { base: idsOf(bases), table: idsOf(tables) };
  },
  notion: async ({ sandbox }) => {
    const { access_token } = await connect(sandbox, 'notion');
    const notion = new NotionClient({
      auth: access_token,
      baseUrl: `${sandbox.url}/notion`,
      notionVersion: '2026-03-11',
    });
    const found = await collectPaginatedAPI(notion.search, {});
    const sources = found.filter((one) => one.object === 'data_source');
    const databases = sources.map((one) =>
      'parent' in one && 'database_id' in one.parent ? one.parent.database_id : '',
    );
    return {
      page: idsOf(found.filter((one) => one.object === 'page')),
      data_source: idsOf(sources),
      database: [...new Set(databases)].sort(),
    };
  },
  hubspot: async ({ sandbox }) => {
    const { access_token } = await connect(sandbox, 'hubspot');
    const { crm } = new HubspotClient({ accessToken: access_token, basePath: `${sandbox.url}/hubspot` });
    return {
      contact: idsOf(await crm.contacts.getAll()),
      company: idsOf(await crm.companies.getAll()),
      deal: idsOf(await crm.deals.getAll()),
      ticket: idsOf(await crm.tickets.getAll()),
    };
  },
  slack: async ({ sandbox }) => {
    const { access_token } = await connect(sandbox, 'slack');
    const slack = new WebClient(access_token, { slackApiUrl: `${sandbox.url}/slack/api/` });
    const all = async (method: string, member: string, options: Record<string, unknown>): Promise<HasId[]> => {
      const records: HasId[] = [];
      for await (const page of slack.paginate(method, { limit: 100, ...options })) {
        records.push(...((page as unknown as Record<string, HasId[]>)[member] ?? []));
      }
      return records;
    };
    const channels = await all('conversations.list', 'channels', { types: 'public_channel,private_channel' });
    return { channel: idsOf(channels), user: idsOf(await all('users.list', 'members', {})) };
  },
};

describe('A load', () => {
  let patchbay: RunningPatchbay;
  beforeAll(async () => {
    patchbay = await startPatchbay({ sandbox: { items: ITEMS, airtable: { basesPageSize: 100 } } });
  });
  afterAll(() => patchbay.close());

  it.each(registry.map(({ descriptor }) => descriptor))(
    'brings all that the provider’s own SDK lists of $name, and nothing twice',
    async ({ name, itemTypes }) => {
      const listed = await LISTED_BY_SDK[name]?.(patchbay);
      const browser = patchbay.newBrowser();
      await browser.connect(name, OWNER);
      for (const itemType of itemTypes) {
        const query = { ...OWNER, item_types: [itemType], page_size: 1000 };
        const items = await loadAll(browser, name, query);
        expect(items.length).toBeGreaterThan(0);
        expect(new Set(idsOf(items)).size).toBe(items.length);
        // An id that the provider counts per object type or base has that before a slash.
        const ownIds = items.map(({ id }) => id.slice(id.lastIndexOf('/') + 1)).sort();
        expect({ itemType, ids: ownIds }).toEqual({ itemType, ids: listed?.[itemType] });
      }
    },
  );
});
