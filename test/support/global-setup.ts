import { ensureTestPrograms } from '../../tools/test-programs.mjs';
import { rememberBinary } from './found-binaries.ts';

/**
 * Runs once before all test files: finds the programs that suites drive, and installs missing ones where it may. In CI a
 * missing one is an error, elsewhere the suites that need it are skipped and reported as such.
 */
export default function globalSetup(): void {
  for (const { name, path, advice } of ensureTestPrograms()) {
    if (path !== undefined) rememberBinary(name, path);
    else if (isContinuousIntegration()) throw new Error(`${name} is missing. ${advice}`);
    else console.warn(`\n${name} is missing: the suites that need it are skipped. ${advice}`);
  }
}

function isContinuousIntegration(): boolean {
  const ci = process.env['CI'];
  return ci !== undefined && ci !== '' && ci !== 'false';
}
