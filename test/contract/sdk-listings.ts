import { Client as HubspotClient } from '@hubspot/api-client';
import { collectPaginatedAPI, Client as NotionClient } from '@notionhq/client';
import { WebClient } from '@slack/web-api';
import Airtable from 'airtable';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { authorizeUrl, connect, decide, exchangeCode, get } from '../sandbox/connect.ts';

/** Ids as our items have them, by item type, in the order of the text. */
export type Listed = Readonly<Record<string, readonly string[]>>;

type Json = Readonly<Record<string, unknown>>;

interface HasId {
  readonly id?: string;
}

const idsOf = (records: readonly HasId[], prefix = ''): string[] => records.map(({ id = '' }) => prefix + id).sort();
const objectsIn = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/**
 * What a provider's own SDK lists of the same account, page by page to the end. An integration without an entry here has
 * nobody to be compared with, and fails for it.
 */
export const LISTED_BY_SDK: Readonly<Record<string, (sandbox: Sandbox) => Promise<Listed>>> = {
  airtable,
  notion,
  hubspot,
  slack,
};

/** Its SDK lists records only, so that the API itself is asked for the rest. */
async function airtable(sandbox: Sandbox): Promise<Listed> {
  const scope = 'data.records:read data.recordComments:read schema.bases:read user.email:read';
  const code = (await decide(authorizeUrl(sandbox, 'airtable', { scope }))).searchParams.get('code') ?? '';
  const token = String((await exchangeCode(sandbox, 'airtable', code)).body['access_token']);
  const listed = async (path: string, member: string): Promise<Json[]> => {
    const found: Json[] = [];
    for (let query = ''; ;) {
      const { body } = await get(`${sandbox.url}/airtable/v0/${path}${query}`, token);
      found.push(...objectsIn(body[member]));
      if (typeof body['offset'] !== 'string') return found;
      query = `?offset=${encodeURIComponent(body['offset'])}`;
    }
  };
  const sdk = new Airtable({ apiKey: token, endpointUrl: `${sandbox.url}/airtable` });
  const bases = (await listed('meta/bases', 'bases')) as HasId[];
  const [table, record, comment]: string[][] = [[], [], []];
  for (const { id: base = '' } of bases) {
    for (const { id = '' } of (await listed(`meta/bases/${base}/tables`, 'tables')) as HasId[]) {
      table?.push(`${base}/${id}`);
      for (const { id: recordId } of await sdk.base(base)(id).select().all()) {
        const place = `${base}/${id}/${recordId}`;
        record?.push(place);
        comment?.push(...idsOf(await listed(`${place}/comments`, 'comments'), `${place}/`));
      }
    }
  }
  const sorted = (ids: string[] = []): string[] => ids.sort();
  return { base: idsOf(bases), table: sorted(table), record: sorted(record), comment: sorted(comment) };
}

async function notion(sandbox: Sandbox): Promise<Listed> {
  const { access_token } = await connect(sandbox, 'notion');
  const sdk = new NotionClient({
    auth: access_token,
    baseUrl: `${sandbox.url}/notion`,
    notionVersion: '2026-03-11',
  });
  const found = await collectPaginatedAPI(sdk.search, {});
  const sources = found.filter((one) => one.object === 'data_source');
  const databases = sources.map((one) =>
    'parent' in one && 'database_id' in one.parent ? one.parent.database_id : '',
  );
  // Search is no full list: rows are found by querying their data source, and all others by search.
  const pages = new Set(found.filter((one) => one.object === 'page').map(({ id }) => id));
  for (const { id: data_source_id } of sources)
    for (const { id } of await collectPaginatedAPI(sdk.dataSources.query, { data_source_id })) pages.add(id);
  const blocks: string[] = [];
  const comments: HasId[] = [];
  const walk = async (block_id: string): Promise<void> => {
    for (const block of await collectPaginatedAPI(sdk.blocks.children.list, { block_id })) {
      if (!('type' in block) || block.type === 'child_page' || block.type === 'child_database') continue;
      blocks.push(block.id);
      // A copy's blocks are those of its original, under the same ids.
      const isCopy = block.type === 'synced_block' && block.synced_block.synced_from !== null;
      if (block.has_children && !isCopy) await walk(block.id);
    }
  };
  for (const id of pages) {
    await walk(id);
    comments.push(...(await collectPaginatedAPI(sdk.comments.list, { block_id: id })));
  }
  return {
    page: [...pages].sort(),
    data_source: idsOf(sources),
    database: [...new Set(databases)].sort(),
    block: blocks.sort(),
    comment: idsOf(comments),
    user: idsOf(await collectPaginatedAPI(sdk.users.list, {})),
  };
}

