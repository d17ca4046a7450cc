/** One line of a chart: a value for each interval, null where there was nothing. */
export interface ChartSeries {
  name: string;
  values: readonly (number | null)[];
}

/** The intervals that all lists of a status are for. */
export interface Intervals {
  /** When each ended, in milliseconds since the epoch. */
  endsAt: readonly number[];
  /** How long each was, in seconds. */
  lengths: readonly number[];
}

export interface Chart {
  title: string;
  series: ChartSeries[];
  intervals: Intervals;
  /** A value with its unit. */
  write: (value: number) => string;
}

export interface Extremes {
  last: number | null;
  lowest: number;
  highest: number;
}

interface Timeline {
  first_at: string;
  interval_in: number;
  last_interval_in: number;
  intervals: number;
}

export function intervalsOf(timeline: Timeline): Intervals {
  const { first_at, interval_in, last_interval_in, intervals } = timeline;
  const firstMs = Date.parse(first_at);
  const lengths = Array.from({ length: intervals }, (_none, at) =>
    at === intervals - 1 ? last_interval_in : interval_in,
  );
  const endsAt = lengths.map((length, at) => firstMs + (at * interval_in + length) * 1000);
  return { endsAt, lengths };
}

/** How often something happened, from how many times it did in each interval. */
export function rates(counts: readonly number[], { lengths }: Intervals): number[] {
  return counts.map((count, at) => count / (lengths[at] ?? 1));
}

/** Several counts as one. */
export function sums(...lists: readonly (readonly number[])[]): number[] {
  const [first = []] = lists;
  return first.map((_none, at) => lists.reduce((sum, list) => sum + (list[at] ?? 0), 0));
}

/** Those worth a line: the first always, so that there is one; of the others those that ever were anything. */
export function seen(series: readonly ChartSeries[]): ChartSeries[] {
  return series.filter(({ values }, at) => at === 0 || values.some((value) => value !== null && value !== 0));
}

/** Null when there was nothing at all. */
export function extremesOf(values: readonly (number | null)[]): Extremes | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return { last: values.at(-1) ?? null, lowest: Math.min(...known), highest: Math.max(...known) };
}

/** A round number that nothing goes beyond: 1, 2 or 5 of its power of ten. Above 0. */
export function niceTop(highest: number): number {
  if (!(highest > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  const step = [1, 2, 5, 10].find((each) => each * power >= highest * (1 - 1e-9)) ?? 10;
  return step * power;
}

export interface Plot {
  width: number;
  height: number;
  top: number;
}

/** Where each interval stands from left to right. */
export function xOf(at: number, count: number, { width }: Plot): number {
  return count < 2 ? width : (at / (count - 1)) * width;
}

export function yOf(value: number, { height, top }: Plot): number {
  return height - (Math.min(value, top) / top) * height;
}

/** The line's path, interrupted where there was nothing. What stands alone is no line. */
export function linePath(values: readonly (number | null)[], plot: Plot): string {
  const parts: string[] = [];
  values.forEach((value, at) => {
    if (value === null || isAlone(values, at)) return;
    parts.push(`${(values[at - 1] ?? null) === null ? 'M' : 'L'}${place(value, at, values.length, plot)}`);
  });
  return parts.join('');
}

/** What stands alone: strokes of no length, which round ends make into dots. */
export function dotPath(values: readonly (number | null)[], plot: Plot): string {
  return values
    .map((value, at) => (value !== null && isAlone(values, at) ? `M${place(value, at, values.length, plot)}h0` : ''))
    .join('');
}

function isAlone(values: readonly (number | null)[], at: number): boolean {
  return (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null;
}

function place(value: number, at: number, count: number, plot: Plot): string {
  return `${round(xOf(at, count, plot))} ${round(yOf(value, plot))}`;
}

/** The area below a line that has a value everywhere; below any other there is none. */
export function areaPath(values: readonly (number | null)[], plot: Plot): string {
  const line = linePath(values, plot);
  const left = round(xOf(0, values.length, plot));
  return line === '' || values.includes(null)
    ? ''
    : `${line}L${round(plot.width)} ${plot.height}L${left} ${plot.height}Z`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
