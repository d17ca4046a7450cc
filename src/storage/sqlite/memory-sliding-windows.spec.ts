import { describe, expect, it } from '@jest/globals';
import { MemorySlidingWindows } from './memory-sliding-windows.ts';

describe('MemorySlidingWindows', () => {
  it('frees a place the moment the oldest hit leaves', () => {
    const windows = new MemorySlidingWindows();
    windows.hit('ip', 2, 1000, 0);
    windows.hit('ip', 2, 1000, 400);
    expect(windows.hit('ip', 2, 1000, 999)).toEqual({ allowed: false, remaining: 0, resetMs: 1 });
    expect(windows.hit('ip', 2, 1000, 1000)).toEqual({ allowed: true, remaining: 0, resetMs: 400 });
    expect(windows.hit('ip', 2, 1000, 1399).allowed).toBe(false);
  });

  it('forgets keys whose hits have all left', () => {
    const windows = new MemorySlidingWindows();
    for (let key = 0; key < 10; key += 1) windows.hit(`ip:${key}`, 5, 1000, key);
    for (let hit = 0; hit < 10; hit += 1) windows.hit('ip:busy', 100, 1000, 5000);
    expect(windows.size).toBe(1);
  });

  it('forgets the key hit longest ago when there are too many', () => {
    const windows = new MemorySlidingWindows(2);
    windows.hit('a', 1, 1000, 0);
    windows.hit('b', 1, 1000, 1);
    windows.hit('a', 1, 1000, 2);
    windows.hit('c', 1, 1000, 3);
    expect(windows.size).toBe(2);
    expect(windows.hit('a', 1, 1000, 4).allowed).toBe(false);
    expect(windows.hit('b', 1, 1000, 5).allowed).toBe(true);
  });

  it('says when a hit would be allowed, and counts nothing by that', () => {
    const windows = new MemorySlidingWindows();
    for (let look = 0; look < 5; look += 1) expect(windows.freeInMs('base', 2, 1000, 0)).toBe(0);
    windows.hit('base', 2, 1000, 0);
    expect(windows.freeInMs('base', 2, 1000, 100)).toBe(0);
    windows.hit('base', 2, 1000, 300);
    expect(windows.freeInMs('base', 2, 1000, 400)).toBe(600);
    expect(windows.freeInMs('base', 2, 1000, 1000)).toBe(0);
    windows.hold('base', 5000, 1000);
    expect(windows.freeInMs('base', 2, 1000, 1000)).toBe(5000);
  });

  it('refuses until the moment a hold ends, and shows no free place before', () => {
    const windows = new MemorySlidingWindows();
    windows.hold('base', 1000, 0);
    expect(windows.hit('base', 2, 100, 999)).toEqual({ allowed: false, remaining: 0, resetMs: 1 });
    expect(windows.hit('base', 2, 100, 1000)).toEqual({ allowed: true, remaining: 1, resetMs: 100 });
  });

  it('forgets holds that have ended, and keeps those that haven’t', () => {
    const windows = new MemorySlidingWindows();
    for (let key = 0; key < 1_000; key += 1) windows.hold(`base:${key}`, key % 2 === 0 ? 1_000 : 10_000, 0);
    for (let key = 0; key < 500; key += 1) windows.hold('one', 10, 2_000 + key);
    expect(windows.holds).toBe(501);
    expect([windows.heldMs('base:1', 2_500), windows.heldMs('base:999', 2_500)]).toEqual([7_500, 7_500]);
  });

  it('remembers ten thousand holds and no more', () => {
    const windows = new MemorySlidingWindows();
    for (let key = 0; key < 10_100; key += 1) windows.hold(`base:${key}`, 1_000, 0);
    expect(windows.holds).toBe(10_000);
    expect(windows.heldMs('base:10099', 0)).toBe(1_000);
  });

  it('keeps the longer hold', () => {
    const windows = new MemorySlidingWindows();
    windows.hold('base', 1000, 0);
    windows.hold('base', 10, 500);
    expect(windows.heldMs('base', 600)).toBe(400);
  });
});