interface HubspotPage {
  readonly results: readonly HasId[];
  readonly paging?: { readonly next?: { readonly after: string } };
}

async function hubspot(sandbox: Sandbox): Promise<Listed> {
  const { access_token } = await connect(sandbox, 'hubspot');
  const { crm } = new HubspotClient({ accessToken: access_token, basePath: `${sandbox.url}/hubspot` });
  const { notes, tasks, meetings, calls } = crm.objects;
  const all = async (page: (after?: string) => Promise<HubspotPage>, prefix: string): Promise<string[]> => {
    const found: HasId[] = [];
    for (let after: string | undefined; ;) {
      const { results, paging } = await page(after);
      found.push(...results);
      after = paging?.next?.after;
      if (after === undefined) return idsOf(found, prefix);
    }
  };
  const owners = async (archived: boolean) =>
    all((after) => crm.owners.ownersApi.getPage(undefined, after, 100, archived), 'owners/');
  return {
    contact: idsOf(await crm.contacts.getAll(), 'contacts/'),
    company: idsOf(await crm.companies.getAll(), 'companies/'),
    deal: idsOf(await crm.deals.getAll(), 'deals/'),
    ticket: idsOf(await crm.tickets.getAll(), 'tickets/'),
    note: await all((after) => notes.basicApi.getPage(100, after), 'notes/'),
    task: await all((after) => tasks.basicApi.getPage(100, after), 'tasks/'),
    meeting: await all((after) => meetings.basicApi.getPage(100, after), 'meetings/'),
    call: await all((after) => calls.basicApi.getPage(100, after), 'calls/'),
    owner: [...(await owners(false)), ...(await owners(true))].sort(),
  };
}

async function slack(sandbox: Sandbox): Promise<Listed> {
  const { access_token } = await connect(sandbox, 'slack');
  const sdk = new WebClient(access_token, { slackApiUrl: `${sandbox.url}/slack/api/` });
  const all = async (method: string, member: string, options: Json = {}): Promise<Json[]> => {
    const records: Json[] = [];
    for await (const page of sdk.paginate(method, { limit: 100, ...options }))
      records.push(...objectsIn((page as unknown as Json)[member]));
    return records;
  };
  const types = 'public_channel,private_channel';
  const [message, reply, file]: [string[], string[], string[]] = [[], [], []];
  const files = (said: Json, id: string) => file.push(...idsOf(objectsIn(said['files']), `${id}/`));
  for (const { id: channel } of await all('users.conversations', 'channels', { types })) {
    const at = (ts: unknown): string => `${String(channel)}/${String(ts)}`;
    for (const said of await all('conversations.history', 'messages', { channel })) {
      // A reply that was sent to the channel as well stands here, too, and is one of its thread's.
      if (said['thread_ts'] !== undefined && said['thread_ts'] !== said['ts']) continue;
      message.push(at(said['ts']));
      files(said, at(said['ts']));
      if (said['reply_count'] === undefined) continue;
      const thread = await all('conversations.replies', 'messages', { channel, ts: said['ts'] });
      for (const one of thread.filter(({ ts }) => ts !== said['ts'])) {
        reply.push(at(one['ts']));
        files(one, at(one['ts']));
      }
    }
  }
  return {
    channel: idsOf(await all('conversations.list', 'channels', { types })),
    user: idsOf(await all('users.list', 'members')),
    message: message.sort(),
    reply: reply.sort(),
    file: file.sort(),
  };
}
