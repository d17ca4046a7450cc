// Finds redis-server and Chromium, which the tests drive, and installs missing ones with apt-get where it may (root on Debian).
// By itself, `node tools/test-programs.mjs` does that and exits with 1 when one is still missing. Needs no dependencies.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const PROGRAMS = [
  {
    name: 'redis-server',
    executables: ['redis-server'],
    pathVariable: 'REDIS_SERVER_PATH',
    aptPackage: 'redis-server',
    advice: 'Install Redis (apt-get install redis-server, brew install redis) or set REDIS_SERVER_PATH.',
  },
  {
    name: 'chromium',
    // The headless shell starts twice as fast as the full browser and renders the same.
    executables: ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'],
    pathVariable: 'CHROMIUM_PATH',
    aptPackage: 'chromium-headless-shell',
    advice:
      'Install Chromium (apt-get install chromium-headless-shell, brew install --cask chromium) or set CHROMIUM_PATH.',
  },
];

const INSTALL_TIMEOUT_MS = 900_000;
/** Where Debian's packages put executables, whatever PATH says. */
const PACKAGE_FOLDER = '/usr/bin';
/** Debian asks this script before a package starts its service. */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d';

/**
 * Installs what is missing, if it may.
 * @returns for each program `{ name, path, advice }`; `path` is undefined for one that is missing all the same
 */
export function ensureTestPrograms({ announce = console.log } = {}) {
  return PROGRAMS.map((program) => {
    const path = findProgram(program) ?? installProgram(program, announce);
    return { name: program.name, path, advice: program.advice };
  });
}

/** @returns the path of Chromium. @throws Error when there is none */
export function chromiumPath() {
  const chromium = PROGRAMS.find(({ name }) => name === 'chromium');
  const path = findProgram(chromium);
  if (path === undefined) throw new Error(`There is no Chromium. ${chromium.advice}`);
  return path;
}

function findProgram({ executables, pathVariable }) {
  const configured = process.env[pathVariable];
  if (configured !== undefined && configured !== '') {
    if (isExecutable(configured)) return configured;
    throw new Error(`${pathVariable} is ${configured}, which can't be executed.`);
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return findIn(folders, executables);
}

function findIn(folders, executables) {
  return executables.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installProgram({ name, executables, aptPackage }, announce) {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return undefined;
  announce(`${name} is missing: installing ${aptPackage} with apt-get.`);
  const isInstalled = withoutServices(
    () => apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', aptPackage),
  );
  if (!isInstalled) {
    announce(`apt-get could not install ${aptPackage}.`);
    return undefined;
  }
  disableService(aptPackage);
  return findIn([PACKAGE_FOLDER], executables);
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stdout, stderr } = spawnSync('apt-get', args, { encoding: 'utf8', timeout: INSTALL_TIMEOUT_MS, env });
  if (status !== 0) console.error(`${stdout ?? ''}${stderr ?? ''}`);
  return status === 0;
}

/** The tests start servers of their own: while packages are installed, none of their services is started. */
function withoutServices(install) {
  if (existsSync(SERVICE_POLICY)) return install();
  writeFileSync(SERVICE_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return install();
  } finally {
    rmSync(SERVICE_POLICY, { force: true });
  }
}

/** The package enables its service for the next boot. Where systemd runs the machine, that is undone. */
function disableService(aptPackage) {
  if (!existsSync('/run/systemd/system')) return;
  spawnSync('systemctl', ['disable', '--now', '--quiet', aptPackage], { stdio: 'ignore' });
}

if (process.argv[1] === import.meta.filename) {
  for (const { name, path, advice } of ensureTestPrograms()) {
    console.log(path === undefined ? `${name} is missing. ${advice}` : `${name}: ${path}`);
    if (path === undefined) process.exitCode = 1;
  }
}
