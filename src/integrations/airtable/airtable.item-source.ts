import type { ItemSource, ProviderPage, ProviderPageRequest } from '../../items/item-source.ts';
import type { ProviderApi } from '../provider-api.ts';
import { AirtableBases } from './airtable.bases.ts';
import { AirtableComments } from './airtable.comments.ts';
import { idsIn, keyOf, noSuchListing } from './airtable.keys.ts';
import { baseItem, tableItem } from './airtable.mapper.ts';
import { AirtableRecords } from './airtable.records.ts';
import { AirtableSchemas } from './airtable.schemas.ts';
import { requireScopes } from './airtable.scopes.ts';
import { readPlace, windowAt, writePlace } from './airtable.window.ts';

/** About; each base is a call of its own, so several are to be asked for at the same time. */
const TABLES_A_BASE = 5;

/**
 * Bases hold tables, tables records, records comments: each type's listings lead from the bases down to its own, and a
 * listing's key is the ids on the way to it.
 */
export class AirtableItemSource implements ItemSource {
  readonly #api: ProviderApi;
  readonly #bases: AirtableBases;
  readonly #schemas: AirtableSchemas;
  readonly #records: AirtableRecords;
  readonly #comments: AirtableComments;

  constructor(api: ProviderApi) {
    this.#api = api;
    this.#bases = new AirtableBases(api);
    this.#schemas = new AirtableSchemas(api);
    this.#records = new AirtableRecords(api, this.#schemas);
    this.#comments = new AirtableComments(api, this.#records);
  }

  async page(request: ProviderPageRequest): Promise<ProviderPage> {
    const { itemType, listing, position, signal } = request;
    const [baseId, tableId, recordId] = listing === undefined ? [] : idsIn(listing);
    if (itemType === 'base' && baseId === undefined) return this.#basePage(request);
    if (baseId === undefined) {
      if (position === undefined) await requireScopes(this.#api, itemType, signal);
      const page = await this.#bases.below(position, signal);
      return itemType === 'table' ? { ...page, eachBelow: TABLES_A_BASE } : page;
    }
    if (tableId === undefined) {
      if (itemType === 'table') return this.#tablePage(baseId, request);
      if (itemType === 'record' || itemType === 'comment') return this.#tablesBelow(baseId, request);
    } else if (recordId === undefined) {
      if (itemType === 'record') return this.#records.page(baseId, tableId, request);
      if (itemType === 'comment') return this.#records.withComments(baseId, tableId, request);
    } else if (itemType === 'comment') {
      return this.#comments.page([baseId, tableId, recordId], request);
    }
    throw noSuchListing();
  }

  async #basePage({ position, signal }: ProviderPageRequest): Promise<ProviderPage> {
    const { bases, next } = await this.#bases.list(position, signal);
    return { items: bases.map(baseItem), ...(next === undefined ? {} : { next }) };
  }

  async #tablePage(baseId: string, { signal }: ProviderPageRequest): Promise<ProviderPage> {
    const tables = await this.#schemas.tables(baseId, signal);
    if (tables.length === 0) return { items: [] };
    const base = await this.#bases.withName(baseId, signal);
    return { items: tables.map((table) => tableItem(table, base)) };
  }

  async #tablesBelow(baseId: string, { position, signal }: ProviderPageRequest): Promise<ProviderPage> {
    const tables = await this.#schemas.tables(baseId, signal);
    const window = windowAt(
      tables.map(({ id }) => id),
      readPlace(position),
    );
    const below = window.ids.map((id) => keyOf(baseId, id));
    return { items: [], below, ...(window.following === undefined ? {} : { next: writePlace(window.following) }) };
  }
}
