// What Lighthouse says of the built page: the scores, and what cost points. Wants a machine that does nothing else.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHROMIUM_ARGUMENTS } from './chromium.mjs';
import { chromiumPath, withDemo } from './running-demo.mjs';

const LIGHTHOUSE = join(import.meta.dirname, '..', 'node_modules', 'lighthouse', 'cli', 'index.js');
const CATEGORIES = 'performance,accessibility,best-practices';
const WANTED = 0.95;

/** @returns whether every score is what is wanted */
function look(url, form, folder) {
  const report = join(folder, `${form}.json`);
  const flags = ['--quiet', '--output=json', `--output-path=${report}`, `--only-categories=${CATEGORIES}`];
  if (form === 'desktop') flags.push('--preset=desktop');
  const { status, stderr } = spawnSync(
    process.execPath,
    [LIGHTHOUSE, url, ...flags, `--chrome-flags=--headless=new ${CHROMIUM_ARGUMENTS.join(' ')}`],
    { env: { ...process.env, CHROME_PATH: chromiumPath() }, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  const { categories, audits } = JSON.parse(readFileSync(report, 'utf8'));
  const scores = Object.values(categories);
  console.log(`${form}: ${scores.map(({ id, score }) => `${id} ${Math.round(score * 100)}`).join(', ')}`);
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
