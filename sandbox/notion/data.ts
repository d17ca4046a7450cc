import { Draw } from '../core/draw.ts';
import { uuid } from '../core/identifiers.ts';
import { titleOf } from '../core/names.ts';
import { newestFirst } from '../core/timeline.ts';
import { notionAccount, type NotionAccount } from './account.ts';

/** Rows of a data source are numbered below this, so that (source, row) fits into one number. */
const MAX_ROWS = 2 ** 24;
const GROUP = 5;
/** Each costs a call of its own, however many things there are. */
const MAX_SOURCES = 40;
const DAY_MS = 86_400_000;
/** One page in so many lies in the trash. */
const TRASH_EVERY = 41;
/** So many rows in a row were made in the same minute. */
const ROWS_A_MINUTE = 3;

export type Parent =
  | { readonly kind: 'workspace' }
  | { readonly kind: 'page'; readonly index: number }
  | { readonly kind: 'block'; readonly index: number }
  | { readonly kind: 'source'; readonly source: number };

/** A page standing alone (`source` null, `index` its place in the search) or a row of a data source. */
export interface PageRef {
  readonly source: number | null;
  readonly index: number;
}

export type Hit =
  { readonly kind: 'page'; readonly page: PageRef } | { readonly kind: 'source'; readonly source: number };

/**
 * One workspace as pure functions of numbers. The search lists `items` things in groups of five: a data source, a page,
 * a page below that page, and the first two rows of the data source. Data source 0 has `items` rows. Databases own one
 * data source and two, in turn. After 40 groups a page stands in the data source's place, and the rows are more of data
 * source 0. So search knows only some of the rows, as Notion's does.
 */
export class NotionData {
  readonly account: NotionAccount;
  readonly items: number;
  readonly scope: string;

  constructor(seed: string, account: number, items: number) {
    this.scope = `${seed}/notion/${account}`;
    this.items = items;
    this.account = notionAccount(seed, account);
  }

  /** What the search lists at `index`, the newest first. */
  hit(index: number): Hit {
    const group = Math.floor(index / GROUP);
    const place = index % GROUP;
    const isOfItsOwn = group < MAX_SOURCES;
    if (place === 0 && isOfItsOwn) return { kind: 'source', source: group };
    if (place < 3) return { kind: 'page', page: { source: null, index } };
    if (isOfItsOwn) return { kind: 'page', page: { source: group, index: place - 3 } };
    return { kind: 'page', page: { source: 0, index: 2 + (group - MAX_SOURCES) * 2 + place - 3 } };
  }

  /** Where the search has a row, or would have it. */
  private placeOfRow(source: number, index: number): number {
    if (index < 2) return source * GROUP + 3 + index;
    if (source > 0) return source * GROUP + 4 + (index - 1) * 3;
    return (MAX_SOURCES + Math.floor((index - 2) / 2)) * GROUP + 3 + (index % 2);
  }

  get sources(): number {
    return Math.min(MAX_SOURCES, Math.ceil(this.items / GROUP));
  }

  /** How many search results there are up to the last data source. */
  get hitsWithSources(): number {
    return Math.min(this.items, this.sources * GROUP);
  }

  rows(source: number): number {
    return source === 0 ? this.items : 2 + new Draw(`${this.scope}/rows/${source}`).int(30);
  }

  parentOf(page: PageRef): Parent {
    if (page.source !== null) return { kind: 'source', source: page.source };
    const group = Math.floor(page.index / GROUP);
    if (page.index % GROUP === 2) return { kind: 'page', index: page.index - 1 };
    if (page.index % GROUP === 0) return { kind: 'workspace' };
    if (group % 4 === 3) return { kind: 'block', index: page.index };
    return group % 3 === 1 ? { kind: 'page', index: (group - 1) * GROUP + 1 } : { kind: 'workspace' };
  }

  databaseOf(source: number): number {
    const trio = Math.floor(source / 3);
    return source % 3 === 0 ? trio * 2 : trio * 2 + 1;
  }

