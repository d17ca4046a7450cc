import { json, type Reply } from '../core/message.ts';
import type { HubspotData } from './data.ts';
import { hubspotError } from './errors.ts';
import type { Granted } from './granted.ts';
import type { ObjectType } from './object-types.ts';
import { compare, firstMatch, matcher, propertyReader } from './search-filter.ts';
import { BadSearch, readSearch, type SearchRequest } from './search-request.ts';

/** "Search the CRM". Nothing in the bin is found, and no associations come along. */
export function searchObjects({ call, data }: Granted, type: ObjectType): Reply {
  try {
    const known = Object.keys(data.allProperties(type, 0));
    const search = readSearch(call.json ?? {}, type, known);
    const { total, found } =
      search.groups.length > 0 || search.query ? filtered(data, type, search) : all(data, type, search);
    const end = search.after + search.limit;
    return json(200, {
      total,
      results: found.map((index) => data.object(type, index, search.properties)),
      ...(end < total ? { paging: { next: { after: String(end) } } } : {}),
    });
  } catch (error) {
    if (error instanceof BadSearch) return hubspotError(400, 'VALIDATION_ERROR', error.message);
    throw error;
  }
}

interface Found {
  readonly total: number;
  /** Positions of those on the page. */
  readonly found: readonly number[];
}

/** Without filters the number is known, and without a sort the page is near the start: a million need not be looked at. */
function all(data: HubspotData, type: ObjectType, search: SearchRequest): Found {
  if (search.sort) return filtered(data, type, search);
  const found: number[] = [];
  let passed = 0;
  for (let index = 0; index < data.items && found.length < search.limit; index++) {
    if (!data.isArchived(index) && ++passed > search.after) found.push(index);
  }
  return { total: data.live, found };
}

function filtered(data: HubspotData, type: ObjectType, search: SearchRequest): Found {
  const matches = matcher(data, type, search);
  const { after, limit, sort } = search;
  const inOrder: number[] = [];
  const isById = !sort || (sort.property === 'hs_object_id' && !sort.descending);
  let total = 0;
  for (let index = firstMatch(data, type, search); index < data.items; index++) {
    if (!matches(index)) continue;
    total += 1;
    if (!isById || (total > after && inOrder.length < limit)) inOrder.push(index);
  }
  if (isById) return { total, found: inOrder };
  return { total, found: sorted(data, type, sort, inOrder).slice(after, after + limit) };
}

/** Of those that are equal nobody says which comes first, so here it is none that one could rely on. */
function sorted(
  data: HubspotData,
  type: ObjectType,
  sort: NonNullable<SearchRequest['sort']>,
  found: number[],
): number[] {
  const read = propertyReader(data, type, sort.property);
  const scattered = (index: number): number => Math.imul(index + 1, 2654435761) >>> 0;
  const direction = sort.descending ? -1 : 1;
  return found
    .map((index) => ({ index, value: read(index) }))
    .sort((one, other) => {
      const order = compare(one.value, other.value) ?? Number(one.value === null) - Number(other.value === null);
      return order * direction || scattered(one.index) - scattered(other.index);
    })
    .map(({ index }) => index);
}
