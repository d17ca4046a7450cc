// Tells whether dist/ was built from the sources as they are, by the newest time of change among them.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = [
  'src',
  'sandbox',
  'frontend/src',
  'frontend/index.html',
  'frontend/vite.config.ts',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
const stampOf = (root) => join(root, 'dist', '.built-from');

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function fingerprint(root) {
  return String(Math.max(...SOURCES.map((source) => newest(join(root, source)))));
}

export function isBuilt(root) {
  const outputs = ['dist/src/main.js', 'dist/sandbox/main.js', 'frontend/dist/index.html'];
  const complete = outputs.every((output) => existsSync(join(root, output)));
  return complete && existsSync(stampOf(root)) && readFileSync(stampOf(root), 'utf8') === fingerprint(root);
}

export function markBuilt(root) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampOf(root), fingerprint(root));
}
