import { describe, expect, it } from '@jest/globals';
import { grantedSeconds, retryAfterSeconds } from './retry-after.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const seconds = (text: string, date?: string) =>
  retryAfterSeconds({ 'retry-after': text, ...(date === undefined ? {} : { date }) }, NOW);

describe('What a provider asks for', () => {
  it('is granted, in seconds or as a date by the provider’s own clock', () => {
    expect(seconds('30')).toBe(30);
    expect(seconds(' 0 ')).toBe(0);
    expect(seconds('Sun, 01 Mar 2026 12:00:30 GMT')).toBe(30);
    expect(seconds('Sun, 01 Mar 2026 13:00:30 GMT', 'Sun, 01 Mar 2026 13:00:00 GMT')).toBe(30);
    expect(seconds('Sun, 01 Mar 2026 11:00:00 GMT')).toBe(0);
  });

  it.each([
    ['a year', '31536000'],
    ['more than a number holds', '9'.repeat(400)],
    ['a date far away', 'Fri, 01 Jan 2100 00:00:00 GMT'],
  ])('is an hour at most: %s', (_what, text) => {
    expect(seconds(text)).toBe(3_600);
  });

  it.each(['', 'soon', '-5', '1.5e3', '12 s'])('is nothing when it can’t be understood: %j', (text) => {
    expect(seconds(text)).toBeUndefined();
  });

  it('is as much wherever else it was said', () => {
    expect([-1, 12, 86_400, Infinity].map(grantedSeconds)).toEqual([0, 12, 3_600, 3_600]);
  });
});
