import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { shownTable } from './fault-table.ts';
import { PROVEN_ELSEWHERE } from './proven-elsewhere.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const rows = [
  { fault: 'b', target: '≤ 2 s', measured: '3 s', held: false },
  { fault: 'a', target: '≤ 1 s', measured: '0.5 s', held: true },
];
const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');

describe('The table of faults', () => {
  it('has what was measured beside the target, and says what failed', () => {
    expect(shownTable(lines, false).split('\n').slice(2)).toEqual([
      'a      ≤ 1 s   0.5 s',
      'b      ≤ 2 s   FAILED 3 s',
      '',
    ]);
  });

  it('points only at tests that are there', () => {
    const shown = shownTable('', true);
    for (const { test } of PROVEN_ELSEWHERE) expect([test, existsSync(join(ROOT, test))]).toEqual([test, true]);
    expect(shown).toContain('see test/');
  });
});
