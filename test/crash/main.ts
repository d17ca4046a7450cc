/**
 * Kills processes and prints what was found: `npm run test:crash`. Each step is struck, with each store at half of the moments.
 * `CRASH_ROUNDS=1000` strikes at all of them, and goes on at random until so many processes have been killed.
 *
 * `--judge` fails when a lease outlives its holder for longer than is promised.
 * `--short` takes a minute: every call to the provider, and every fifth of the other steps.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const OWN_OPTIONS = ['--judge', '--short'];

const asked = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  [
    ...['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js'],
    // An option with one value ends the list of projects.
    ...['--selectProjects', 'crash', '--maxWorkers', '2'],
    ...asked.filter((argument) => !OWN_OPTIONS.includes(argument)),
  ],
  {
    cwd: join(import.meta.dirname, '..', '..'),
    stdio: 'inherit',
    env: {
      ...process.env,
      ...(asked.includes('--judge') ? { CRASH_JUDGE: '1' } : {}),
      ...(asked.includes('--short') ? { CRASH_SHORT: '1' } : {}),
    },
  },
);
process.exitCode = status ?? 1;
