import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterFailure, NEVER_REFRESHED, type RefreshState } from './refresh-state.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const NOW = Date.UTC(2026, 10, 20);

const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const draws = fc.array(draw, { minLength: 1, maxLength: 60 });

/** The state after each of so many failures at one time. */
function failures(drawn: readonly number[], askedWaitMs = 0): readonly RefreshState[] {
  let state = NEVER_REFRESHED;
  return drawn.map((value) => (state = afterFailure(state, 'provider_error', NOW, askedWaitMs, () => value)));
}

const waits = (states: readonly RefreshState[]) => states.map(({ failure }) => (failure?.retryAt ?? Number.NaN) - NOW);
const backgroundWaits = (states: readonly RefreshState[]) => states.map(({ nextAt }) => (nextAt ?? Number.NaN) - NOW);

describe('After a failure the token endpoint is left alone', () => {
  it('not at all after the first for who needs the token, for half a second at least after each further one', () => {
    fc.assert(
      fc.property(draws, (drawn) => {
        const [first, ...further] = waits(failures(drawn));
        return first === 0 && further.every((wait) => wait >= 500);
      }),
    );
  });

  it('for twice as long each time, but for the half that is drawn, and for a minute at most', () => {
    fc.assert(
      fc.property(draws, (drawn) => {
        const [, ...further] = waits(failures(drawn));
        return further.every((wait, index) => {
          const whole = Math.min(MINUTE_MS, 1000 * 2 ** index);
          return wait >= Math.floor(whole / 2) && wait <= whole;
        });
      }),
    );
  });

  it('never for less than the time before, where as much is drawn', () => {
    fc.assert(
      fc.property(draw, fc.integer({ min: 2, max: 60 }), (drawn, count) => {
        const states = failures(Array.from({ length: count }, () => drawn));
        const grows = (all: readonly number[]) => all.every((wait, index) => wait >= (all[index - 1] ?? 0));
        return grows(waits(states)) && grows(backgroundWaits(states));
      }),
    );
  });

  it('by the background for longer than by who needs the token, and for an hour at most', () => {
    fc.assert(
      fc.property(draws, (drawn) => {
        const states = failures(drawn);
        const needed = waits(states);
        return backgroundWaits(states).every((wait, index) => {
          const whole = Math.min(HOUR_MS, 30_000 * 2 ** index);
          return wait >= whole / 2 && wait <= whole && wait > (needed[index] ?? Number.NaN);
        });
      }),
    );
  });

  it('for as long as the provider asks, up to an hour', () => {
    fc.assert(
      fc.property(draws, fc.integer({ min: 0, max: 1e12 }), (drawn, asked) => {
        const states = failures(drawn, asked);
        const least = Math.min(asked, HOUR_MS);
        const all = [...waits(states), ...backgroundWaits(states)];
        return all.every((wait) => wait >= least && wait <= Math.max(least, HOUR_MS));
      }),
    );
  });

  it('and what came of it before is still known', () => {
    const before: RefreshState = { ...NEVER_REFRESHED, lastAt: 7, nextAt: 9 };
    const attempt = { token: 'primary', fencingNumber: 1, begunAt: 1, presentations: 2, over: true };
    const after = afterFailure({ ...before, attempt }, 'provider_timeout', NOW);
    expect(after).toMatchObject({ lastAt: 7, attempt, failure: { error: 'provider_timeout', at: NOW, count: 1 } });
  });
});
