/**
 * Global setup finds the programs that suites drive and leaves their paths in the environment, which Jest's workers
 * inherit.
 */
const VARIABLES = { 'redis-server': 'PATCHBAY_TEST_REDIS_SERVER', chromium: 'PATCHBAY_TEST_CHROMIUM' } as const;

export type Binary = keyof typeof VARIABLES;

export function foundBinary(binary: Binary): string | undefined {
  const path = process.env[VARIABLES[binary]];
  return path === undefined || path === '' ? undefined : path;
}

export function rememberBinary(binary: Binary, path: string): void {
  process.env[VARIABLES[binary]] = path;
}
