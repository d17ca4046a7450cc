import { describe, expect, it } from '@jest/globals';
import { notAnswering } from './circuit-history.ts';
import {
  areaPath,
  dotPath,
  extremesOf,
  intervalsOf,
  linePath,
  niceTop,
  rates,
  seen,
  sums,
  xOf,
  yOf,
} from './series.ts';

const PLOT = { width: 100, height: 50, top: 10 };

describe('Intervals', () => {
  it('end one after the other, the last one when it was read', () => {
    const first_at = '2026-03-14T09:00:00.000Z';
    const intervals = intervalsOf({ first_at, interval_in: 4, last_interval_in: 2, intervals: 3 });
    expect(intervals.lengths).toEqual([4, 4, 2]);
    expect(intervals.endsAt.map((end) => end - Date.parse(first_at))).toEqual([4_000, 8_000, 10_000]);
    // The last interval is half as long: what happened in it happened twice as often.
    expect(rates([8, 8, 8], intervals)).toEqual([2, 2, 4]);
  });

  it('are none at first', () => {
    const none = { first_at: '2026-03-14T09:00:00.000Z', interval_in: 2, last_interval_in: 2, intervals: 0 };
    expect(intervalsOf(none)).toEqual({ endsAt: [], lengths: [] });
  });
});

describe('A chart', () => {
  it('has a line for what there was, and always the first', () => {
    const series = [
      { name: 'served', values: [0, 0] },
      { name: 'failed', values: [0, null] },
      { name: 'refused', values: [0, 1] },
    ];
    expect(seen(series).map(({ name }) => name)).toEqual(['served', 'refused']);
  });

  it.each([
    [0, 1],
    [0.03, 0.05],
    [0.1, 0.1],
    [1, 1],
    [1.01, 2],
    [47, 50],
    [999, 1000],
  ])('goes up to a round number: %d to %d', (highest, top) => {
    expect(niceTop(highest)).toBeCloseTo(top, 10);
  });

  it('stands on its bottom and reaches its top, from its left edge to its right', () => {
    expect([yOf(0, PLOT), yOf(5, PLOT), yOf(10, PLOT), yOf(99, PLOT)]).toEqual([50, 25, 0, 0]);
    expect([xOf(0, 3, PLOT), xOf(1, 3, PLOT), xOf(2, 3, PLOT)]).toEqual([0, 50, 100]);
    expect(xOf(0, 1, PLOT)).toBe(100);
  });

  it('draws lines with gaps where there was nothing, and what stands alone as a dot', () => {
    expect(linePath([10, 0, null, 5, null], PLOT)).toBe('M0 0L25 50');
    expect(dotPath([10, 0, null, 5, null], PLOT)).toBe('M75 25h0');
    expect(linePath([null, null], PLOT)).toBe('');
    expect(areaPath([10, null, 0], PLOT)).toBe('');
    expect(areaPath([10, 0], PLOT)).toBe('M0 0L100 50L100 50L0 50Z');
  });

  it('tells the lowest, the highest and the last', () => {
    expect(extremesOf([3, null, 9, 4])).toEqual({ last: 4, lowest: 3, highest: 9 });
    expect(extremesOf([3, null])).toEqual({ last: null, lowest: 3, highest: 3 });
    expect(extremesOf([null])).toBeNull();
  });

  it('adds up counts of several', () => {
    expect(sums([1, 2], [10, 20], [0, 1])).toEqual([11, 23]);
    expect(sums()).toEqual([]);
  });
});

it('A circuit did not answer for the share of the time in which it was not closed', () => {
  const intervals = { endsAt: [0, 0, 0], lengths: [4, 4, 2] };
  expect(notAnswering([0, 2, 1], intervals)).toEqual({ share: 0.6, seconds: 10 });
  expect(notAnswering([], { endsAt: [], lengths: [] })).toEqual({ share: 0, seconds: 0 });
});
