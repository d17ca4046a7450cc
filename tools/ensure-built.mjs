// Builds dist/ and the page when they are missing or older than their sources. By itself: `node tools/ensure-built.mjs`,
// with `--anyway` even when they are current.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { takeBuildLock } from './build-lock.mjs';
import { fingerprint, isBuilt, isComplete, markBuilt } from './build-stamp.mjs';

/**
 * @param announce told that a build begins, which takes a while
 * @returns whether what is built now is fit to run; when it isn't, why has been said on standard error
 */
export async function ensureBuilt(root, { anyway = false, announce = console.log } = {}) {
  if (!anyway && isBuilt(root)) return true;
  if (!existsSync(join(root, 'node_modules', '@nestjs', 'cli'))) return withoutTools(root);
  const release = await takeBuildLock(root);
  try {
    return (!anyway && isBuilt(root)) || (await build(root, anyway, announce));
  } finally {
    release();
  }
}

/** Production installs leave the build tools out: then what was built before has to do. */
function withoutTools(root) {
  if (isComplete(root)) return true;
  console.error(
    'Patchbay is not built, and the tools to build it are not installed: run "npm ci" (with NODE_ENV unset).',
  );
  return false;
}

async function build(root, anyway, announce) {
  announce(anyway ? 'Building …' : 'Building (only the first start and changed sources need this) …');
  const builtFrom = fingerprint(root);
  // Someone's NODE_ENV=development must not end up in the page's bundle.
  const { NODE_ENV: _, ...environment } = process.env;
  const child = spawn('npm run --silent build:server && npm run --silent build:frontend', {
    cwd: root,
    env: environment,
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  const passOn = (signal) => child.kill(signal);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, passOn);
  const [status] = await once(child, 'close');
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.off(signal, passOn);
  if (status === 0) markBuilt(root, builtFrom);
  else console.error(`${Buffer.concat(output).toString()}\nThe build failed: what is wrong is said above.`);
  return status === 0;
}

if (process.argv[1] === import.meta.filename) {
  const isFit = await ensureBuilt(join(import.meta.dirname, '..'), { anyway: process.argv.includes('--anyway') });
  process.exitCode = isFit ? 0 : 1;
}
