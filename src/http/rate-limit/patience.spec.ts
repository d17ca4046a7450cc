import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { inTime, PATIENCE_MS } from './patience.ts';

describe('inTime', () => {
  // A timer alone would have run out before the answer, which has long arrived, is looked at.
  it('reads the answer that came while this process was busy with itself', async () => {
    await turn();
    const answer = inTime(turn('an answer'));
    const busyUntil = performance.now() + PATIENCE_MS + 10;
    while (performance.now() < busyUntil);
    await expect(answer).resolves.toBe('an answer');
  });

  it('passes a failure on', async () => {
    await expect(inTime(Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  });
});
