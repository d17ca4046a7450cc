import type { ProviderPage, ProviderPageRequest } from '../../items/item-source.ts';
import { object, objects, text } from '../../items/provider-values.ts';
import { path } from '../../outbound/provider-path.ts';
import { unlessForgotten } from '../forgotten-position.ts';
import type { ProviderApi } from '../provider-api.ts';
import { unlessWithdrawn } from '../withdrawn-object.ts';
import { cancelledBy, FORGOTTEN_OFFSET, type Cancel, type Json } from './airtable.calls.ts';
import { airtableId, keyOf } from './airtable.keys.ts';
import { LatestAnswers } from './airtable.latest-answers.ts';
import { recordItem, recordName, type TablePlace } from './airtable.mapper.ts';
import type { AirtableSchemas } from './airtable.schemas.ts';

const MAX_PAGE_SIZE = 100;
/** Each of them may become a listing in a cursor. */
const PAGE_SIZE_ABOVE_COMMENTS = 50;
/** "List records": a URL may have 16,000 characters, of which the path takes some; what is longer goes in a body. */
const MAX_QUERY_LENGTH = 15_000;
/** Names of the records whose comments are being read. */
const MOST_NAMES = 1_000;
const LONGEST_NAME_KEPT = 1_000;

interface RecordQuery {
  readonly place: TablePlace;
  readonly pageSize: number;
  readonly offset: string | undefined;
  readonly formula?: string;
  readonly withCommentCount?: boolean;
}

/** "List records", of each only what an item is made of. */
export class AirtableRecords {
  readonly #api: ProviderApi;
  readonly #schemas: AirtableSchemas;
  readonly #names = new LatestAnswers<string | null>(MOST_NAMES);

  constructor(api: ProviderApi, schemas: AirtableSchemas) {
    this.#api = api;
    this.#schemas = schemas;
  }

  /** @throws PositionExpired */
  async page(baseId: string, tableId: string, request: ProviderPageRequest): Promise<ProviderPage> {
    const { position: offset, limit, modifiedSince, signal } = request;
    const table = await this.#schemas.table(baseId, tableId, signal);
    if (table === undefined) return { items: [] };
    const place = { baseId, table };
    const pageSize = Math.min(MAX_PAGE_SIZE, Math.max(1, limit));
    const formula = modifiedSince === undefined ? {} : { formula: changedSince(modifiedSince) };
    const { records, next } = await this.#list({ place, pageSize, offset, ...formula }, signal);
    const items = records
      .map((record) => recordItem(record, place, modifiedSince))
      .filter((item) => item !== undefined);
    return { items, ...next };
  }

  /** The records that have comments, as listings. @throws PositionExpired */
  async withComments(baseId: string, tableId: string, request: ProviderPageRequest): Promise<ProviderPage> {
    const { position: offset, signal } = request;
    const table = await this.#schemas.table(baseId, tableId, signal);
    if (table === undefined) return { items: [] };
    const place = { baseId, table };
    const query = { place, pageSize: PAGE_SIZE_ABOVE_COMMENTS, offset, withCommentCount: true };
    const { records, next } = await this.#list(query, signal);
    const below: string[] = [];
    for (const record of records) {
      const id = airtableId(record['id']);
      if (id === undefined || !(Number(record['commentCount']) > 0)) continue;
      below.push(keyOf(baseId, tableId, id));
      this.#keepName(keyOf(baseId, tableId, id), recordName(record, table));
    }
    return { items: [], below, ...next };
  }

  /** The name of one record: kept from its listing, or, when a load goes on elsewhere, read again. */
  async nameOf(baseId: string, tableId: string, recordId: string, signal: Cancel): Promise<string | null> {
    return this.#names.get(keyOf(baseId, tableId, recordId), async () => {
      const table = await this.#schemas.table(baseId, tableId, signal);
      if (table?.primary === undefined) return null;
      const query = new URLSearchParams({ returnFieldsByFieldId: 'true' });
      const call = { path: path`/${baseId}/${tableId}/${recordId}`, query, ...cancelledBy(signal) };
      const record = await unlessWithdrawn(this.#api.get(call));
      return record === undefined ? null : recordName(record, table);
    });
  }

  #keepName(key: string, name: string | null): void {
    if ((name?.length ?? 0) <= LONGEST_NAME_KEPT) this.#names.set(key, Promise.resolve(name));
  }

  async #list(query: RecordQuery, signal: Cancel) {
    const call = unlessWithdrawn(this.#ask(query, signal));
    const answer = await unlessForgotten(query.offset, FORGOTTEN_OFFSET, call);
    const next = text(answer?.['offset']);
    return { records: objects(answer?.['records']), next: next === undefined ? {} : { next } };
  }

  #ask({ place, pageSize, offset, formula, withCommentCount }: RecordQuery, signal: Cancel): Promise<Json> {
    const { baseId, table } = place;
    const parameters = {
      pageSize,
      // Fields by their id: a name may be changed between the schema and this.
      returnFieldsByFieldId: true,
      fields: [table.primary?.id, table.changedFieldId].filter((id) => id !== undefined),
      ...(offset === undefined ? {} : { offset }),
      ...(formula === undefined ? {} : { filterByFormula: formula }),
      ...(withCommentCount === true ? { recordMetadata: ['commentCount'] } : {}),
    };
    const query = asQuery(parameters);
    return query.toString().length <= MAX_QUERY_LENGTH
      ? this.#api.get({ path: path`/${baseId}/${table.id}`, query, ...cancelledBy(signal) })
      : this.#api.post({ path: path`/${baseId}/${table.id}/listRecords`, json: parameters, ...cancelledBy(signal) });
  }
}

/**
 * No parameter asks for what changed, but a formula can. A record that was never edited may have no time of change, so its
 * making counts as well; the second before makes up for "after". Before 1970 there was no Airtable, and a formula may not know every year.
 */
function changedSince(since: Date): string {
  const after = new Date(Math.max(0, since.getTime() - 1_000)).toISOString();
  return `OR(IS_AFTER(LAST_MODIFIED_TIME(),'${after}'),IS_AFTER(CREATED_TIME(),'${after}'))`;
}

function asQuery(parameters: Json): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(object(parameters))) {
    if (Array.isArray(value)) for (const one of value) query.append(`${name}[]`, String(one));
    else query.set(name, String(value));
  }
  return query;
}
