import { isJsonObject } from '../../errors/json-object.ts';
import { PositionExpired } from '../../items/item-source.ts';
import type { NotionLists } from './notion.lists.ts';
import { isBefore, isPast, readSearchPlace, searchPage, type SearchPlace } from './notion.search.ts';
import type { Json } from './notion.values.ts';

interface SourcePlace {
  readonly inTrash: boolean;
  readonly search: SearchPlace;
}

export interface SourceQuery {
  readonly position?: string | undefined;
  readonly pageSize: number;
  /** Only those edited since, and then those in the trash. */
  readonly since?: Date | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface FoundSources {
  readonly sources: readonly Json[];
  readonly inTrash: boolean;
  readonly next?: string;
  readonly isCut: boolean;
}

/** The data sources that search knows. */
export async function sourcePage(lists: NotionLists, query: SourceQuery): Promise<FoundSources> {
  const { since, pageSize, signal } = query;
  const { inTrash, search } = readPlace(query.position);
  const oldestFirst = since === undefined;
  const found = await searchPage(lists, { kind: 'data_source', oldestFirst, inTrash, pageSize }, search, signal);
  const sources = found.results.filter((source) => since === undefined || !isBefore(source, since));
  const page = { sources, inTrash, isCut: found.isCut };
  if (found.next !== undefined && !isPast(since, found.results)) {
    return { ...page, next: JSON.stringify({ inTrash, search: found.next }) };
  }
  const isTrashNext = since !== undefined && !inTrash;
  return isTrashNext ? { ...page, next: JSON.stringify({ inTrash: true, search: {} }) } : page;
}

/** @throws PositionExpired for what isn't one of ours */
function readPlace(position: string | undefined): SourcePlace {
  if (position === undefined) return { inTrash: false, search: {} };
  try {
    const value: unknown = JSON.parse(position);
    const search = isJsonObject(value) ? readSearchPlace(value['search']) : undefined;
    if (isJsonObject(value) && typeof value['inTrash'] === 'boolean' && search !== undefined) {
      return { inTrash: value['inTrash'], search };
    }
  } catch {
    // Falls through: not what we wrote.
  }
  throw new PositionExpired();
}
