import type { NotionData } from './data.ts';

type Members = Readonly<Record<string, unknown>>;

const TIMES = ['created_time', 'last_edited_time'] as const;

/** Rows whose time is at or after `fromMs` and before `toMs`. */
interface Condition {
  readonly time: (typeof TIMES)[number];
  readonly fromMs: number;
  readonly toMs: number;
}

/** https://developers.notion.com/reference/post-database-query-filter: those by timestamp, and `and`. `null`: any other. */
export function conditionsIn(filter: Members | undefined): readonly Condition[] | null {
  if (filter === undefined) return [];
  if (Array.isArray(filter['and'])) {
    const parts = (filter['and'] as Members[]).map(conditionsIn);
    return parts.includes(null) ? null : parts.flatMap((part) => part ?? []);
  }
  const time = TIMES.find((one) => one === filter['timestamp']);
  const [operator, value, ...others] = Object.entries((time && (filter[time] as Members | undefined)) ?? {}).flat();
  const ms = typeof value === 'string' ? Date.parse(value) : NaN;
  if (time === undefined || Number.isNaN(ms) || others.length > 0) return null;
  const [fromMs, toMs] = rangeOf(operator, ms) ?? [];
  return fromMs === undefined || toMs === undefined ? null : [{ time, fromMs, toMs }];
}

function rangeOf(operator: unknown, ms: number): readonly [number, number] | null {
  switch (operator) {
    case 'on_or_after':
      return [ms, Infinity];
    case 'after':
      return [ms + 1, Infinity];
    case 'before':
      return [-Infinity, ms];
    case 'on_or_before':
      return [-Infinity, ms + 1];
    default:
      return null;
  }
}

/** The rows that meet all conditions: they stand together, since neither time of a row rises with its index. */
export function rowsMeeting(data: NotionData, source: number, conditions: readonly Condition[]) {
  let start = 0;
  let end = data.rows(source);
  for (const { time, fromMs, toMs } of conditions) {
    start = Math.max(start, rowsFrom(data, source, time, toMs));
    end = Math.min(end, rowsFrom(data, source, time, fromMs));
  }
  return { start, end: Math.max(start, end) };
}

/** How many rows have a time of `ms` or later; they are the first ones. */
function rowsFrom(data: NotionData, source: number, time: Condition['time'], ms: number): number {
  let low = 0;
  let high = data.rows(source);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const { created, edited } = data.times({ source, index: middle });
    if (Date.parse(time === 'created_time' ? created : edited) >= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
