import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type FaultRow, formatTable, missedFigures, parseRows } from './fault-table.ts';
import { PROVEN_ELSEWHERE } from './proven-elsewhere.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const figure = { name: 'back after', unit: 's', limit: 2, isMost: true } as const;
const rows: readonly FaultRow[] = [
  { fault: 'b', target: 'comes back', measured: '9 of 10 refused', figures: [{ ...figure, value: 3 }], held: true },
  { fault: 'a', target: 'comes back', measured: '', figures: [{ ...figure, value: 1.23 }], held: true },
  { fault: 'c', target: 'comes back', measured: 'stayed away', figures: [], held: false },
];
const cells = (line: string): readonly string[] => line.split(/\s{2,}/);

describe('The fault table', () => {
  it('shows each figure beside its limit, and marks missed figures and failed rows', () => {
    expect(formatTable(rows, false).split('\n').slice(2, 5).map(cells)).toEqual([
      ['a', 'comes back', 'back after 1.2 s (≤ 2 s)'],
      ['b', 'comes back', '9 of 10 refused; back after 3 s (≤ 2 s) MISSED'],
      ['c', 'comes back', 'FAILED stayed away'],
    ]);
  });

  it('lists missed figures, also those that were not measured', () => {
    const unmeasured = { ...figure, name: 'ready after', value: Number.NaN };
    const least = { ...figure, name: 'served', value: 98, unit: '%', limit: 99, isMost: false } as const;
    expect(missedFigures([...rows, { ...rows[1]!, fault: 'd', figures: [unmeasured, least] }])).toEqual([
      'b: back after 3 s (≤ 2 s) MISSED',
      'd: ready after NaN s (≤ 2 s) MISSED',
      'd: served 98 % (≥ 99 %) MISSED',
    ]);
  });

  it('reads the rows that tests wrote', () => {
    expect(parseRows(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))).toEqual(rows);
  });

  it('names only test files that exist', () => {
    const table = formatTable([], true);
    for (const { test } of PROVEN_ELSEWHERE) expect([test, existsSync(join(ROOT, test))]).toEqual([test, true]);
    expect(table).toContain('see test/');
  });
});
