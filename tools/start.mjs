// Runs the product: builds what isn't built, starts the sandbox where it plays the providers, and the service.
// Without NODE_ENV=production that is the demo, on this machine alone.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { isBuilt, markBuilt } from './build-stamp.mjs';

const root = join(import.meta.dirname, '..');
const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
const environment = { ...file, ...process.env };
if (environment.NODE_ENV !== 'production') environment.DEMO ||= 'true';

if (!isBuilt(root)) {
  console.log('Building (only the first start and changed sources need this) …');
  const built = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (built.status !== 0) process.exit(built.status ?? 1);
  markBuilt(root);
}

const wantsSandbox = environment.DEMO === 'true' && !environment.SANDBOX_URL;
const children = [];

/** Starts a program of ours with its output passed on. Any of them ending ends the others. */
function run(program, extra = {}) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'dist', program)], {
    env: { ...environment, ...extra },
    stdio: 'inherit',
  });
  children.push(child);
  child.once('exit', (code, signal) => {
    process.exitCode ||= signal === null ? (code ?? 1) : 0;
    stop('SIGTERM');
  });
}

function stop(signal) {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill(signal);
}

// Ctrl-C reaches the children by itself, being in the same terminal; a supervisor's signal has to be passed on.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => stop('SIGTERM'));

if (wantsSandbox) run('sandbox/main.js', { SANDBOX_DATA: join(environment.DATA_DIR ?? 'data', 'sandbox.sqlite') });
run('src/main.js');
