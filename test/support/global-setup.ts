import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Binary, rememberBinary } from './found-binaries.ts';

interface Wanted {
  readonly binary: Binary;
  readonly names: readonly string[];
  /** Takes precedence over the search. */
  readonly pathVariable: string;
  readonly aptPackage: string;
  readonly advice: string;
}

const WANTED: readonly Wanted[] = [
  {
    binary: 'redis-server',
    names: ['redis-server'],
    pathVariable: 'REDIS_SERVER_PATH',
    aptPackage: 'redis-server',
    advice: 'Install Redis (apt-get install redis-server, brew install redis) or set REDIS_SERVER_PATH.',
  },
  {
    binary: 'chromium',
    // Chromium without its own windows starts twice as fast, and shows pages just the same.
    names: ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'],
    pathVariable: 'CHROMIUM_PATH',
    aptPackage: 'chromium-headless-shell',
    advice:
      'Install Chromium (apt-get install chromium-headless-shell, brew install --cask chromium) or set CHROMIUM_PATH.',
  },
];

const INSTALL_TIMEOUT_MS = 300_000;

/**
 * Runs once before all test files: finds the programs that some suites drive, and installs missing ones where it may. In
 * CI a missing one is an error, elsewhere the suites that need it are skipped.
 */
export default function globalSetup(): void {
  for (const wanted of WANTED) {
    const path = find(wanted) ?? install(wanted);
    if (path !== undefined) rememberBinary(wanted.binary, path);
    else if (isContinuousIntegration()) throw new Error(`${wanted.binary} is missing. ${wanted.advice}`);
    else console.warn(`\n${wanted.binary} is missing: the suites that need it are skipped. ${wanted.advice}`);
  }
}

function find({ names, pathVariable }: Wanted): string | undefined {
  const given = process.env[pathVariable];
  if (given !== undefined && given !== '') {
    if (isExecutable(given)) return given;
    throw new Error(`${pathVariable} is ${given}, which can't be executed.`);
  }
  const directories = (process.env['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '');
  return names.flatMap((name) => directories.map((directory) => join(directory, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function install(wanted: Wanted): string | undefined {
  const isDebianLike = existsSync('/etc/debian_version');
  if (!isDebianLike || process.getuid?.() !== 0) return undefined;
  console.log(`\n${wanted.binary} is missing: installing it with apt-get.`);
  const installed = apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', wanted.aptPackage);
  if (!installed) console.warn(`apt-get could not install ${wanted.aptPackage}.`);
  return find(wanted);
}

function apt(...args: string[]): boolean {
  // At run level 1 packages don't start their services: the tests start their own servers.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const { status } = spawnSync('apt-get', args, { stdio: 'inherit', timeout: INSTALL_TIMEOUT_MS, env });
  return status === 0;
}

function isContinuousIntegration(): boolean {
  const ci = process.env['CI'];
  return ci !== undefined && ci !== '' && ci !== 'false';
}
