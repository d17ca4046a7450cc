import { Draw } from '../core/draw.ts';
import { uuid } from '../core/identifiers.ts';
import { titleOf } from '../core/names.ts';
import { newestFirst } from '../core/timeline.ts';
import { notionAccount, type NotionAccount } from './account.ts';

/** Rows of a data source are numbered below this, so that (source, row) fits into one number. */
const MAX_ROWS = 2 ** 24;
const GROUP = 5;

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
 * data source and two, in turn.
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
    if (place === 0) return { kind: 'source', source: group };
    const row = place - 3;
    return { kind: 'page', page: row >= 0 ? { source: group, index: row } : { source: null, index } };
  }

  get sources(): number {
    return Math.ceil(this.items / GROUP);
  }

  rows(source: number): number {
    return source === 0 ? this.items : 2 + new Draw(`${this.scope}/rows/${source}`).int(30);
  }

  parentOf(page: PageRef): Parent {
    if (page.source !== null) return { kind: 'source', source: page.source };
    const group = Math.floor(page.index / GROUP);
    if (page.index % GROUP === 2) return { kind: 'page', index: page.index - 1 };
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
    return page.index % 41 === 40;
  }

  title(page: PageRef): string | null {
    return titleOf(page.source === null ? `${this.scope}/page` : `${this.scope}/rows/${page.source}`, page.index);
  }

  sourceTitle(source: number): string | null {
    return titleOf(`${this.scope}/source`, source);
  }

  /** Notion keeps times to the minute. */
  times(page: PageRef): { readonly created: string; readonly edited: string } {
    const { scope, items } = this;
    const times = newestFirst(page.source === null ? scope : `${scope}/${page.source}`, page.index, items);
    return { created: minute(times.createdMs), edited: minute(times.updatedMs) };
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

  blockId(index: number): string {
    return uuid.make(`${this.scope}/block`, index);
  }

  findPage(id: string): PageRef | null {
    const index = uuid.index(`${this.scope}/page`, id);
    if (index !== null) {
      const hit = index < this.items ? this.hit(index) : null;
      return hit?.kind === 'page' && hit.page.source === null ? hit.page : null;
    }
    const packed = uuid.index(`${this.scope}/row`, id);
    if (packed === null) return null;
    const row = { source: Math.floor(packed / MAX_ROWS), index: packed % MAX_ROWS };
    return row.source < this.sources && row.index < this.rows(row.source) ? row : null;
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
