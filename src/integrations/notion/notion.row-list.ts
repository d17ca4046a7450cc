import { isJsonObject } from '../../errors/json-object.ts';
import { PositionExpired } from '../../items/item-source.ts';
import type { JsonObject } from '../../oauth/oauth-client.ts';
import { unlessGone, type List, type NotionLists } from './notion.lists.ts';
import { minuteAfter, minuteOf, type Json } from './notion.values.ts';

export interface RowQuery {
  readonly sourceId: string;
  readonly position?: string | undefined;
  readonly pageSize: number;
  /** Only rows edited since, and then those in the trash. */
  readonly since?: Date | undefined;
  readonly withTrash: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface RowPage {
  readonly rows: readonly Json[];
  readonly inTrash: boolean;
  readonly next?: string;
  /** More rows were made within one minute than Notion lists. */
  readonly isCut?: true;
}

interface RowPlace {
  /** Rows made before this minute were there already. */
  readonly from?: string;
  /** The minute that fills whole pages, and the cursor in it. */
  readonly minute?: string;
  readonly cursor?: string;
  readonly inTrash?: true;
}

/**
 * The rows of a data source, the first made first. A query ends after 10,000 rows and its cursors expire, so each page is
 * a query of its own from the minute on that the page before ended in; rows of that minute wait until all of them are
 * seen together. A cursor is needed only where more rows than a page holds were made within one minute.
 */
export async function rowPage(lists: NotionLists, query: RowQuery): Promise<RowPage> {
  const place = readPlace(query.position);
  const inTrash = place.inTrash === true;
  const body: JsonObject = {
    result_type: 'page',
    sorts: [{ timestamp: 'created_time', direction: 'ascending' }],
    ...filterOf(place, query.since),
    ...(inTrash ? { in_trash: true } : {}),
  };
  let list: List | undefined;
  try {
    const paging = { pageSize: query.pageSize, cursor: place.cursor };
    list = await unlessGone(lists.rows(query.sourceId, body, paging, query.signal));
  } catch (error) {
    if (!(error instanceof PositionExpired) || place.minute === undefined) throw error;
    return { rows: [], inTrash, ...going({ ...trashOf(place), ...fromOf(place.minute) }) };
  }
  if (list === undefined) return { rows: [], inTrash };
  const { next, ...page } = cut(list, place);
  // A wiki's data source lies among the pages of another.
  const rows = page.rows.filter(({ object }) => object !== 'data_source');
  const isTrashNext = next === undefined && !inTrash && query.withTrash && query.since !== undefined;
  return { ...page, rows, inTrash, ...going(isTrashNext ? { inTrash: true } : next) };
}

/** What of a list may go out, and where the next one begins. */
function cut(list: List, place: RowPlace): { rows: readonly Json[]; next?: RowPlace; isCut?: true } {
  const minutes = minutesOf(list.results);
  if (list.next === undefined && !list.isCut) return { rows: inOrder(list.results, minutes) };
  const edge =
    place.minute === undefined
      ? minutes.indexOf(minutes.at(-1) ?? '')
      : minutes.findIndex((minute) => minute !== place.minute);
  const following = minutes[edge] ?? '';
  if (edge > 0 || (edge === 0 && place.minute !== undefined)) {
    const rows = inOrder(list.results.slice(0, edge), minutes);
    return { rows, next: { ...trashOf(place), from: following } };
  }
  const minute = place.minute ?? following;
  if (list.next !== undefined) return { rows: list.results, next: { ...place, minute, cursor: list.next } };
  if (minute === '') return { rows: list.results, isCut: true };
  return { rows: list.results, isCut: true, next: { ...trashOf(place), from: minuteAfter(minute) } };
}

/** The minute each row was made in, never falling; one that doesn't tell stands with the row before. */
function minutesOf(rows: readonly Json[]): readonly string[] {
  let latest = '';
  return rows.map((row) => {
    const minute = minuteOf(row['created_time']) ?? '';
    if (minute > latest) latest = minute;
    return latest;
  });
}

/** Notion doesn't say how it orders rows of the same minute, nor that it does so twice. */
function inOrder(rows: readonly Json[], minutes: readonly string[]): readonly Json[] {
  return rows
    .map((row, index) => ({ row, key: `${minutes[index] ?? ''} ${typeof row['id'] === 'string' ? row['id'] : ''}` }))
    .sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
    .map(({ row }) => row);
}

function filterOf({ from }: RowPlace, since: Date | undefined): JsonObject {
  const edited = since === undefined ? undefined : minuteOf(new Date(Math.max(0, since.getTime())).toISOString());
  const parts = [
    ...(from === undefined ? [] : [{ timestamp: 'created_time', created_time: { on_or_after: from } }]),
    ...(edited === undefined ? [] : [{ timestamp: 'last_edited_time', last_edited_time: { on_or_after: edited } }]),
  ];
  if (parts.length === 0) return {};
  return { filter: parts.length === 1 ? parts[0] : { and: parts } };
}

function trashOf({ inTrash }: RowPlace): RowPlace {
  return inTrash === true ? { inTrash } : {};
}

function fromOf(minute: string): RowPlace {
  return minute === '' ? {} : { from: minute };
}

function going(next: RowPlace | undefined): { next?: string } {
  return next === undefined ? {} : { next: JSON.stringify(next) };
}

/** @throws PositionExpired for what isn't one of ours */
function readPlace(position: string | undefined): RowPlace {
  if (position === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(position);
  } catch {
    throw new PositionExpired();
  }
  if (!isJsonObject(value)) throw new PositionExpired();
  const { from, minute, cursor, inTrash } = value;
  const isPlace =
    (from === undefined || minuteOf(from) === from) &&
    (minute === undefined || minute === '' || minuteOf(minute) === minute) &&
    (minute === undefined) === (cursor === undefined) &&
    (cursor === undefined || typeof cursor === 'string') &&
    (inTrash === undefined || inTrash === true);
  if (!isPlace) throw new PositionExpired();
  return value;
}
