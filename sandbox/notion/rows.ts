import type { Context } from '../core/context.ts';
import type { Reply } from '../core/message.ts';
import { scan } from '../core/scan.ts';
import type { NotionData } from './data.ts';
import { validationError } from './errors.ts';
import type { Granted } from './granted.ts';
import { pageObject } from './objects.ts';
import { listReply, pageRequest } from './paging.ts';

interface Query {
  readonly inTrash: boolean;
  readonly ascending: boolean;
  /** Only rows edited at this time or later (epoch milliseconds). */
  readonly editedFromMs: number;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * https://developers.notion.com/reference/query-a-data-source. Knows the one filter and the one sort an incremental
 * load needs (by `last_edited_time`); property filters are still to come and are refused, not ignored.
 */
export function queryRows(context: Context, granted: Granted, source: number): Reply {
  const query = readQuery(granted.call.json ?? {});
  if (typeof query === 'string') return validationError(query);
  const { data, call, version } = granted;
  const scope = `${data.scope}/rows/${source}/${JSON.stringify(query)}`;
  const request = pageRequest(call, scope);
  if (typeof request === 'string') return validationError(request);
  const matching = rowsEditedFrom(data, source, query.editedFromMs);
  const cap = context.settings.notion.queryResultLimit;
  const end = Math.min(matching, cap);
  const page = scan({ start: request.start, end }, request.size, request.size * 50, (at) => {
    const row = { source, index: query.ascending ? matching - 1 - at : at };
    return data.isTrashed(row) === query.inTrash ? pageObject(data, row, version) : null;
  });
  const isCut = page.next === null && matching > cap;
  const status = { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' };
  return listReply('page_or_data_source', scope, page, isCut ? { request_status: status } : {});
}

function readQuery(body: Members): Query | string {
  const editedFromMs = editedFrom(body['filter'] as Members | undefined);
  if (editedFromMs === null) return 'The sandbox only filters by the timestamp last_edited_time (after, on_or_after).';
  const sorts = (body['sorts'] ?? []) as readonly Members[];
  if (sorts.some((sort) => sort['timestamp'] !== 'last_edited_time')) {
    return 'The sandbox only sorts by the timestamp last_edited_time.';
  }
  return { inTrash: body['in_trash'] === true, ascending: sorts[0]?.['direction'] === 'ascending', editedFromMs };
}

/** `null`: a filter that can't be evaluated here. */
function editedFrom(filter: Members | undefined): number | null {
  if (filter === undefined) return -Infinity;
  const condition = filter['last_edited_time'] as Members | undefined;
  const from = condition?.['on_or_after'] ?? condition?.['after'];
  if (filter['timestamp'] !== 'last_edited_time' || typeof from !== 'string') return null;
  const ms = Date.parse(from);
  if (Number.isNaN(ms)) return null;
  return condition?.['on_or_after'] === undefined ? ms + 1 : ms;
}

/** Rows are ordered by their time, the newest first, so those from a moment on are found by bisection. */
function rowsEditedFrom(data: NotionData, source: number, fromMs: number): number {
  let low = 0;
  let high = data.rows(source);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (Date.parse(data.times({ source, index: middle }).edited) >= fromMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
