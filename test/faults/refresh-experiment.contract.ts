import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ensureBuilt } from '../support/built-programs.ts';
import type { ExperimentAuthority } from '../support/experiment-authorities.ts';
import { lastWordsOf, report, wordsOf } from '../support/experiment-report.ts';
import { describeWithRedis } from '../support/redis-server.ts';
import { refreshExperiment, TOKEN_ENDPOINT_MS, type Course, type Outcome } from '../support/refresh-experiment.ts';
import { TROUBLES } from '../support/refresh-troubles.ts';

/** All of them together, as slow as a machine may be. */
const TIMEOUT_MS = 150_000;
/** A survivor leaves a refresh token alone for 20 s that a dead replica may have presented; readers ask every 5 s. */
const LEFT_ALONE_MS = 25_000;
const BUSY_MACHINE_MS = 10_000;

export interface Experiment extends Omit<Course, 'authority'> {
  readonly authority?: Course['authority'];
  readonly expected: (outcome: Outcome) => void;
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
    const longest = Math.max(...outcome.readings.map(({ tookMs }) => tookMs));
    expect(longest).toBeLessThan(LEFT_ALONE_MS + TOKEN_ENDPOINT_MS + BUSY_MACHINE_MS);
  };

const { redisPausedMidway, redisPausedAtTheAnswer, otherKilledMidway, holderKilledMidway } = TROUBLES;

/** The longest first. */
const EXPERIMENTS: Readonly<Record<string, Experiment>> = {
  'killing the replica that refreshes, before the provider has acted: 2 requests, 1 refresh, 100 tokens': {
    trouble: holderKilledMidway,
    expected: everybodyServed(2),
  },
  'killing the replica that refreshes, after the provider has acted: 2 requests, 100 are told that the grant is lost': {
    acts: 'after',
    trouble: holderKilledMidway,
    expected: everybodyTold(2),
  },
  'Redis paused for 2 s as the answer arrives: 1 refresh, 100 tokens': {
    trouble: redisPausedAtTheAnswer,
    expected: everybodyServed(1),
  },
  'Redis paused for 2 s midway: 1 refresh, 100 tokens': { trouble: redisPausedMidway, expected: everybodyServed(1) },
  'killing the replica that waits: 1 refresh, 100 tokens': { trouble: otherKilledMidway, expected: everybodyServed(1) },
  'no trouble: 1 refresh, 100 tokens': { expected: everybodyServed(1) },
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
    const experiments = Object.entries({ ...EXPERIMENTS, ...more });
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
    afterAll(() => Promise.allSettled(outcomes.values()), TIMEOUT_MS);

    it.each(experiments)(
      '%s',
      async (title, { expected }) => {
        const outcome = await outcomes.get(title);
        if (outcome === undefined) throw new Error('It was never started.');
        report(`${name}, ${title.replace(/:.*/, '')}`, outcome);
        expect(wordsOf(outcome)).toEqual(onlyClearWords(outcome));
        expected(outcome);
      },
      TIMEOUT_MS,
    );
  });
}

/** Nothing but tokens, waits with an end, and the truth about a grant that is lost. */
function onlyClearWords(outcome: Outcome): Readonly<Record<string, number>> {
  const clear = /^(?:200|503 (?:provider|storage)_unavailable|409 reauthorization_required)$/;
  return Object.fromEntries(Object.entries(wordsOf(outcome)).filter(([word]) => clear.test(word)));
}
