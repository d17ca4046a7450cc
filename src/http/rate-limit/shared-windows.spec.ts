import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { SlidingWindowHit } from '../../storage/key-value-store.ts';
import { storageUnavailable } from '../../storage/storage-unavailable.ts';
import { MemorySlidingWindows } from '../../storage/sqlite/memory-sliding-windows.ts';
import { SharedWindows } from './shared-windows.ts';

const MINUTE = 60_000;
const LIMIT = 5;

/** A store at the other end of a wire, which several replicas ask; it can fail, fall silent, and forget. */
class WindowStore {
  mode: 'up' | 'failing' | 'silent' = 'up';
  asked = 0;
  #windows = new MemorySlidingWindows();

  hitSlidingWindow(key: string, limit: number, windowMs: number): Promise<SlidingWindowHit> {
    this.asked += 1;
    if (this.mode === 'failing') return Promise.reject(storageUnavailable(new Error('connection lost')));
    if (this.mode === 'silent') return new Promise(() => undefined);
    return Promise.resolve(this.#windows.hit(key, limit, windowMs, Date.now()));
  }

  forget(): void {
    this.#windows = new MemorySlidingWindows();
  }
}

let store: WindowStore;
let said: string[];
beforeEach(() => {
  said = [];
  const say = (message: unknown) => void said.push((message as { msg: string }).msg);
  Logger.overrideLogger({ log: say, warn: say, error: say });
  jest.useFakeTimers({ now: 1_000_000 });
  store = new WindowStore();
});
afterEach(() => {
  jest.useRealTimers();
  Logger.overrideLogger(false);
});

const replica = () => new SharedWindows(store, { maxLimit: LIMIT, now: () => Date.now() });
const passes = async (windows: SharedWindows, key = 'ip:a') => !(await windows.increment(key, MINUTE, LIMIT)).isBlocked;
const howManyPass = async (windows: SharedWindows, of: number, key?: string) => {
  const hits = await Promise.all(Array.from({ length: of }, () => passes(windows, key)));
  return hits.filter(Boolean).length;
};

describe('SharedWindows, with a store that answers', () => {
  it('let the limit through of all replicas together', async () => {
    const [one, other] = [replica(), replica()];
    expect((await howManyPass(one, 3)) + (await howManyPass(other, 20)) + (await howManyPass(one, 20))).toBe(LIMIT);
  });

  // A fixed window or a bucket would let nearly twice the limit through around its boundary.
  it('never let more than the limit through in any minute', async () => {
    const windows = replica();
    const passedAt: number[] = [];
    for (let second = 0; second < 200; second += 1) {
      if (await passes(windows)) passedAt.push(second);
      if (second % 60 === 59 && (await passes(windows))) passedAt.push(second);
      await jest.advanceTimersByTimeAsync(1000);
    }
    const inMinuteFrom = (start: number) => passedAt.filter((at) => at >= start && at < start + 60).length;
    for (let start = 0; start < 200; start += 1) expect(inMinuteFrom(start)).toBeLessThanOrEqual(LIMIT);
    expect(passedAt.length).toBeGreaterThanOrEqual(3 * LIMIT);
  });

  it('give each place back a minute after it was taken, to the millisecond', async () => {
    const windows = replica();
    await passes(windows);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(await howManyPass(windows, 10)).toBe(LIMIT - 1);
    await jest.advanceTimersByTimeAsync(39_999);
    expect(await howManyPass(windows, 10)).toBe(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(await howManyPass(windows, 10)).toBe(1);
  });

  it('say what is left and, in whole seconds rounded up, when there will be more', async () => {
    const windows = replica();
    expect(await windows.increment('ip:a', MINUTE, 2)).toEqual({
      totalHits: 1,
      timeToExpire: 60,
      isBlocked: false,
      timeToBlockExpire: 0,
    });
    await jest.advanceTimersByTimeAsync(10_500);
    expect(await windows.increment('ip:a', MINUTE, 2)).toMatchObject({ totalHits: 2, timeToExpire: 50 });
    expect(await windows.increment('ip:a', MINUTE, 2)).toEqual({
      totalHits: 3,
      timeToExpire: 50,
      isBlocked: true,
      timeToBlockExpire: 50,
    });
  });

  it('do not ask the store about a window that is known to be full', async () => {
    const windows = replica();
    await howManyPass(windows, LIMIT);
    const { asked } = store;
    expect(await howManyPass(windows, 1000)).toBe(0);
    expect(store.asked).toBe(asked);
  });
});

describe('SharedWindows, with a store that does not answer', () => {
  it('decide within 150 ms, and afterwards at once', async () => {
    const windows = replica();
    store.mode = 'silent';
    const decided = jest.fn();
    const first = passes(windows).then(decided);
    await jest.advanceTimersByTimeAsync(150);
    expect(decided).toHaveBeenCalledWith(true);
    await first;
    await jest.advanceTimersByTimeAsync(0);
    expect(await passes(windows)).toBe(true);
    expect(windows.isAlone).toBe(true);
  });

  it.each(['failing', 'silent'] as const)(
    'hold to the same limit, what was passed before included: %s',
    async (mode) => {
      const windows = replica();
      expect(await howManyPass(windows, 2)).toBe(2);
      store.mode = mode;
      const during = howManyPass(windows, 50);
      await jest.advanceTimersByTimeAsync(150);
      expect(await during).toBe(LIMIT - 2);
      await jest.advanceTimersByTimeAsync(MINUTE);
      const later = howManyPass(windows, 50);
      await jest.advanceTimersByTimeAsync(150);
      expect(await later).toBe(LIMIT);
    },
  );

  it('try it again twice a second, with one request alone', async () => {
    const windows = replica();
    store.mode = 'failing';
    await passes(windows);
    const { asked } = store;
    await howManyPass(windows, 50, 'ip:b');
    expect(store.asked).toBe(asked);
    await jest.advanceTimersByTimeAsync(500);
    await howManyPass(windows, 50, 'ip:c');
    expect(store.asked).toBe(asked + 1);
  });

  it('share again when it is back, and pass no more than the limit even if it forgot everything', async () => {
    const windows = replica();
    await howManyPass(windows, 3);
    store.mode = 'failing';
    await passes(windows);
    store.mode = 'up';
    store.forget();
    await jest.advanceTimersByTimeAsync(500);
    expect(await passes(windows, 'ip:b')).toBe(true);
    expect(windows.isAlone).toBe(false);
    expect(await howManyPass(windows, 50)).toBe(LIMIT - 4);
  });

  it('say so once an outage, and once when it is over', async () => {
    const windows = replica();
    for (let outage = 0; outage < 2; outage += 1) {
      store.mode = 'failing';
      for (let time = 0; time < 5; time += 1) {
        await howManyPass(windows, 10, `ip:${outage}.${time}`);
        await jest.advanceTimersByTimeAsync(500);
      }
      store.mode = 'up';
      await howManyPass(windows, 10, `ip:${outage}`);
    }
    const outage = ['rate limits are counted by this process alone', 'rate limits are shared again'];
    expect(said).toEqual([...outage, ...outage]);
  });
});
