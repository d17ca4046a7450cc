import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const ROOT = join(import.meta.dirname, '..', '..');
const SOURCES = ['frontend/src', 'frontend/index.html', 'frontend/vite.config.ts', 'package-lock.json'];
const OUTPUT = join(ROOT, 'frontend', 'dist', 'index.html');
const LONGEST_BUILD_MS = 120_000;

/** Builds the page unless it is newer than its sources, so that a browser test never judges yesterday's page. */
export function buildPageWhenStale(): void {
  const unlock = lockBuild();
  try {
    if (!isFresh()) build();
  } finally {
    unlock();
  }
}

function isFresh(): boolean {
  if (!existsSync(OUTPUT)) return false;
  return statSync(OUTPUT).mtimeMs > Math.max(...SOURCES.map((source) => newestMs(join(ROOT, source))));
}

function newestMs(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

function build(): void {
  const { status, stderr, error } = spawnSync('npm', ['run', '--silent', 'build:frontend'], {
    cwd: ROOT,
    // Not that of a test, or React would come in its development build.
    env: { ...process.env, NODE_ENV: 'production' },
    encoding: 'utf8',
    timeout: LONGEST_BUILD_MS,
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`The page could not be built: ${stderr || String(error)}`);
}

/**
 * Test files run side by side, and a build empties the folder it writes to. A transaction of an empty database is a lock
 * between processes that ends with its holder, however that ends.
 */
function lockBuild(): () => void {
  const folder = join(ROOT, 'node_modules', '.cache');
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'patchbay-page-build.lock'), { timeout: LONGEST_BUILD_MS });
  database.exec('BEGIN EXCLUSIVE');
  return () => database.close();
}
