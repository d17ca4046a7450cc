// Runs the product: builds what isn't built, starts the sandbox where it plays the providers, and the service.
// Without NODE_ENV=production that is the demo, on this machine alone.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './ensure-built.mjs';
import { readEnvironment, wantsSandbox } from './environment.mjs';
import { isTaken, untilListening } from './ports.mjs';
import { Programs } from './programs.mjs';

const ORPHAN_CHECK_MS = 500;

const root = join(import.meta.dirname, '..');
const environment = readEnvironment();
const service = { host: environment.HOST || '127.0.0.1', port: environment.PORT || '8000' };
const sandbox = { host: environment.SANDBOX_HOST || '127.0.0.1', port: environment.SANDBOX_PORT || '8001' };

/** @returns one sentence that says what to do, or undefined when it can start */
async function obstacle() {
  if (!existsSync(join(root, 'node_modules', '@nestjs', 'core'))) {
    return 'The dependencies are not installed: run "npm ci" first.';
  }
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 19)) {
    return `Patchbay needs Node 22.19 or newer, and this is ${process.version}: "npm ci" brings one that "npm start" uses.`;
  }
  if (await isTaken(service.host, service.port)) {
    return `Port ${service.port} is in use. Stop what listens there, or set PORT to another one.`;
  }
  if (wantsSandbox(environment) && (await isTaken(sandbox.host, sandbox.port))) {
    return `Port ${sandbox.port} is in use. Stop what listens there, or set SANDBOX_PORT to another one.`;
  }
  return undefined;
}

async function startSandbox(programs) {
  const dataDir = environment.DATA_DIR || 'data';
  // Made here as the service makes it: for its owner alone, since keys and tokens will lie in it.
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  programs.run('sandbox', 'sandbox/main.js', { SANDBOX_DATA: join(dataDir, 'sandbox.sqlite') });
  await untilListening(sandbox.host, sandbox.port, () => programs.areStopping);
}

/** An npm that was killed can't pass that on: then nobody would be left who could end the programs. */
function stopWithoutParent(programs) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent && !programs.areStopping) programs.stop();
  }, ORPHAN_CHECK_MS).unref();
}

async function start() {
  const problem = await obstacle();
  if (problem !== undefined) console.error(problem);
  if (problem !== undefined || !(await ensureBuilt(root))) return void (process.exitCode = 1);
  const programs = new Programs(root, environment);
  // Ctrl-C reaches the programs by itself, being in the same terminal; a supervisor's signal has to be passed on.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => programs.stop());
  if (process.env.npm_lifecycle_event === 'start') stopWithoutParent(programs);
  if (wantsSandbox(environment)) await startSandbox(programs);
  if (!programs.areStopping) programs.run('service', 'src/main.js');
}

try {
  await start();
} catch (error) {
  // What the system refused, such as a DATA_DIR that can't be made, says itself what is wrong.
  console.error(error.syscall === undefined ? error : `Patchbay does not start: ${error.message}`);
  process.exitCode = 1;
}
