import { describe, expect, it } from '@jest/globals';
import { writeElapsed, writeTook } from './elapsed.ts';

describe('The time of a load', () => {
  it.each([
    [0, '0 s'],
    [1_999, '1 s'],
    [59_999, '59 s'],
    [61_000, '1:01 min'],
  ])('is told in whole seconds while it runs: %i ms as %s', (ms, written) => {
    expect(writeElapsed(ms)).toBe(written);
  });

  it.each([
    [0, '0.1 s'],
    [440, '0.4 s'],
    [2_000, '2 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [61_999, '1:02 min'],
  ])('is told to a tenth when it is over, unless it was long: %i ms as %s', (ms, written) => {
    expect(writeTook(ms)).toBe(written);
  });
});
