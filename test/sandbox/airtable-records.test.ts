import { afterEach, describe, expect, it } from '@jest/globals';
import Airtable from 'airtable';
import type { Sandbox, SandboxOptions } from '../../sandbox/sandbox.ts';
import { authorizeUrl, closeSandboxes, decide, exchangeCode, openSandbox, readStats } from './connect.ts';

const RECORDS = 'data.records:read schema.bases:read';
const COMMENTS = `${RECORDS} data.recordComments:read`;

interface Field {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

interface Table {
  readonly id: string;
  readonly name: string;
  readonly primaryFieldId: string;
  readonly fields: readonly Field[];
}

interface Comment {
  readonly id: string;
  readonly createdTime: string;
  readonly lastUpdatedTime: string | null;
  readonly text: string;
  readonly author: { readonly id: string };
  readonly mentioned?: Readonly<Record<string, { readonly displayName: string }>>;
  readonly parentCommentId?: string;
}

interface Scene {
  readonly sandbox: Sandbox;
  readonly base: Airtable.Base;
  readonly tables: readonly Table[];
}

/** The first base of an account that granted `scope`, through the official SDK. */
async function open(options: SandboxOptions = {}, scope = RECORDS): Promise<Scene> {
  const sandbox = await openSandbox({ items: 60, ...options });
  const location = await decide(authorizeUrl(sandbox, 'airtable', { scope }));
  const { body } = await exchangeCode(sandbox, 'airtable', location.searchParams.get('code') ?? '');
  const airtable = new Airtable({
    apiKey: String(body['access_token']),
    endpointUrl: `${sandbox.url}/airtable`,
    noRetryIfRateLimited: true,
  });
  const meta = async (path: string) => (await airtable.base('meta').makeRequest({ path })).body as unknown;
  const { bases } = (await meta('/bases')) as { bases: { id: string }[] };
  const baseId = bases[0]!.id;
  const { tables } = (await meta(`/bases/${baseId}/tables`)) as { tables: Table[] };
  return { sandbox, base: airtable.base(baseId), tables };
}

async function comments({ base }: Scene, table: Table, recordId: string, qs: Record<string, string> = {}) {
  const answer = await base.makeRequest({ path: `/${table.id}/${recordId}/comments`, qs });
  return answer.body as unknown as { comments: Comment[]; offset: string | null };
}

afterEach(closeSandboxes);

describe('records at the sandbox’s Airtable, through the official SDK', () => {
  it('are paged through, leaving empty cells out', async () => {
    const { base, tables } = await open({ airtable: { recordsPerTable: 250 } });
    const table = tables[0]!;
    const records = await base(table.name).select().all();
    expect(new Set(records.map(({ id }) => id)).size).toBe(250);
    expect(records.some(({ fields }) => !('Status' in fields))).toBe(true);
    expect(records.flatMap(({ fields }) => Object.values(fields))).not.toContain(null);
    const one = await base(table.id).find(records[217]!.id);
    expect(one.fields).toEqual(records[217]!.fields);
  });

  it('come with the fields that were asked for alone, by id if so wished, by URL and by body', async () => {
    const { base, tables, sandbox } = await open();
    const { id, primaryFieldId } = tables[0]!;
    const select = { fields: [primaryFieldId], returnFieldsByFieldId: true };
    const records = await base(id).select(select).all();
    expect(new Set(records.flatMap(({ fields }) => Object.keys(fields)))).toEqual(new Set([primaryFieldId]));
    // A query that is too long for a URL.
    const many = await base(id)
      .select({ ...select, fields: [primaryFieldId, ...Array.from({ length: 2_000 }, () => 'nothing…')] })
      .all();
    expect(many.map(({ fields }) => fields)).toEqual(records.map(({ fields }) => fields));
    expect((await readStats(sandbox)).airtable.requests['POST /v0/{baseId}/{table}/listRecords']).toBe(1);
  });

  it('have names of many kinds', async () => {
    const { tables } = await open({ airtable: { tablesPerBase: 40 } });
    const primaries = tables.map((table) => table.fields.find(({ id }) => id === table.primaryFieldId)?.type);
    expect(primaries[0]).toBe('singleLineText');
    for (const kind of [
      'formula',
      'rollup',
      'multipleLookupValues',
      'barcode',
      'aiText',
      'date',
      'currency',
      'duration',
    ]) {
      expect(primaries).toContain(kind);
    }
  });

  it('are found by what changed since, as each shows it, made or edited', async () => {
    const { base, tables } = await open({ airtable: { tablesPerBase: 2, recordsPerTable: 300 } });
    const table = tables.find(({ fields }) => fields.some(({ type }) => type === 'lastModifiedTime'))!;
    const all = await base(table.id).select().all();
    const changed = all.map(({ fields }) => fields['Changed'] as string).sort();
    const since = changed[200]!;
    const find = async (formula: string) => {
      const found = await base(table.id).select({ filterByFormula: formula }).all();
      return found.map(({ fields }) => fields['Changed'] as string).sort();
    };
    const after = `IS_AFTER(LAST_MODIFIED_TIME(),'${since}')`;
    expect(await find(after)).toEqual(changed.filter((time) => time > since));
    expect(await find(`OR(${after},IS_AFTER(CREATED_TIME(),'${since}'))`)).toEqual(await find(after));
    await expect(find("{Name}='x'")).rejects.toMatchObject({ statusCode: 422, error: 'INVALID_REQUEST_UNKNOWN' });
  });

  it('are of 200 tables with 500 records each, when asked', async () => {
    const { base, tables, sandbox } = await open({ airtable: { bases: 1, tablesPerBase: 200, recordsPerTable: 500 } });
    expect(new Set(tables.map(({ id }) => id)).size).toBe(200);
    expect(new Set(tables.map(({ name }) => name)).size).toBe(200);
    expect(await base(tables[199]!.id).select().all()).toHaveLength(500);
    expect(await base(tables[198]!.name).select({ maxRecords: 3 }).all()).toHaveLength(3);
    expect((await readStats(sandbox)).airtable.requests['GET /v0/{baseId}/{table}']).toBe(6);
  });

  it('are forgotten in the middle as often as told', async () => {
    const { base, tables } = await open({ airtable: { recordsPerTable: 250, iteratorExpiries: 1 } });
    const all = () => base(tables[0]!.id).select().all();
    const gone = { statusCode: 422, error: 'LIST_RECORDS_ITERATOR_NOT_AVAILABLE' };
    await expect(all()).rejects.toMatchObject(gone);
    expect(await all()).toHaveLength(250);
  });
});

describe('comments at the sandbox’s Airtable, through the official SDK', () => {
  it('are counted with their records when that is asked', async () => {
    const scene = await open({ airtable: { recordsPerTable: 90 } }, COMMENTS);
    const table = scene.tables[0]!;
    const counted = await scene
      .base(table.id)
      .select({ recordMetadata: ['commentCount'] })
      .all();
    expect(new Set(counted.map(({ commentCount }) => commentCount))).toEqual(new Set([0, 1, 2]));
    for (const { id, commentCount } of counted) {
      expect((await comments(scene, table, id)).comments).toHaveLength(commentCount!);
    }
    const uncounted = await scene.base(table.id).select().all();
    expect(uncounted.every(({ commentCount }) => commentCount === undefined)).toBe(true);
  });

  it('are listed the newest first, page by page, a reply naming what it replies to', async () => {
    const scene = await open({ airtable: { recordsPerTable: 90 } }, COMMENTS);
    const table = scene.tables[0]!;
    const counted = await scene
      .base(table.id)
      .select({ recordMetadata: ['commentCount'] })
      .all();
    const { id } = counted.find(({ commentCount }) => commentCount === 2)!;
    const first = await comments(scene, table, id, { pageSize: '1' });
    const last = await comments(scene, table, id, { pageSize: '1', offset: first.offset! });
    expect(last.offset).toBeNull();
    const [reply, start] = [first.comments[0]!, last.comments[0]!];
    expect(reply.parentCommentId).toBe(start.id);
    expect(reply.createdTime > start.createdTime).toBe(true);
    expect((await comments(scene, table, id)).comments).toEqual([reply, start]);
  });

  it('say beside the text who is mentioned in it', async () => {
    const scene = await open({ airtable: { recordsPerTable: 90 } }, COMMENTS);
    const table = scene.tables[0]!;
    const counted = await scene
      .base(table.id)
      .select({ recordMetadata: ['commentCount'] })
      .all();
    const lists = await Promise.all(counted.map(({ id }) => comments(scene, table, id)));
    const mention = lists.flatMap((list) => list.comments).find(({ mentioned }) => mentioned !== undefined)!;
    const [id] = Object.keys(mention.mentioned!);
    expect(mention.text).toContain(`@[${id!}]`);
  });

  it('are refused without their scope, as if there were no such table', async () => {
    const scene = await open({}, RECORDS);
    const table = scene.tables[0]!;
    const [record] = await scene.base(table.id).select({ maxRecords: 1 }).all();
    await expect(comments(scene, table, record!.id)).rejects.toMatchObject({ statusCode: 403 });
  });
});
