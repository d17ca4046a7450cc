import { describe, expect, it } from '@jest/globals';
import { StandingQueue } from './standing-queue.ts';

/** A queue at a clock that goes by hand, whose calls take so long. */
function queueOf(callMs: number) {
  const clock = { now: 0 };
  const queue = new StandingQueue(() => clock.now);
  queue.took(callMs);
  /** Somebody gets a turn after a wait, each so many milliseconds. */
  const turns = (count: number, everyMs: number, waitedMs: number): void => {
    for (let turn = 0; turn < count; turn += 1) {
      clock.now += everyMs;
      queue.waited(waitedMs);
    }
  };
  return { queue, turns };
}

describe('A queue', () => {
  it('that a burst has made doesn’t stand, however long its last had to wait', () => {
    const { queue, turns } = queueOf(50);
    turns(10, 49, 5_000);
    expect(queue.isStanding).toBe(false);
  });

  it('stands when for half a second nobody got a turn in good time', () => {
    const { queue, turns } = queueOf(50);
    turns(11, 50, 30);
    expect(queue.isStanding).toBe(true);
  });

  it('no longer stands once somebody did, but is sooner believed to stand again', () => {
    const { queue, turns } = queueOf(50);
    turns(11, 50, 30);
    turns(1, 50, 25);
    expect(queue.isStanding).toBe(false);
    turns(2, 50, 30);
    expect(queue.isStanding).toBe(false);
    turns(1, 50, 30);
    expect(queue.isStanding).toBe(true);
  });

  it('is as any other again after a while', () => {
    const { queue, turns } = queueOf(50);
    turns(11, 50, 30);
    turns(1, 10_000, 0);
    turns(10, 49, 30);
    expect(queue.isStanding).toBe(false);
  });

  it('may be slower where calls are: half of one is good time, and four of them an interval', () => {
    const { queue, turns } = queueOf(4_000);
    turns(100, 1_000, 2_000);
    expect(queue.isStanding).toBe(false);
    turns(16, 1_000, 2_001);
    expect(queue.isStanding).toBe(false);
    turns(1, 1_000, 2_001);
    expect(queue.isStanding).toBe(true);
  });

  it('goes by what calls take lately', () => {
    const { queue } = queueOf(1_000);
    for (let call = 0; call < 100; call += 1) queue.took(10);
    expect(queue.targetMs).toBeCloseTo(5, 0);
  });
});
