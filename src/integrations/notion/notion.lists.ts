import { PatchbayError } from '../../errors/patchbay-error.ts';
import { object, objects, text } from '../../items/provider-values.ts';
import type { JsonObject } from '../../oauth/oauth-client.ts';
import { path, type ProviderPath } from '../../outbound/provider-path.ts';
import { unlessForgotten } from '../forgotten-position.ts';
import type { ProviderApi } from '../provider-api.ts';
import type { Json } from './notion.values.ts';

/** "Pagination": no list gives more at a time. */
export const MAX_PAGE_SIZE = 100;
/** Its code, `validation_error`, is the same for anything wrong. */
const FORGOTTEN_CURSOR = 400;

export interface List {
  readonly results: readonly Json[];
  /** The cursor of the page after this one. */
  readonly next?: string;
  /** "Query a data source": the answer stops at 10,000 results, and there are more. */
  readonly isCut: boolean;
}

interface Paging {
  readonly pageSize: number;
  readonly cursor?: string | undefined;
}

/** Notion's lists, each page of them in one shape. All of them throw PositionExpired for a cursor that is refused. */
export class NotionLists {
  readonly #api: ProviderApi;

  constructor(api: ProviderApi) {
    this.#api = api;
  }

  search(query: JsonObject, paging: Paging, signal?: AbortSignal): Promise<List> {
    return this.#post(path`/search`, query, paging, new URLSearchParams(), signal);
  }

  /** Rows with their title alone, whose property has the same id everywhere: tables can be hundreds of columns wide. */
  rows(sourceId: string, query: JsonObject, paging: Paging, signal?: AbortSignal): Promise<List> {
    const wanted = new URLSearchParams({ filter_properties: 'title' });
    return this.#post(path`/data_sources/${sourceId}/query`, query, paging, wanted, signal);
  }

  /** One level: those of a page or a block. */
  blocks(parentId: string, paging: Paging, signal?: AbortSignal): Promise<List> {
    return this.#get(path`/blocks/${parentId}/children`, {}, paging, signal);
  }

  comments(pageId: string, paging: Paging, signal?: AbortSignal): Promise<List> {
    return this.#get(path`/comments`, { block_id: pageId }, paging, signal);
  }

  users(paging: Paging, signal?: AbortSignal): Promise<List> {
    return this.#get(path`/users`, {}, paging, signal);
  }

  database(id: string, signal?: AbortSignal): Promise<Json> {
    return this.#api.get({ path: path`/databases/${id}`, ...withSignal(signal) });
  }

  dataSource(id: string, signal?: AbortSignal): Promise<Json> {
    return this.#api.get({ path: path`/data_sources/${id}`, ...withSignal(signal) });
  }

  #get(at: ProviderPath, params: Record<string, string>, { pageSize, cursor }: Paging, signal?: AbortSignal) {
    const query = new URLSearchParams({ ...params, page_size: String(pageSize) });
    if (cursor !== undefined) query.set('start_cursor', cursor);
    return listed(this.#api.get({ path: at, query, ...withSignal(signal) }), cursor);
  }

  #post(
    at: ProviderPath,
    body: JsonObject,
    { pageSize, cursor }: Paging,
    query: URLSearchParams,
    signal?: AbortSignal,
  ) {
    const json = { ...body, page_size: pageSize, ...(cursor === undefined ? {} : { start_cursor: cursor }) };
    return listed(this.#api.post({ path: at, query, json, ...withSignal(signal) }), cursor);
  }
}

/**
 * A page or block that isn't there for us any more, as against a capability the connection doesn't have: that one is 403
 * `restricted_resource` ("Status codes"), and a reason to say so.
 * @returns undefined for 404
 */
export async function unlessGone<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

async function listed(call: Promise<Json>, cursor: string | undefined): Promise<List> {
  const answer = await unlessForgotten(cursor, FORGOTTEN_CURSOR, call);
  const next = answer['has_more'] === true ? text(answer['next_cursor']) : undefined;
  const isCut = next === undefined && object(answer['request_status'])['type'] === 'incomplete';
  return { results: objects(answer['results']), isCut, ...(next === undefined ? {} : { next }) };
}

function statusOf(error: unknown): number | undefined {
  const isAnswer = error instanceof PatchbayError && error.code === 'provider_error';
  return isAnswer ? error.details.provider_status : undefined;
}

function withSignal(signal: AbortSignal | undefined) {
  return signal === undefined ? {} : { signal };
}
