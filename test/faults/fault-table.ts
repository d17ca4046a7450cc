import type { FaultRow } from './fault-row.ts';
import { PROVEN_ELSEWHERE } from './proven-elsewhere.ts';

const HEADINGS = ['fault', 'target', 'measured'] as const;

/** @param lines of JSON, a row each; @param isWhole whether all of the faults were asked for */
export function shownTable(lines: string, isWhole: boolean): string {
  const rows = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FaultRow);
  const measured = rows.map((row) => [row.fault, row.target, shownMeasure(row)]);
  const elsewhere = PROVEN_ELSEWHERE.map(({ fault, target, test }) => [fault, target, `see ${test}`]);
  return layOut([HEADINGS, ...measured.sort(byFault), ...(isWhole ? elsewhere : [])]);
}

function shownMeasure({ measured, held }: FaultRow): string {
  return held ? measured : `FAILED ${measured}`.trim();
}

function byFault([one = '']: readonly string[], [other = '']: readonly string[]): number {
  return one.localeCompare(other);
}

function layOut(rows: readonly (readonly string[])[]): string {
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const [headings = [], ...others] = rows;
  const rule = widths.map((width) => '-'.repeat(width));
  return [headings, rule, ...others].map((row) => `${line(row)}\n`).join('');
}
