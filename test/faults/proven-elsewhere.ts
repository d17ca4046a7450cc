export interface ProvenElsewhere {
  readonly fault: string;
  readonly target: string;
  /** The file, from the project's root, that proves it. */
  readonly test: string;
}

/** Rows of the table that have suites of their own. */
export const PROVEN_ELSEWHERE: readonly ProvenElsewhere[] = [
  {
    fault: 'SIGTERM with requests in flight',
    target: 'readiness 503, drained in 25 s, 0 cut answers',
    test: 'test/e2e/process-end.test.ts',
  },
  {
    fault: '500 parallel from one IP over two replicas',
    target: 'exactly 100 pass',
    test: 'test/e2e/rate-limits-shared.test.ts',
  },
  {
    fault: 'a record that was tampered with',
    target: 'fails closed, the others work',
    test: 'test/crypto/records-at-rest.test.ts',
  },
  {
    fault: 'a record that is older than its connection',
    target: 'fails closed, the others work',
    test: 'test/contract/store-rollback.test.ts',
  },
  {
    fault: 'a limited provider, two replicas and a thousand calls',
    target: '0 calls answered 429',
    test: 'test/e2e/pacing-shared.test.ts',
  },
];
