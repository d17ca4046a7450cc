import type { Context } from '../core/context.ts';
import type { Reply } from '../core/message.ts';
import { scan } from '../core/scan.ts';
import { validationError } from './errors.ts';
import type { Granted } from './granted.ts';
import { pageObject } from './objects.ts';
import { listReply, pageRequest } from './paging.ts';
import { conditionsIn, rowsMeeting } from './row-filter.ts';

type Members = Readonly<Record<string, unknown>>;

interface Query {
  readonly inTrash: boolean;
  readonly ascending: boolean;
  readonly filter: Members | undefined;
}

/**
 * https://developers.notion.com/reference/query-a-data-source. Knows filters and sorts by the two timestamps, which is
 * what a load needs; property filters are still to come and are refused, not ignored.
 */
export function queryRows(context: Context, granted: Granted, source: number): Reply {
  const { data, call, version } = granted;
  const query = readQuery(call.json ?? {});
  if (typeof query === 'string') return validationError(query);
  const conditions = conditionsIn(query.filter);
  if (conditions === null) return validationError('The sandbox only filters by timestamps, and with "and".');
  const scope = `${data.scope}/rows/${source}/${JSON.stringify(query)}`;
  const request = pageRequest(context, call, scope);
  if (typeof request === 'string') return validationError(request);
  // Every row here is a page; a wiki's data sources are not played.
  const isNone = call.json?.['result_type'] === 'data_source';
  const { start, end } = isNone ? { start: 0, end: 0 } : rowsMeeting(data, source, conditions);
  const rowAt = (at: number): number => (query.ascending ? end - 1 - at : start + at);
  const reach = withinCap(end - start, context.settings.notion.queryResultLimit, (count) => {
    const trashed = query.ascending ? data.trashedBetween(end - count, end) : data.trashedBetween(start, start + count);
    return query.inTrash ? trashed : count - trashed;
  });
  const properties = call.query.getAll('filter_properties');
  const page = scan({ start: request.start, end: reach }, request.size, request.size * 50, (at) => {
    const row = { source, index: rowAt(at) };
    return data.isTrashed(row) === query.inTrash ? withProperties(pageObject(data, row, version), properties) : null;
  });
  const isCut = page.next === null && reach < end - start;
  const status = { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' };
  return listReply(context, 'page_or_data_source', scope, page, isCut ? { request_status: status } : {});
}

/** How many of `rows` can be gone through until there were as many results as a query gives, and more are to come. */
function withinCap(rows: number, cap: number, resultsAmong: (count: number) => number): number {
  if (resultsAmong(rows) <= cap) return rows;
  let low = 0;
  let high = rows;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (resultsAmong(middle) >= cap) high = middle;
    else low = middle + 1;
  }
  return low;
}

function readQuery(body: Members): Query | string {
  const sorts = (body['sorts'] ?? []) as readonly Members[];
  // Both times fall with the index, so one order serves for either.
  if (
    sorts.length > 1 ||
    sorts.some(({ timestamp }) => timestamp !== 'last_edited_time' && timestamp !== 'created_time')
  ) {
    return 'The sandbox only sorts by one timestamp.';
  }
  return {
    inTrash: body['in_trash'] === true,
    ascending: sorts[0]?.['direction'] === 'ascending',
    filter: body['filter'] as Members | undefined,
  };
}

/** `filter_properties`: the ids of those wanted. */
function withProperties(page: Members, wanted: readonly string[]): Members {
  if (wanted.length === 0) return page;
  const all = Object.entries(page['properties'] as Readonly<Record<string, Members>>);
  return { ...page, properties: Object.fromEntries(all.filter(([, { id }]) => wanted.includes(id as string))) };
}
