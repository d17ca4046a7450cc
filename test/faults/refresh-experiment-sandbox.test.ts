import { expect } from '@jest/globals';
import { sandboxAuthority } from '../support/experiment-authorities.ts';
import { TROUBLES } from '../support/refresh-troubles.ts';
import { lastWordsOf } from './experiment-report.ts';
import { everybodyTold, refreshExperiments } from './refresh-experiment.contract.ts';

/** A used refresh token ends the whole grant, at once unless there is a grace. */
refreshExperiments('the sandbox', () => sandboxAuthority(0), {
  'the replica that refreshes is killed after the provider has acted, which has 25 s of grace': {
    authority: () => sandboxAuthority(25),
    acts: 'after',
    trouble: TROUBLES.holderKilledAndNoDelayFromThen,
    target: 'its 409 ends nothing, 3 requests, 100 are told the truth afterwards',
    expected: everybodyTold(3),
  },
  '2 replicas × 50 loads with a token that only the provider knows to have ended': {
    read: 'load',
    endedBy: 'provider',
    target: '1 refresh, 100 pages',
    expected: (outcome) => {
      expect(outcome.refreshes).toEqual({ asked: 1, granted: 1, reuses: 0 });
      expect(lastWordsOf(outcome)).toEqual({ 200: 100 });
      expect(outcome.connection).toMatchObject({ status: 'active', reason: null });
    },
  },
});
