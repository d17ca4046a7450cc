// What Lighthouse says of the built page: the scores, and what cost points. Wants a machine that does nothing else.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHROMIUM_ARGUMENTS } from './chromium.mjs';
import { withDemo } from './running-demo.mjs';
import { chromiumPath } from './test-programs.mjs';

const LIGHTHOUSE = join(import.meta.dirname, '..', 'node_modules', 'lighthouse', 'cli', 'index.js');
const CATEGORIES = 'performance,accessibility,best-practices';
const WANTED = 0.95;
const RUNS = 5;

/** One run's report. */
function run(url, form, folder) {
  const report = join(folder, `${form}.json`);
  const flags = ['--quiet', '--output=json', `--output-path=${report}`, `--only-categories=${CATEGORIES}`];
  if (form === 'desktop') flags.push('--preset=desktop');
  const { status, stderr } = spawnSync(
    process.execPath,
    [LIGHTHOUSE, url, ...flags, `--chrome-flags=--headless=new ${CHROMIUM_ARGUMENTS.join(' ')}`],
    { env: { ...process.env, CHROME_PATH: chromiumPath() }, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(readFileSync(report, 'utf8'));
}

/** Of several runs the one in the middle, as Lighthouse advises. @returns whether every score is what is wanted */
function look(url, form, folder) {
  const runs = Array.from({ length: RUNS }, () => run(url, form, folder));
  runs.sort((one, other) => one.categories.performance.score - other.categories.performance.score);
  const performances = runs.map(({ categories }) => Math.round(categories.performance.score * 100));
  const { categories, audits } = runs[(RUNS - 1) / 2];
  const scores = Object.values(categories);
  const written = scores.map(({ id, score }) => `${id} ${Math.round(score * 100)}`).join(', ');
  console.log(`${form}: ${written} (performance of ${RUNS} runs: ${performances.join(', ')})`);
  const costly = Object.values(audits).filter(
    ({ score, scoreDisplayMode }) => score !== null && score < 0.9 && scoreDisplayMode !== 'informative',
  );
  for (const { id, displayValue = '' } of costly) console.log(`  ${id} ${displayValue}`);
  return scores.every(({ score }) => score >= WANTED);
}

const folder = mkdtempSync(join(tmpdir(), 'patchbay-lighthouse-'));
await withDemo((url) => {
  const looks = ['mobile', 'desktop'].map((form) => look(url, form, folder));
  if (looks.includes(false)) process.exitCode = 1;
});
rmSync(folder, { recursive: true, force: true });
