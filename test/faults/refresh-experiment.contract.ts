import { afterAll, beforeAll, expect } from '@jest/globals';
import { ensureBuilt } from '../support/built-programs.ts';
import type { ExperimentAuthority } from '../support/experiment-authorities.ts';
import { describeWithRedis } from '../support/redis-server.ts';
import { refreshExperiment, type Course, type Outcome } from '../support/refresh-experiment.ts';
import { TROUBLES } from '../support/refresh-troubles.ts';
import { lastWordsOf, reportOutcome, wordsOf } from './experiment-report.ts';
import { fault, isShort } from './fault-row.ts';

export interface Experiment extends Omit<Course, 'authority'> {
  readonly authority?: Course['authority'];
  readonly target: string;
  readonly expected: (outcome: Outcome) => void;
  /** Whether the short form has it, too. */
  readonly isInShortForm?: boolean;
}

/** One refresh was granted, and everybody got its token, some after having been told to wait. */
const everybodyServed =
  (asked: number) =>
  (outcome: Outcome): void => {
    expect(outcome.refreshes).toEqual({ asked, granted: 1, reuses: 0 });
    expect(lastWordsOf(outcome)).toEqual({ 200: 100 });
    expect(outcome.tokenStatuses).toEqual([200]);
    expect(outcome.connection).toMatchObject({ status: 'active', reason: null });
  };

/** The provider gave the new token to a replica that is dead: everybody is told so. */
export const everybodyTold =
  (asked: number) =>
  (outcome: Outcome): void => {
    expect(outcome.refreshes).toEqual({ asked, granted: 1, reuses: asked - 1 });
    expect(lastWordsOf(outcome)).toEqual({ '409 reauthorization_required': 100 });
    expect(outcome.connection).toMatchObject({ status: 'reauthorization_required', reason: 'refresh_answer_lost' });
  };

const { redisPausedMidway, redisPausedAtTheAnswer, otherKilledMidway, holderKilledMidway } = TROUBLES;

/** The longest first. */
const EXPERIMENTS: Readonly<Record<string, Experiment>> = {
  'the replica that refreshes is killed before the provider has acted': {
    trouble: holderKilledMidway,
    target: '2 requests, 1 refresh, 100 tokens',
    expected: everybodyServed(2),
    isInShortForm: true,
  },
  'the replica that refreshes is killed after the provider has acted': {
    acts: 'after',
    trouble: holderKilledMidway,
    target: '2 requests, 100 are told that the grant is lost',
    expected: everybodyTold(2),
  },
  'Redis is paused for 2 s as the answer to a refresh arrives': {
    trouble: redisPausedAtTheAnswer,
    target: '1 refresh, 100 tokens',
    expected: everybodyServed(1),
  },
  'Redis is paused for 2 s in the middle of a refresh': {
    trouble: redisPausedMidway,
    target: '1 refresh, 100 tokens',
    expected: everybodyServed(1),
  },
  'the replica that waits for a refresh is killed': {
    trouble: otherKilledMidway,
    target: '1 refresh, 100 tokens',
    expected: everybodyServed(1),
  },
  '2 replicas × 50 requests on one expired rotating token': {
    target: '1 refresh, 100 tokens',
    expected: everybodyServed(1),
    isInShortForm: true,
  },
};

/**
 * The experiment that breaks others: two replicas on one Redis, 50 concurrent readers each, one connection whose token has
 * ended, rotating single-use refresh tokens, a token endpoint that takes 13 s. All at the same time, each with everything
 * of its own: they mostly wait.
 */
export function refreshExperiments(
  name: string,
  authority: () => Promise<ExperimentAuthority>,
  more: Readonly<Record<string, Experiment>> = {},
): void {
  describeWithRedis(`Two replicas, 50 readers each, one ended token, a token endpoint of 13 s: ${name}`, () => {
    const experiments = Object.entries({ ...EXPERIMENTS, ...more }).filter(
      ([, { isInShortForm }]) => !isShort || isInShortForm === true,
    );
    const outcomes = new Map<string, Promise<Outcome>>();

    beforeAll(() => {
      ensureBuilt();
      for (const [title, experiment] of experiments) {
        const outcome = refreshExperiment({ authority, ...experiment });
        // Its test hears of it.
        outcome.catch(() => undefined);
        outcomes.set(title, outcome);
      }
    });
    afterAll(() => Promise.allSettled(outcomes.values()));

    for (const [title, { target, expected }] of experiments)
      fault(`${title} (${name})`, target, async (report) => {
        const outcome = await outcomes.get(title);
        if (outcome === undefined) throw new Error('It was never started.');
        reportOutcome(report, outcome);
        expect(wordsOf(outcome)).toEqual(onlyClearWords(outcome));
        expected(outcome);
      });
  });
}

/** Nothing but tokens, waits with an end, and the truth about a grant that is lost. */
function onlyClearWords(outcome: Outcome): Readonly<Record<string, number>> {
  const clear = /^(?:200|503 (?:provider|storage)_unavailable|409 reauthorization_required)$/;
  return Object.fromEntries(Object.entries(wordsOf(outcome)).filter(([word]) => clear.test(word)));
}
