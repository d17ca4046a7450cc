import { describe, expect, it } from '@jest/globals';
import { type StoreSuite } from './store-suite.ts';

/** What is to be done when. */
export function describeDueTimes(suite: StoreSuite): void {
  describe('due-time indexes', () => {
    it('list what is due, earliest first and up to a limit, until it is unscheduled', async () => {
      const index = `refresh:${suite.partition}`;
      await suite.store.schedule(index, 'late', 3000);
      await suite.store.schedule(index, 'early', 1000);
      await suite.store.schedule(index, 'middle', 2000);
      expect(await suite.store.listDue(index, 999, 10)).toEqual([]);
      const early = { member: 'early', dueAtMs: 1000 };
      const middle = { member: 'middle', dueAtMs: 2000 };
      expect(await suite.store.listDue(index, 2000, 10)).toEqual([early, middle]);
      expect(await suite.store.listDue(index, 9000, 2)).toEqual([early, middle]);
      expect(await suite.store.unschedule(index, 'early')).toBe(true);
      expect(await suite.store.unschedule(index, 'early')).toBe(false);
      expect(await suite.store.listDue(index, 2000, 10)).toEqual([middle]);
    });

    it('move a member that is scheduled again', async () => {
      const index = `refresh:${suite.partition}`;
      await suite.store.schedule(index, 'member', 1000);
      await suite.store.schedule(index, 'member', Date.UTC(2100, 0));
      expect(await suite.store.listDue(index, 1000, 10)).toEqual([]);
      expect(await suite.store.listDue(index, Date.UTC(2100, 0), 10)).toEqual([
        { member: 'member', dueAtMs: Date.UTC(2100, 0) },
      ]);
    });

    it('know nothing of each other', async () => {
      await suite.store.schedule(`a:${suite.partition}`, 'member', 1);
      expect(await suite.store.listDue(`b:${suite.partition}`, 9000, 10)).toEqual([]);
      expect(await suite.store.unschedule(`b:${suite.partition}`, 'member')).toBe(false);
    });

    it.each([-1, 1.5, Number.NaN])('refuse the time %d', async (dueAtMs) => {
      await expect(suite.store.schedule('index', 'member', dueAtMs)).rejects.toThrow(TypeError);
    });
  });
}
