import { expect } from '@jest/globals';
import { sandboxAuthority } from '../support/experiment-authorities.ts';
import { lastWordsOf } from '../support/experiment-report.ts';
import { TROUBLES } from '../support/refresh-troubles.ts';
import { everybodyTold, refreshExperiments } from './refresh-experiment.contract.ts';

/** A used refresh token ends the whole grant, at once unless there is a grace. */
refreshExperiments('the sandbox', () => sandboxAuthority(0), {
  'killing the replica that refreshes, 25 s of grace: its 409 ends nothing, 3 requests, 100 are told the truth afterwards':
    {
      authority: () => sandboxAuthority(25),
      acts: 'after',
      trouble: TROUBLES.holderKilledAndNoDelayFromThen,
      expected: everybodyTold(3),
    },
  'a token that only the provider knows to have ended, 50 loads of each: 1 refresh, 100 pages': {
    read: 'load',
    endedBy: 'provider',
    expected: (outcome) => {
      expect(outcome.refreshes).toEqual({ asked: 1, granted: 1, reuses: 0 });
      expect(lastWordsOf(outcome)).toEqual({ 200: 100 });
      expect(outcome.connection).toMatchObject({ status: 'active', reason: null });
    },
  },
});
