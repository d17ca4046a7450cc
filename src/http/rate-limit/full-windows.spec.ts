import { describe, expect, it } from '@jest/globals';
import { FullWindows } from './full-windows.ts';

describe('FullWindows', () => {
  it('knows for how long a window stays full', () => {
    const full = new FullWindows();
    full.remember('a', 1000, 0);
    expect(full.fullFor('a', 400)).toBe(600);
    expect(full.fullFor('a', 1000)).toBeUndefined();
    expect(full.fullFor('b', 400)).toBeUndefined();
  });

  it('forgets those that have room again', () => {
    const full = new FullWindows();
    for (let key = 0; key < 10; key += 1) full.remember(`${key}`, 1000 + key, key);
    for (let time = 0; time < 10; time += 1) full.remember('busy', 9000, 5000);
    expect(full.size).toBe(1);
  });

  it('never holds more than it may', () => {
    const full = new FullWindows(3);
    for (let key = 0; key < 10; key += 1) full.remember(`${key}`, 1000, 0);
    expect(full.size).toBe(3);
    expect(full.fullFor('9', 1)).toBe(999);
  });
});
