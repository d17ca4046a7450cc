// Tells whether dist/ was built from the sources as they are, by the newest time of change among them.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = [
  'src',
  'sandbox',
  'frontend/src',
  'frontend/index.html',
  'frontend/compressed-files.ts',
  'frontend/first-sight-pages.ts',
  'frontend/package.json',
  'frontend/vite.config.ts',
  'nest-cli.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
const OUTPUTS = ['dist/src/main.js', 'dist/sandbox/main.js', 'frontend/dist/index.html'];
const stampOf = (root) => join(root, 'dist', '.built-from');

/** A folder counts itself too: its time changes when something in it is added, removed or renamed. */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Of the sources as they are now. Take it before building: what changes meanwhile may or may not be in the build. */
export function fingerprint(root) {
  return String(Math.max(...SOURCES.map((source) => newest(join(root, source)))));
}

export function isComplete(root) {
  return OUTPUTS.every((output) => existsSync(join(root, output)));
}

export function isBuilt(root) {
  return isComplete(root) && existsSync(stampOf(root)) && readFileSync(stampOf(root), 'utf8') === fingerprint(root);
}

export function markBuilt(root, builtFrom) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampOf(root), builtFrom);
}
