import { describe, expect, it } from '@jest/globals';
import { LONG_MS, SHORT_MS, type StoreSuite } from './store-suite.ts';

/** How often somebody may. */
export function describeSlidingWindows(suite: StoreSuite): void {
  describe('sliding windows', () => {
    it('let exactly the limit through of many at once', async () => {
      const hits = await Promise.all(
        Array.from({ length: 500 }, () => suite.store.hitSlidingWindow(`ip:${suite.partition}`, 100, LONG_MS)),
      );
      const allowed = hits.filter((hit) => hit.allowed);
      expect(allowed).toHaveLength(100);
      expect(allowed.map(({ remaining }) => remaining).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 100 }, (_, number) => number),
      );
      expect(hits.filter((hit) => !hit.allowed).every(({ remaining }) => remaining === 0)).toBe(true);
    });

    it('say when the next hit is free', async () => {
      const window = `ip:${suite.partition}`;
      const first = await suite.store.hitSlidingWindow(window, 1, LONG_MS);
      const second = await suite.store.hitSlidingWindow(window, 1, LONG_MS);
      expect(first).toMatchObject({ allowed: true, remaining: 0 });
      expect(second).toMatchObject({ allowed: false, remaining: 0 });
      for (const { resetMs } of [first, second]) {
        expect(resetMs).toBeGreaterThan(LONG_MS - SHORT_MS);
        expect(resetMs).toBeLessThanOrEqual(LONG_MS);
      }
    });

    // A refused hit that counted would keep the window full for as long as somebody knocks.
    it('slide, and count no refused hit', async () => {
      const window = `ip:${suite.partition}`;
      const isAllowed = async () => (await suite.store.hitSlidingWindow(window, 1, 2 * SHORT_MS)).allowed;
      expect(await isAllowed()).toBe(true);
      expect(await isAllowed()).toBe(false);
      await suite.advance(SHORT_MS);
      expect(await isAllowed()).toBe(false);
      await suite.advance(SHORT_MS);
      expect(await isAllowed()).toBe(true);
    });

    it('refuse while they are held, say for how long, and count nothing meanwhile', async () => {
      const window = `ip:${suite.partition}`;
      expect(await suite.store.windowHeldMs(window)).toBe(0);
      await suite.store.holdWindow(window, LONG_MS);
      for (let hit = 0; hit < 3; hit += 1) {
        const { allowed, remaining, resetMs } = await suite.store.hitSlidingWindow(window, 2, 1000);
        expect({ allowed, remaining }).toEqual({ allowed: false, remaining: 0 });
        expect(resetMs).toBeGreaterThan(LONG_MS - SHORT_MS);
        expect(resetMs).toBeLessThanOrEqual(LONG_MS);
      }
      expect(await suite.store.windowHeldMs(window)).toBeGreaterThan(LONG_MS - SHORT_MS);
    });

    it('are held by the longest hold', async () => {
      const window = `ip:${suite.partition}`;
      await suite.store.holdWindow(window, SHORT_MS);
      await suite.store.holdWindow(window, LONG_MS);
      await suite.store.holdWindow(window, 1000);
      expect(await suite.store.windowHeldMs(window)).toBeGreaterThan(LONG_MS - SHORT_MS);
    });

    it('say the longer of the two when they are held and full', async () => {
      const window = `ip:${suite.partition}`;
      await suite.store.hitSlidingWindow(window, 1, LONG_MS);
      await suite.store.holdWindow(window, 1000);
      expect((await suite.store.hitSlidingWindow(window, 1, LONG_MS)).resetMs).toBeGreaterThan(LONG_MS - SHORT_MS);
    });

    it('are free again when the hold ends', async () => {
      const window = `ip:${suite.partition}`;
      await suite.store.holdWindow(window, SHORT_MS);
      expect((await suite.store.hitSlidingWindow(window, 2, LONG_MS)).allowed).toBe(false);
      await suite.advance(SHORT_MS);
      const free = await suite.store.hitSlidingWindow(window, 2, LONG_MS);
      expect(free).toMatchObject({ allowed: true, remaining: 1 });
      expect(await suite.store.windowHeldMs(window)).toBe(0);
    });

    it('know nothing of each other', async () => {
      await suite.store.hitSlidingWindow(`ip:${suite.partition}`, 1, LONG_MS);
      await suite.store.holdWindow(`ip:${suite.partition}`, LONG_MS);
      expect((await suite.store.hitSlidingWindow(`user:${suite.partition}`, 1, LONG_MS)).allowed).toBe(true);
    });

    it('take addresses as names, and refuse braces', async () => {
      const name = `ip:2001:db8::/64:${suite.partition}`;
      expect((await suite.store.hitSlidingWindow(name, 2, LONG_MS)).remaining).toBe(1);
      await expect(suite.store.hitSlidingWindow('{ip}', 1, 1000)).rejects.toThrow(TypeError);
      await expect(suite.store.hitSlidingWindow('ip', 0, 1000)).rejects.toThrow(TypeError);
      await expect(suite.store.holdWindow('{ip}', 1000)).rejects.toThrow(TypeError);
      await expect(suite.store.holdWindow('ip', 0.5)).rejects.toThrow(TypeError);
      await expect(suite.store.windowHeldMs('{ip}')).rejects.toThrow(TypeError);
    });
  });
}
