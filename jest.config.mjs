/**
 * Tests in tiers, one Jest project each. `npm test` runs `unit`, `product` and `browser`; `npm run test:faults` and
 * `npm run test:crash` run the tiers of those names.
 */
const swcOptions = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2023',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
};

const tier = (displayName, testMatch, options = {}) => ({
  displayName,
  testEnvironment: '<rootDir>/test/support/plain-environment.mjs',
  roots: ['<rootDir>/src', '<rootDir>/sandbox', '<rootDir>/frontend/src', '<rootDir>/test'],
  testMatch,
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swcOptions] },
  setupFiles: ['<rootDir>/test/support/setup.ts'],
  ...options,
});

/** @type {import('jest').Config} */
export default {
  projects: [
    // Without the setup file: it loads Nest, which takes longer than most of these files.
    tier('unit', ['<rootDir>/{src,sandbox,frontend/src}/**/*.spec.ts'], { setupFiles: [] }),
    tier('product', ['<rootDir>/test/**/*.test.ts'], {
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/(?:browser|faults|crash)/'],
    }),
    tier('browser', ['<rootDir>/test/browser/**/*.test.ts']),
    tier('faults', ['<rootDir>/test/faults/**/*.test.ts']),
    tier('crash', ['<rootDir>/test/crash/**/*.test.ts']),
  ],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  reporters: ['<rootDir>/test/support/file-reporter.mjs'],
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  coverageProvider: 'v8',
  maxWorkers: 2,
  workerIdleMemoryLimit: '700MB',
  // Ends a test that hangs. No test depends on it: see test/support/eventually.ts.
  testTimeout: 600_000,
};
