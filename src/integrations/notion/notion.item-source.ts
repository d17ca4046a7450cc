import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { IntegrationItem } from '../../items/integration-item.ts';
import type { ItemSource, ProviderPage, ProviderPageRequest } from '../../items/item-source.ts';
import type { ProviderApi } from '../provider-api.ts';
import { unlessWithdrawn } from '../withdrawn-object.ts';
import { blockItem, hasOwnChildren, isItemOfItsOwn } from './notion.block-mapper.ts';
import { MAX_PAGE_SIZE, NotionLists, unlessGone, type List } from './notion.lists.ts';
import { listingKey, NO_ID, readListingKey } from './notion.listing-key.ts';
import {
  commentItem,
  databaseIdOf,
  databaseItem,
  dataSourceIds,
  dataSourceItem,
  deleted,
  pageItem,
  userItem,
} from './notion.mapper.ts';
import { PageList } from './notion.page-list.ts';
import { rowPage } from './notion.row-list.ts';
import { sourcePage } from './notion.source-list.ts';
import { notionId, type Json } from './notion.values.ts';

/** Each database costs a call of its own, so a page of them is short. */
const DATABASES_A_PAGE = 10;
/** Where each result may lead to a listing of its own: a cursor has to hold those, for every level of blocks. */
const LEADING_PAGE_SIZE = 50;

/** How pages are to be listed for an item type. */
interface PagesWanted {
  readonly since: Date | undefined;
  readonly withTrash: boolean;
  readonly searchSize: number;
  /** The same for every call of the type: where such a page ends depends on it. */
  readonly rowsSize: number;
}

/** Pages, or rows of a data source, of which some item type has its items. */
interface Pages {
  readonly pages: readonly Json[];
  readonly inTrash: boolean;
  readonly below: readonly string[];
  readonly next?: string;
}

/** Everything shared with the connection. */
export class NotionItemSource implements ItemSource {
  readonly #lists: NotionLists;
  readonly #pageList: PageList;

  constructor(api: ProviderApi) {
    this.#lists = new NotionLists(api);
    this.#pageList = new PageList(this.#lists);
  }

  page(request: ProviderPageRequest): Promise<ProviderPage> {
    switch (request.itemType) {
      case 'page':
        return this.#pageItems(request);
      case 'database':
        return this.#databases(request);
      case 'data_source':
        return this.#dataSources(request);
      case 'block':
        return this.#blocks(request);
      case 'comment':
        return this.#comments(request);
      case 'user':
        return this.#users(request);
      default:
        return Promise.reject(new TypeError('Not an item type of Notion’s.'));
    }
  }