  sourcesOf(database: number): number[] {
    const first = Math.floor(database / 2) * 3;
    const all = database % 2 === 0 ? [first] : [first + 1, first + 2];
    return all.filter((source) => source < this.sources);
  }

  /** The page a database lies on; `null` for the top of the workspace. */
  pageOfDatabase(database: number): number | null {
    const index = (this.sourcesOf(database)[0] ?? 0) * GROUP + 1;
    return database % 3 === 2 || index >= this.items ? null : index;
  }

  isTrashed(page: PageRef): boolean {
    return page.index % TRASH_EVERY === TRASH_EVERY - 1;
  }

  /** How many rows from `start` up to before `end` lie in the trash. */
  trashedBetween(start: number, end: number): number {
    return Math.floor(end / TRASH_EVERY) - Math.floor(start / TRASH_EVERY);
  }

  title(page: PageRef): string | null {
    return titleOf(page.source === null ? `${this.scope}/page` : `${this.scope}/rows/${page.source}`, page.index);
  }

  sourceTitle(source: number): string | null {
    return titleOf(`${this.scope}/source`, source);
  }

  /**
   * Notion keeps times to the minute. Neither time of a row rises with its index, so that rows from a time on are found by
   * bisection.
   */
  times(page: PageRef): { readonly created: string; readonly edited: string } {
    const { scope, items } = this;
    if (page.source === null) {
      const times = newestFirst(scope, page.index, items);
      return { created: minute(times.createdMs), edited: minute(times.updatedMs) };
    }
    const oldestOfMinute = page.index - (page.index % ROWS_A_MINUTE) + ROWS_A_MINUTE - 1;
    const made = newestFirst(scope, this.placeOfRow(page.source, oldestOfMinute), items).updatedMs - 30 * DAY_MS;
    const edited = newestFirst(scope, this.placeOfRow(page.source, page.index), items).updatedMs;
    return { created: minute(made), edited: minute(edited) };
  }

  sourceTimes(source: number): { readonly created: string; readonly edited: string } {
    const times = newestFirst(`${this.scope}/source`, source * GROUP, this.items);
    return { created: minute(times.createdMs), edited: minute(times.updatedMs) };
  }

  pageId(page: PageRef): string {
    return page.source === null
      ? uuid.make(`${this.scope}/page`, page.index)
      : uuid.make(`${this.scope}/row`, page.source * MAX_ROWS + page.index);
  }

  sourceId(source: number): string {
    return uuid.make(`${this.scope}/source`, source);
  }

  databaseId(database: number): string {
    return uuid.make(`${this.scope}/database`, database);
  }

  /** One number for any page: those standing alone first, then the rows, source by source. */
  pageNumber({ source, index }: PageRef): number {
    return source === null ? index : (source + 1) * MAX_ROWS + index;
  }

  /** `null` for a number that no page has. */
  pageNumbered(number: number): PageRef | null {
    const index = number % MAX_ROWS;
    const source = Math.floor(number / MAX_ROWS) - 1;
    if (source >= 0) return source < this.sources && index < this.rows(source) ? { source, index } : null;
    const hit = index < this.items ? this.hit(index) : null;
    return hit?.kind === 'page' && hit.page.source === null ? hit.page : null;
  }

  findPage(id: string): PageRef | null {
    const index = uuid.index(`${this.scope}/page`, id);
    if (index !== null) return index < MAX_ROWS ? this.pageNumbered(index) : null;
    const packed = uuid.index(`${this.scope}/row`, id);
    return packed === null ? null : this.pageNumbered(packed + MAX_ROWS);
  }

  findSource(id: string): number | null {
    const source = uuid.index(`${this.scope}/source`, id);
    return source !== null && source < this.sources ? source : null;
  }

  findDatabase(id: string): number | null {
    const database = uuid.index(`${this.scope}/database`, id);
    return database !== null && this.sourcesOf(database).length > 0 ? database : null;
  }
}

function minute(ms: number): string {
  return new Date(Math.floor(ms / 60_000) * 60_000).toISOString();
}
