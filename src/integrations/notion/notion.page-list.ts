import { isJsonObject } from '../../errors/json-object.ts';
import { PositionExpired } from '../../items/item-source.ts';
import { KnownIds } from './notion.known-ids.ts';
import { unlessGone, type NotionLists } from './notion.lists.ts';
import { dataSourceIdOf } from './notion.mapper.ts';
import { isBefore, isPast, readSearchPlace, searchPage, type SearchPlace } from './notion.search.ts';
import { minuteOf, notionId, type Json } from './notion.values.ts';

/** Each leads to a listing of its own, and a cursor has to hold those. */
const SOURCES_A_PAGE = 25;
/** Data sources that a row was found of and that aren't shared themselves; more are asked for again. */
const MAX_UNREADABLE = 1000;

const PHASES = ['sources', 'pages', 'trash'] as const;

interface PagePlace {
  readonly phase: (typeof PHASES)[number];
  readonly search: SearchPlace;
  /** The data sources whose rows are listed, packed. */
  readonly known: string;
  /** The minute this listing began in. */
  readonly began: string;
}

export interface PageQuery {
  readonly position?: string | undefined;
  readonly pageSize: number;
  readonly since?: Date | undefined;
  readonly withTrash: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface FoundPages {
  readonly pages: readonly Json[];
  readonly inTrash: boolean;
  /** Data sources whose rows are pages as well, and are to be listed now. */
  readonly sourceIds: readonly string[];
  readonly next?: string;
  /** Search ended before its end. */
  readonly isCut: boolean;
}

/**
 * All pages there are. Search alone leaves some out ("Search optimizations and limitations"), above all rows, so rows are
 * listed by querying their data source and search is for all other pages. A row that search knows is passed over when its
 * data source was queried; when it wasn't, because the search doesn't know that one (yet), it is queried now; and when it
 * can't be, because the row alone is shared, the row is taken.
 *
 * Which ones were queried is known by {@link KnownIds}: a row shared alone, or a data source that search gives again and in
 * truth for the first time, is lost once in 10,000 times at most. When that is full, no one can tell any more whether a data
 * source was queried: its rows are taken from search, and come twice when it was, rather than not at all when it wasn't.
 */
export class PageList {
  readonly #lists: NotionLists;
  readonly #unreadable = new Set<string>();

  constructor(lists: NotionLists) {
    this.#lists = lists;
  }

  async page(query: PageQuery): Promise<FoundPages> {
    const place = readPlace(query.position);
    const known = new KnownIds(place.known);
    if (place.phase === 'sources') return this.#sources(query, place, known);
    return place.phase === 'pages' ? this.#pages(query, place, known) : this.#trash(query, place, known);
  }

  /** Those edited long ago as well: an edited row doesn't edit its data source. */
  async #sources(query: PageQuery, place: PagePlace, known: KnownIds): Promise<FoundPages> {
    const search = { kind: 'data_source', oldestFirst: true, pageSize: SOURCES_A_PAGE } as const;
    const found = await searchPage(this.#lists, search, place.search, query.signal);
    const sourceIds = found.results.flatMap((source) => {
      const id = notionId(source['id']);
      // One that was edited meanwhile comes again, at the end.
      const mayComeAgain =
        place.search.isCatchingUp === true || (minuteOf(source['last_edited_time']) ?? '') >= place.began;
      if (id === undefined || (mayComeAgain && known.has(id))) return [];
      known.add(id);
      return [id];
    });
    const next = found.next === undefined ? { phase: 'pages' as const } : { search: found.next };
    return { pages: [], inTrash: false, sourceIds, isCut: found.isCut, next: written(place, known, next) };
  }

  /** Oldest first, so that what is edited meanwhile comes again instead of slipping through; with a time to go back to, newest first. */
  async #pages(query: PageQuery, place: PagePlace, known: KnownIds): Promise<FoundPages> {
    const { since, pageSize, signal, withTrash } = query;
    const search = { kind: 'page', oldestFirst: since === undefined, pageSize } as const;
    const found = await searchPage(this.#lists, search, place.search, signal);
    const wanted = found.results.filter((page) => since === undefined || !isBefore(page, since));
    const sourceIds = known.isFull ? [] : await this.#readable(wanted, known, signal);
    const pages = wanted.filter((page) => !isRowOf(page, known) && !isRowOf(page, new Set(sourceIds)));
    for (const id of sourceIds) known.add(id);
    const isOver = found.next === undefined || isPast(since, found.results);
    const trash = since !== undefined && withTrash ? { phase: 'trash' as const } : undefined;
    const next = isOver ? trash : { search: found.next };
    return { pages, inTrash: false, sourceIds, isCut: found.isCut, ...going(place, known, next) };
  }

  async #trash(query: PageQuery, place: PagePlace, known: KnownIds): Promise<FoundPages> {
    const { since, pageSize, signal } = query;
    const search = { kind: 'page', oldestFirst: false, inTrash: true, pageSize } as const;
    const found = await searchPage(this.#lists, search, place.search, signal);
    const wanted = found.results.filter((page) => since === undefined || !isBefore(page, since));
    const pages = wanted.filter((page) => !isRowOf(page, known));
    const isOver = found.next === undefined || isPast(since, found.results);
    return {
      pages,
      inTrash: true,
      sourceIds: [],
      isCut: found.isCut,
      ...going(place, known, isOver ? undefined : { search: found.next }),
    };
  }

  /** Data sources that rows were found of, that weren't queried and can be. */
  async #readable(pages: readonly Json[], known: KnownIds, signal: AbortSignal | undefined): Promise<string[]> {
    const ids = new Set(pages.map(dataSourceIdOf).filter((id) => id !== undefined));
    const unknown = [...ids].filter((id) => !known.has(id) && !this.#unreadable.has(id));
    const isReadable = await Promise.all(unknown.map((id) => this.#isReadable(id, signal)));
    return unknown.filter((_id, index) => isReadable[index]);
  }

  async #isReadable(id: string, signal: AbortSignal | undefined): Promise<boolean> {
    if ((await unlessGone(this.#lists.dataSource(id, signal))) !== undefined) return true;
    if (this.#unreadable.size < MAX_UNREADABLE) this.#unreadable.add(id);
    return false;
  }
}

function isRowOf(page: Json, sources: { has(id: string): boolean }): boolean {
  const id = dataSourceIdOf(page);
  return id !== undefined && sources.has(id);
}

function going(place: PagePlace, known: KnownIds, next: Partial<PagePlace> | undefined): { next?: string } {
  return next === undefined ? {} : { next: written(place, known, next) };
}

function written({ phase, began }: PagePlace, known: KnownIds, next: Partial<PagePlace>): string {
  return JSON.stringify({ phase, began, known: known.toString(), search: {}, ...next });
}

/** @throws PositionExpired for what isn't one of ours */
function readPlace(position: string | undefined): PagePlace {
  if (position === undefined) {
    return { phase: 'sources', search: {}, known: '', began: minuteOf(new Date().toISOString()) ?? '' };
  }
  try {
    const value: unknown = JSON.parse(position);
    if (!isJsonObject(value)) throw new PositionExpired();
    const { phase: name, known, began } = value;
    const search = readSearchPlace(value['search']);
    const phase = PHASES.find((one) => one === name);
    if (phase === undefined || search === undefined || typeof known !== 'string' || typeof began !== 'string') {
      throw new PositionExpired();
    }
    new KnownIds(known);
    return { phase, search, known, began };
  } catch {
    throw new PositionExpired();
  }
}
