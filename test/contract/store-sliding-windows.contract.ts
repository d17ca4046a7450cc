import { describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { SHORT_MS, type StoreSuite } from './store-suite.ts';

/** How often somebody may. */
export function describeSlidingWindows(suite: StoreSuite): void {
  describe('sliding windows', () => {
    it('let exactly the limit through of many at once', async () => {
      const hits = await Promise.all(
        Array.from({ length: 500 }, () => suite.store.hitSlidingWindow(`ip:${suite.partition}`, 100, 60_000)),
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
      const first = await suite.store.hitSlidingWindow(window, 1, 60_000);
      const second = await suite.store.hitSlidingWindow(window, 1, 60_000);
      expect(first).toMatchObject({ allowed: true, remaining: 0 });
      expect(second).toMatchObject({ allowed: false, remaining: 0 });
      for (const { resetMs } of [first, second]) {
        expect(resetMs).toBeGreaterThan(50_000);
        expect(resetMs).toBeLessThanOrEqual(60_000);
      }
    });

    // A refused hit that counted would keep the window full for as long as somebody knocks.
    it('slide, and count no refused hit', async () => {
      const window = `ip:${suite.partition}`;
      await suite.store.hitSlidingWindow(window, 1, SHORT_MS);
      expect((await suite.store.hitSlidingWindow(window, 1, SHORT_MS)).allowed).toBe(false);
      suite.advance(SHORT_MS - 50);
      await eventually(
        async () => {
          const hit = await suite.store.hitSlidingWindow(window, 1, SHORT_MS);
          suite.advance(10);
          return hit;
        },
        ({ allowed }) => allowed,
      );
    });

    it('know nothing of each other', async () => {
      await suite.store.hitSlidingWindow(`ip:${suite.partition}`, 1, 60_000);
      expect((await suite.store.hitSlidingWindow(`user:${suite.partition}`, 1, 60_000)).allowed).toBe(true);
    });

    it('take addresses as names, and refuse braces', async () => {
      const name = `ip:2001:db8::/64:${suite.partition}`;
      expect((await suite.store.hitSlidingWindow(name, 2, 60_000)).remaining).toBe(1);
      await expect(suite.store.hitSlidingWindow('{ip}', 1, 1000)).rejects.toThrow(TypeError);
      await expect(suite.store.hitSlidingWindow('ip', 0, 1000)).rejects.toThrow(TypeError);
    });
  });
}
