/**
 * Runs the faults and prints their table: `npm run test:faults [PATH…] [-- -t TITLE]`.
 *
 * `--judge` exits with 1 when a figure misses its target.
 * `--soak` is the long form of the soak, of memory and of random failures.
 * `--short` takes two minutes. It leaves out: providers that stay down in the middle of a stream (`stream-outages`), a
 * replica with a wrong clock (`wrong-clock`), the refresh experiments but two of each, waits of 30 s after a 429, and a Redis
 * that begins to evict. The other rows have fewer rounds.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTable, missedFigures, parseRows, TABLE_VARIABLE } from './fault-table.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TABLE_FILE = join(ROOT, 'test-output', 'faults.txt');
const OWN_OPTIONS = ['--judge', '--short', '--soak'];
/** The short form leaves them out. */
const LONG_FILES = ['stream-outages', 'wrong-clock'];

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
    env: {
      ...process.env,
      [TABLE_VARIABLE]: rowsFile,
      ...(isAsked('--soak') ? { SOAK: '1' } : {}),
      ...(isAsked('--short') ? { FAULTS_SHORT: '1' } : {}),
    },
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
