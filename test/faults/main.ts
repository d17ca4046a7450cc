/**
 * Runs the faults and prints their table: `npm run test:faults [PATH…] [-- -t TITLE]`.
 * `--judge` exits with 1 when a figure misses its target, `--short` leaves out the rows that take minutes, `--soak` is the long form.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTable, missedFigures, parseRows, TABLE_VARIABLE } from './fault-table.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TABLE_FILE = join(ROOT, 'test-output', 'faults.txt');
const OWN_OPTIONS = ['--judge', '--short', '--soak'];
/** Each waits out real outages or leases for minutes. */
const LONG_FILES = ['stream-outages', 'wrong-clock', 'refresh-experiment-oidc', 'soak'];

const asked = process.argv.slice(2);
const isAsked = (option: string): boolean => asked.includes(option);
const jestArguments = asked.filter((argument) => !OWN_OPTIONS.includes(argument));
const leftOut = isAsked('--short') ? [`--testPathIgnorePatterns=/(?:${LONG_FILES.join('|')})\\.test\\.ts$`] : [];
const folder = mkdtempSync(join(tmpdir(), 'patchbay-faults-'));
const rowsFile = join(folder, 'rows.ndjson');
writeFileSync(rowsFile, '');
const { status } = spawnSync(
  process.execPath,
  [
    ...['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'],
    // An option with one value ends the list of projects.
    ...['--selectProjects', 'faults', ...leftOut, '--maxWorkers', '2', ...jestArguments],
  ],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, [TABLE_VARIABLE]: rowsFile, ...(isAsked('--soak') ? { SOAK: '1' } : {}) },
  },
);
const rows = parseRows(readFileSync(rowsFile, 'utf8'));
const missed = missedFigures(rows);
const table = formatTable(rows, jestArguments.length === 0);
rmSync(folder, { recursive: true });
mkdirSync(join(ROOT, 'test-output'), { recursive: true });
writeFileSync(TABLE_FILE, table);
process.stdout.write(`\n${table}`);
if (missed.length > 0)
  process.stdout.write(`\nFigures past their targets:\n${missed.map((line) => `  ${line}\n`).join('')}`);
process.exitCode = status === 0 ? Number(isAsked('--judge') && missed.length > 0) : (status ?? 1);
