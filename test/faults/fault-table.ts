import { PROVEN_ELSEWHERE } from './proven-elsewhere.ts';

/** Names the file that rows are written to, one JSON line each. Unset: no table was asked for. */
export const TABLE_VARIABLE = 'FAULT_TABLE';

/** A measured number beside the most (or least) that is promised. Missing it fails `npm run test:faults -- --judge` alone. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 's' | 'MB' | '%' | '';
  readonly limit: number;
  readonly isMost: boolean;
}

export interface FaultRow {
  readonly fault: string;
  readonly target: string;
  /** Observations in words. */
  readonly measured: string;
  readonly figures: readonly Figure[];
  /** Whether the behaviour that the test asserts held. */
  readonly held: boolean;
}

const HEADINGS = ['fault', 'target', 'measured'] as const;

/** @param lines of JSON, a row each */
export function parseRows(lines: string): readonly FaultRow[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FaultRow);
}

/** @param isWhole whether all faults were asked for: then rows proven by other suites are listed too */
export function formatTable(rows: readonly FaultRow[], isWhole: boolean): string {
  const measured = rows.map((row) => [row.fault, row.target, formatMeasured(row)]);
  const elsewhere = PROVEN_ELSEWHERE.map(({ fault, target, test }) => [fault, target, `see ${test}`]);
  return layOut([HEADINGS, ...measured.sort(byFault), ...(isWhole ? elsewhere : [])]);
}

/** Figures past their limit, a line each. */
export function missedFigures(rows: readonly FaultRow[]): readonly string[] {
  return rows.flatMap(({ fault, figures }) =>
    figures.filter(isMissed).map((figure) => `${fault}: ${formatFigure(figure)}`),
  );
}

function formatMeasured({ measured, figures, held }: FaultRow): string {
  const parts = [measured, ...figures.map(formatFigure)].filter((part) => part !== '');
  return [held ? '' : 'FAILED', parts.join('; ')].join(' ').trim();
}

function formatFigure(figure: Figure): string {
  const { name, value, unit, limit, isMost } = figure;
  const digits = Math.abs(value) < 10 ? 1 : 0;
  const suffix = unit === '' ? '' : ` ${unit}`;
  const verdict = isMissed(figure) ? ' MISSED' : '';
  return `${name} ${Number(value.toFixed(digits))}${suffix} (${isMost ? '≤' : '≥'} ${limit}${suffix})${verdict}`;
}

/** `NaN` misses: it was not measured. */
function isMissed({ value, limit, isMost }: Figure): boolean {
  return !(isMost ? value <= limit : value >= limit);
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
