import type { IntegrationItem } from '../../items/integration-item.ts';
import type { ItemSource, ProviderPage, ProviderPageRequest } from '../../items/item-source.ts';
import { objects, text } from '../../items/provider-values.ts';
import type { JsonObject } from '../../oauth/oauth-client.ts';
import { path } from '../../outbound/provider-path.ts';
import type { ProviderApi } from '../provider-api.ts';
import { unlessWithdrawn } from '../withdrawn-object.ts';
import { databaseIdOf, databaseItem, dataSourceIds, dataSourceItem, notionId, pageItem } from './notion.mapper.ts';

const MAX_PAGE_SIZE = 100;
const MINUTE_MS = 60_000;
/** Each database costs a call of its own, so a page of them is short. */
const DATABASES_A_PAGE = 10;

interface Found {
  readonly results: readonly JsonObject[];
  readonly next?: string;
}

/** Everything shared with the connection, as "Search" lists it. */
export class NotionItemSource implements ItemSource {
  readonly #api: ProviderApi;

  constructor(api: ProviderApi) {
    this.#api = api;
  }

  page(request: ProviderPageRequest): Promise<ProviderPage> {
    if (request.itemType === 'database') return this.#databases(request);
    return request.itemType === 'data_source'
      ? this.#listed(request, 'data_source', dataSourceItem)
      : this.#listed(request, 'page', pageItem);
  }

  async #listed(
    request: ProviderPageRequest,
    kind: 'page' | 'data_source',
    toItem: (record: JsonObject) => IntegrationItem | undefined,
  ): Promise<ProviderPage> {
    const found = await this.#search(request, kind, Math.min(MAX_PAGE_SIZE, request.limit));
    const items = found.results.map(toItem).filter((item) => item !== undefined);
    return found.next === undefined || isPast(request, items) ? { items } : { items, next: found.next };
  }

  /** Search no longer lists databases (version 2025-09-03), only their data sources: each leads to its database. */
  async #databases(request: ProviderPageRequest): Promise<ProviderPage> {
    const size = Math.min(DATABASES_A_PAGE, request.limit);
    const { results, next } = await this.#search(request, 'data_source', size);
    const sourcesByDatabase = Map.groupBy(results, databaseIdOf);
    sourcesByDatabase.delete(undefined);
    const items = await Promise.all(
      [...sourcesByDatabase].map(([id, sources]) => this.#database(request, id ?? '', sources)),
    );
    return { items: items.filter((item) => item !== undefined), ...(next === undefined ? {} : { next }) };
  }

  async #database(
    { signal }: ProviderPageRequest,
    id: string,
    sources: readonly JsonObject[],
  ): Promise<IntegrationItem | undefined> {
    const call = { path: path`/databases/${id}`, ...(signal === undefined ? {} : { signal }) };
    const database = await unlessWithdrawn(this.#api.get(call));
    if (database === undefined) return undefined;
    // A database of several data sources is met several times, on any page. It is listed with the first of them alone.
    const [first] = dataSourceIds(database);
    const isListedHere = first === undefined || sources.some((source) => notionId(source['id']) === first);
    return isListedHere ? databaseItem(database) : undefined;
  }

  async #search(request: ProviderPageRequest, kind: string, pageSize: number): Promise<Found> {
    const { position, modifiedSince, signal } = request;
    // Oldest first, so that what is edited meanwhile comes again at the end instead of slipping through. With a time to
    // go back to, newest first, so that the listing can stop there.
    const direction = modifiedSince === undefined ? 'ascending' : 'descending';
    const answer = await this.#api.post({
      path: path`/search`,
      json: {
        filter: { property: 'object', value: kind },
        sort: { timestamp: 'last_edited_time', direction },
        page_size: pageSize,
        ...(position === undefined ? {} : { start_cursor: position }),
      },
      ...(signal === undefined ? {} : { signal }),
    });
    const next = answer['has_more'] === true ? text(answer['next_cursor']) : undefined;
    return { results: objects(answer['results']), ...(next === undefined ? {} : { next }) };
  }
}

/** Whether a listing that goes back in time has passed the time it was asked to go back to. */
function isPast({ modifiedSince }: ProviderPageRequest, items: readonly IntegrationItem[]): boolean {
  const oldest = items.at(-1)?.last_modified_time;
  if (modifiedSince === undefined || oldest === null || oldest === undefined) return false;
  // "last_edited_time" is cut to the minute: the whole minute must lie before.
  return Date.parse(oldest) + MINUTE_MS <= modifiedSince.getTime();
}
