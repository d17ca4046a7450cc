import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BASE, baseOf, busiestSecond, departures, endPacing, many, startPacing, turn } from './fixtures/turns.ts';
import type { WindowStore } from './fixtures/window-store.ts';
import { paceLane } from './pace.ts';
import { Pacer } from './pacer.ts';
import type { PaceStore } from './shared-lanes.ts';

let store: WindowStore;
let pacer: Pacer;
let warn: ReturnType<typeof startPacing>['warn'];

beforeEach(() => {
  ({ store, pacer, warn } = startPacing());
});

afterEach(() => endPacing(pacer));

describe('a lane that replicas share', () => {
  // A busy process gets the store's answer, and lets the call go, later than the store counted it.
  it('is kept to by when calls leave, not by when they were counted', async () => {
    let delays = 1;
    const late: PaceStore = {
      hitSlidingWindow: async (...hit) => {
        const counted = await store.hitSlidingWindow(...hit);
        delays -= 1;
        if (delays >= 0) await new Promise((resolve) => setTimeout(resolve, 240));
        return counted;
      },
      holdWindow: (...hold) => store.holdWindow(...hold),
      windowHeldMs: (...held) => store.windowHeldMs(...held),
    };
    const seen = departures(new Pacer(late), many(30));
    await jest.advanceTimersByTimeAsync(20_000);
    // No place in the store's window was used up for nothing.
    expect(store.questions).toBe(2 * 30);
    // The first of them travel long, too.
    const arrivals = seen.at.map((at, call) => at + (call < 5 ? 249 : 0));
    expect(arrivals).toHaveLength(30);
    expect(busiestSecond(arrivals)).toBeLessThanOrEqual(5);
  });

  it('lets nothing go on an answer that came so late that it says nothing any more', async () => {
    let isLate = true;
    const stalled: PaceStore = {
      hitSlidingWindow: async (...hit) => {
        const counted = await store.hitSlidingWindow(...hit);
        if (isLate) await new Promise((resolve) => setTimeout(resolve, 400));
        isLate = false;
        return counted;
      },
      holdWindow: (...hold) => store.holdWindow(...hold),
      windowHeldMs: (...held) => store.windowHeldMs(...held),
    };
    const seen = departures(new Pacer(stalled), many(5));
    await jest.advanceTimersByTimeAsync(1_200);
    expect(seen.at).toHaveLength(4);
    await jest.advanceTimersByTimeAsync(200);
    expect(seen.at).toHaveLength(5);
  });

  // Whoever asks first when places get free would take them all, time and again.
  it('is shared with a replica whose way to the store is longer', async () => {
    const far: PaceStore = {
      hitSlidingWindow: async (...hit) => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        return store.hitSlidingWindow(...hit);
      },
      holdWindow: (...hold) => store.holdWindow(...hold),
      windowHeldMs: (...held) => store.windowHeldMs(...held),
    };
    const near = departures(pacer, many(100));
    const farther = departures(new Pacer(far), many(100));
    await jest.advanceTimersByTimeAsync(20_000);
    expect(near.at.length + farther.at.length).toBeGreaterThanOrEqual(75);
    expect(farther.at.length).toBeGreaterThan(20);
  });
});

describe('a lane that is held', () => {
  it('lets nothing through before its time on any replica, and everything after it', async () => {
    const other = new Pacer(store);
    await pacer.hold(BASE, 12);
    const seen = [departures(pacer, many(2)), departures(other, many(2))];
    await jest.advanceTimersByTimeAsync(11_999);
    expect(seen.flatMap(({ at }) => at)).toEqual([]);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(seen.map(({ at }) => at.length)).toEqual([2, 2]);
  });

  it('refuses at once who can’t wait for it', async () => {
    await pacer.hold(BASE, 30);
    const seen = [departures(pacer, many(2)), departures(new Pacer(store), many(2))];
    await jest.advanceTimersByTimeAsync(0);
    const refusal = { code: 'provider_rate_limited', details: { retry_after: 30 } };
    expect(seen.flatMap(({ refused }) => refused)).toMatchObject([refusal, refusal, refusal, refusal]);
  });

  it('stops those who wait already', async () => {
    const seen = departures(pacer, many(10));
    await jest.advanceTimersByTimeAsync(0);
    await pacer.hold(BASE, 20);
    await jest.advanceTimersByTimeAsync(19_990);
    expect(seen.at).toHaveLength(5);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(seen.at).toHaveLength(10);
  });

  it('holds whatever else is the account’s, and nothing that isn’t', async () => {
    const other = new Pacer(store);
    await pacer.hold(BASE, 10);
    const sameAccount = baseOf('ann', 'appTwo');
    const seen = [pacer, other].map((one) => departures(one, [turn({ lane: sameAccount })]));
    const foreign = departures(other, [turn({ lane: baseOf('bob', 'appTwo') })]);
    await jest.advanceTimersByTimeAsync(9_999);
    expect(seen.flatMap(({ at }) => at)).toEqual([]);
    expect(foreign.at).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(10);
    expect(seen.map(({ at }) => at.length)).toEqual([1, 1]);
  });

  it('asks the provider again every hour at the least', async () => {
    await pacer.hold(BASE, 1e9);
    const seen = departures(pacer, [turn({ deadline: performance.now() + 4_000_000 })]);
    await jest.advanceTimersByTimeAsync(3_600_000 + 10);
    expect(seen.at).toHaveLength(1);
  });
});

describe('while the store is away', () => {
  it('each process keeps to the limit by itself, holds too', async () => {
    store.isAway = true;
    const seen = departures(pacer, many(12));
    await jest.advanceTimersByTimeAsync(5_000);
    expect(seen.at).toHaveLength(12);
    expect(busiestSecond(seen.at)).toBe(5);
    expect(pacer.isAlone).toBe(true);
    expect(warn).toHaveBeenCalledTimes(1);
    await pacer.hold(BASE, 10);
    const held = departures(pacer, many(1));
    await jest.advanceTimersByTimeAsync(9_990);
    expect(held.at).toEqual([]);
  });

  it('asks it now and then only, and comes back to it', async () => {
    store.isAway = true;
    const lane = paceLane('acme', { resource: 'account', of: ['a'], limit: 1_000, windowMs: 1_000 });
    for (let call = 0; call < 100; call += 1) await pacer.admit(turn({ lane }));
    expect(store.questions).toBe(1);
    store.isAway = false;
    await jest.advanceTimersByTimeAsync(500);
    await pacer.admit(turn({ lane }));
    expect(pacer.isAlone).toBe(false);
  });

  it('keeps to the limit when the store comes back having forgotten everything', async () => {
    const first = departures(pacer, many(5));
    await jest.advanceTimersByTimeAsync(100);
    store.forget();
    const second = departures(pacer, many(5));
    await jest.advanceTimersByTimeAsync(0);
    expect(first.at).toHaveLength(5);
    expect(second.at).toHaveLength(0);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(second.at).toHaveLength(5);
  });
});
