import { PositionExpired } from '../../items/item-source.ts';
import { isJsonObject } from '../../errors/json-object.ts';
import type { NotionLists } from './notion.lists.ts';
import { minuteOf, type Json } from './notion.values.ts';

/** Times that the search may be begun anew without getting any further. */
const MAX_STALLS = 3;

export interface SearchQuery {
  readonly kind: 'page' | 'data_source';
  /** By the last edit. */
  readonly oldestFirst: boolean;
  readonly inTrash?: boolean;
  readonly pageSize: number;
}

/** Where a search stands. */
export interface SearchPlace {
  readonly cursor?: string;
  /** The minute of the last edit of what came last, to find back to when Notion has forgotten the cursor. */
  readonly reached?: string;
  /** Whether the search was begun anew, and what comes before `reached` was there already. */
  readonly isCatchingUp?: true;
  readonly stalls?: number;
}

export interface SearchPage {
  readonly results: readonly Json[];
  readonly next?: SearchPlace;
  /** The search ended before its end. */
  readonly isCut: boolean;
}

/**
 * One page of "Search". A cursor that Notion no longer knows doesn't begin everything anew: the search does, and what
 * lies before the minute it had reached is left out. What was edited in that very minute comes twice.
 * @throws PositionExpired when that leads nowhere
 */
export async function searchPage(
  lists: NotionLists,
  query: SearchQuery,
  place: SearchPlace,
  signal?: AbortSignal,
): Promise<SearchPage> {
  const { kind, oldestFirst, inTrash, pageSize } = query;
  const body = {
    filter: { property: 'object', value: kind, ...(inTrash === true ? { in_trash: true } : {}) },
    sort: { timestamp: 'last_edited_time', direction: oldestFirst ? 'ascending' : 'descending' },
  };
  try {
    const list = await lists.search(body, { pageSize, cursor: place.cursor }, signal);
    const results = list.results.filter((found) => !isBehind(found, place, oldestFirst));
    const after = { ...placeAfter(list.results, place, oldestFirst) };
    return {
      results,
      isCut: list.isCut,
      ...(list.next === undefined ? {} : { next: { ...after, cursor: list.next } }),
    };
  } catch (error) {
    if (!(error instanceof PositionExpired)) throw error;
    const stalls = (place.stalls ?? 0) + 1;
    if (place.reached === undefined || stalls > MAX_STALLS) throw error;
    return { results: [], isCut: false, next: { reached: place.reached, isCatchingUp: true, stalls } };
  }
}

function isBehind(found: Json, { isCatchingUp, reached = '' }: SearchPlace, oldestFirst: boolean): boolean {
  const edited = minuteOf(found['last_edited_time']);
  if (isCatchingUp !== true || edited === undefined) return false;
  return oldestFirst ? edited < reached : edited > reached;
}

function placeAfter(results: readonly Json[], place: SearchPlace, oldestFirst: boolean): SearchPlace {
  const last = results.map((found) => minuteOf(found['last_edited_time'])).findLast((minute) => minute !== undefined);
  const { reached } = place;
  if (last === undefined) return { ...place };
  const isFurther = reached === undefined || (oldestFirst ? last > reached : last < reached);
  return isFurther ? { reached: last } : { ...place, reached };
}

/** @returns undefined for what is no place in a search */
export function readSearchPlace(value: unknown): SearchPlace | undefined {
  if (!isJsonObject(value)) return undefined;
  const { cursor, reached, isCatchingUp, stalls } = value;
  const isPlace =
    (cursor === undefined || typeof cursor === 'string') &&
    (reached === undefined || minuteOf(reached) === reached) &&
    (isCatchingUp === undefined || isCatchingUp === true) &&
    (stalls === undefined || Number.isSafeInteger(stalls));
  return isPlace ? value : undefined;
}

/** Whether a search that goes back in time has passed the time it was asked to go back to. */
export function isPast(since: Date | undefined, results: readonly Json[]): boolean {
  const oldest = results.at(-1);
  return since !== undefined && oldest !== undefined && isBefore(oldest, since);
}

/** An edit is told by its minute, so the whole of it must lie before. */
export function isBefore(found: Json, since: Date): boolean {
  const edited = minuteOf(found['last_edited_time']);
  return edited !== undefined && Date.parse(edited) + 60_000 <= since.getTime();
}
