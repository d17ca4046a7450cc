export interface ProvenElsewhere {
  readonly fault: string;
  readonly target: string;
  /** The file, from the project's root, that proves it. */
  readonly test: string;
}

/** Rows of the table that have suites of their own. */
export const PROVEN_ELSEWHERE: readonly ProvenElsewhere[] = [
  {
    fault: 'an error that nobody caught, a rejection nobody awaited',
    target: 'said and counted; what is in flight is served',
    test: 'test/e2e/process-end.test.ts',
  },
  {
    fault: 'ten times the load it can bear',
    target: 'the rest gets 503, the served stay quick',
    test: 'test/e2e/overload.test.ts',
  },
  {
    fault: 'one connection that floods a provider’s line',
    target: '16 of 64 places at most, others pass it by',
    test: 'src/outbound/outbound-deadlines.spec.ts',
  },
  {
    fault: 'a provider that asks to be left alone for a year',
    target: 'an hour: callers, gates and log',
    test: 'src/integrations/api-pacing.spec.ts',
  },
  {
    fault: 'a client that asks and doesn’t read',
    target: 'cut after 15 s, its places are free',
    test: 'src/process/slow-readers.spec.ts',
  },
  {
    fault: 'kill -9 during refresh, callback, re-seal',
    target: 'lease ends ≤ 15 s, the next recovers, 0 corrupt records',
    test: 'test/crash/crash.test.ts',
  },
  {
    fault: 'a key missing from the ring',
    target: 'fails closed, the others work',
    test: 'test/e2e/cli-keys.test.ts',
  },
  {
    fault: '500 parallel from one IP over two replicas',
    target: 'exactly 100 pass',
    test: 'test/e2e/rate-limits.test.ts',
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
    fault: 'a client hangs up on a stream',
    target: 'at most the page under way is still asked for',
    test: 'test/e2e/streams.test.ts',
  },
  {
    fault: '17 streams of one connection, 101 in all',
    target: '503 with Retry-After, the others are served',
    test: 'test/e2e/streams.test.ts',
  },
];