  async #pageItems(request: ProviderPageRequest): Promise<ProviderPage> {
    const { pages, inTrash, ...rest } = await this.#pages(request, {
      since: request.modifiedSince,
      withTrash: true,
      searchSize: Math.min(MAX_PAGE_SIZE, request.limit),
      rowsSize: MAX_PAGE_SIZE,
    });
    const items = itemsOf(pages, pageItem);
    return { ...rest, items: inTrash ? items.map(deleted) : items };
  }

  /** A page's time of change is that of its blocks as well, so only blocks of changed pages are asked for. */
  async #blocks(request: ProviderPageRequest): Promise<ProviderPage> {
    const below = request.listing === undefined ? undefined : readListingKey(request.listing);
    if (below?.kind !== 'in') return this.#listingsIn(request, request.modifiedSince);
    const { position, signal } = request;
    const paging = { pageSize: LEADING_PAGE_SIZE, cursor: position };
    const list = await unlessGone(this.#lists.blocks(below.id, paging, signal));
    const blocks = (list?.results ?? []).filter((block) => !isItemOfItsOwn(block));
    const parents = blocks.filter(hasOwnChildren).map(({ id }) => notionId(id));
    return {
      items: itemsOf(blocks, blockItem),
      below: parents.filter((id) => id !== undefined).map((id) => listingKey('in', id)),
      ...nextOf(list),
    };
  }

  /** A comment doesn't change its page, so those of all pages are asked for, also for an increment. */
  async #comments(request: ProviderPageRequest): Promise<ProviderPage> {
    const below = request.listing === undefined ? undefined : readListingKey(request.listing);
    if (below?.kind !== 'in') return this.#listingsIn(request, undefined);
    const { position, signal } = request;
    const paging = { pageSize: MAX_PAGE_SIZE, cursor: position };
    const list = await unlessGone(this.#lists.comments(below.id, paging, signal));
    return { items: itemsOf(list?.results ?? [], commentItem), ...nextOf(list) };
  }

  async #users({ position, limit, signal }: ProviderPageRequest): Promise<ProviderPage> {
    const paging = { pageSize: Math.min(MAX_PAGE_SIZE, limit), cursor: position };
    const list = await this.#lists.users(paging, signal);
    return { items: itemsOf(list.results, userItem), ...nextOf(list) };
  }

  async #dataSources(request: ProviderPageRequest): Promise<ProviderPage> {
    const { position, listing, modifiedSince: since, limit, signal } = request;
    if (listing !== undefined) throw cutShort();
    const pageSize = Math.min(MAX_PAGE_SIZE, limit);
    const { sources, inTrash, isCut, ...next } = await sourcePage(this.#lists, { position, since, pageSize, signal });
    const items = itemsOf(sources, dataSourceItem);
    return { items: inTrash ? items.map(deleted) : items, ...cutListing(isCut), ...next };
  }

  /** Search no longer lists databases (version 2025-09-03), only their data sources: each leads to its database. */
  async #databases({ position, listing, limit, signal }: ProviderPageRequest): Promise<ProviderPage> {
    if (listing !== undefined) throw cutShort();
    const pageSize = Math.min(DATABASES_A_PAGE, limit);
    const { sources, isCut, next } = await sourcePage(this.#lists, { position, pageSize, signal });
    const sourcesByDatabase = Map.groupBy(sources, databaseIdOf);
    sourcesByDatabase.delete(undefined);
    const items = await Promise.all(
      [...sourcesByDatabase].map(([id, ofDatabase]) => this.#database(id ?? '', ofDatabase, signal)),
    );
    return {
      items: items.filter((item) => item !== undefined),
      ...cutListing(isCut),
      ...(next === undefined ? {} : { next }),
    };
  }

  async #database(id: string, sources: readonly Json[], signal?: AbortSignal): Promise<IntegrationItem | undefined> {
    const database = await unlessWithdrawn(this.#lists.database(id, signal));
    if (database === undefined) return undefined;
    // A database of several data sources is met several times, on any page. It is listed with the first of them alone.
    const [first] = dataSourceIds(database);
    const isListedHere = first === undefined || sources.some((source) => notionId(source['id']) === first);
    return isListedHere ? databaseItem(database) : undefined;
  }

  /** The pages whose blocks or comments are asked for, as listings. */
  async #listingsIn(request: ProviderPageRequest, since: Date | undefined): Promise<ProviderPage> {
    const { pages, below, next } = await this.#pages(request, {
      since,
      withTrash: false,
      searchSize: LEADING_PAGE_SIZE,
      rowsSize: LEADING_PAGE_SIZE,
    });
    const ids = pages.map(({ id }) => notionId(id)).filter((id) => id !== undefined);
    return {
      items: [],
      below: [...below, ...ids.map((id) => listingKey('in', id))],
      ...(next === undefined ? {} : { next }),
    };
  }

  async #pages({ listing, position, signal }: ProviderPageRequest, wanted: PagesWanted): Promise<Pages> {
    const { searchSize, rowsSize, ...which } = wanted;
    const query = { ...which, position, signal };
    const key = listing === undefined ? undefined : readListingKey(listing);
    if (key === undefined) {
      const found = await this.#pageList.page({ ...query, pageSize: searchSize });
      const { sourceIds, isCut, ...pages } = found;
      const below = sourceIds.map((id) => listingKey('rows', id));
      return { ...pages, below: [...below, ...(cutListing(isCut).below ?? [])] };
    }
    if (key.kind !== 'rows') throw cutShort();
    const { rows, isCut, ...rest } = await rowPage(this.#lists, { ...query, sourceId: key.id, pageSize: rowsSize });
    return { ...rest, pages: rows, below: isCut === true ? [listingKey('cut', key.id)] : [] };
  }
}

function itemsOf(records: readonly Json[], toItem: (record: Json) => IntegrationItem | undefined): IntegrationItem[] {
  return records.map(toItem).filter((item) => item !== undefined);
}

function nextOf(list: List | undefined): { next?: string } {
  return list?.next === undefined ? {} : { next: list.next };
}

/** A listing that can only fail, so that a load says what it lacks and still has all the rest. */
function cutListing(isCut: boolean): { below?: readonly string[] } {
  return isCut ? { below: [listingKey('cut', NO_ID)] } : {};
}

function cutShort(): PatchbayError {
  const message = 'Notion lists no more than 10,000 at once, and there is no way to ask for the rest of these.';
  return new PatchbayError('provider_error', message, { integration: 'notion' });
}
