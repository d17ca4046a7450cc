/** Runs the faults and prints their table: `npm run test:faults`, and with `--soak` the long form. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shownTable } from './fault-table.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TABLE_FILE = join(ROOT, 'test-output', 'faults.txt');

const asked = process.argv.slice(2);
const paths = asked.filter((argument) => argument !== '--soak');
const folder = mkdtempSync(join(tmpdir(), 'patchbay-faults-'));
const rows = join(folder, 'rows.ndjson');
writeFileSync(rows, '');
const { status } = spawnSync(
  process.execPath,
  [
    ...['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'],
    ...(paths.length === 0 ? ['test/faults'] : paths),
  ],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, FAULT_TABLE: rows, ...(asked.includes('--soak') ? { SOAK: '1' } : {}) },
  },
);
const table = shownTable(readFileSync(rows, 'utf8'), paths.length === 0);
rmSync(folder, { recursive: true });
mkdirSync(join(ROOT, 'test-output'), { recursive: true });
writeFileSync(TABLE_FILE, table);
process.stdout.write(`\n${table}`);
process.exitCode = status ?? 1;
