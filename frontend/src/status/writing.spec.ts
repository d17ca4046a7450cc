import { expect, it } from '@jest/globals';
import { writeMegabytes, writeClock, writeDuration, writeRate, writeShare } from './writing.ts';

it.each([
  [0, '0 ms'],
  [0.0379, '37.9 ms'],
  [0.25, '250 ms'],
  [1.234, '1.23 s'],
  [119, '119 s'],
  [600, '10 min'],
  [7_200, '2 h'],
  [259_200, '3 d'],
])('%d s is written as a person says it: %s', (seconds, written) => {
  expect(writeDuration(seconds)).toBe(written);
});

it.each([
  [0, '0/s'],
  [12.44, '12.4/s'],
  [123.4, '123/s'],
  [0.05, '3/min'],
])('%d times a second is written %s', (perSecond, written) => {
  expect(writeRate(perSecond)).toBe(written);
});

it('shares are never rounded down to nothing', () => {
  expect([writeShare(0), writeShare(0.004), writeShare(0.5)]).toEqual(['0 %', '<1 %', '50 %']);
});

it('memory is written in megabytes', () => {
  expect(writeMegabytes(50.04)).toBe('50 MB');
});

it('a time of another day has its date', () => {
  const noon = new Date(2026, 2, 14, 12, 0, 5).getTime();
  const digits = (text: string) => text.replace(/\D/g, '');
  expect(digits(writeClock(noon, noon))).not.toMatch(/14|26/);
  expect(digits(writeClock(noon, noon + 86_400_000))).toMatch(/14.*26|26.*14/);
});
