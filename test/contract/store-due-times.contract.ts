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

    it('give each due member to exactly one of many who claim at once', async () => {
      const index = `refresh:${suite.partition}`;
      const members = Array.from({ length: 60 }, (_, number) => `member-${number}`);
      await Promise.all(members.map((member, number) => suite.store.schedule(index, member, number)));
      const claims = await Promise.all(Array.from({ length: 40 }, () => suite.store.claimDue(index, 1000, 3, 2000)));
      const claimed = claims.flat().map(({ member }) => member);
      expect(claimed).toHaveLength(members.length);
      expect(new Set(claimed)).toEqual(new Set(members));
    });

    it('give the earliest first, up to a limit, with the time they were due', async () => {
      const index = `refresh:${suite.partition}`;
      await suite.store.schedule(index, 'late', 3000);
      await suite.store.schedule(index, 'early', 1000);
      await suite.store.schedule(index, 'middle', 2000);
      expect(await suite.store.claimDue(index, 999, 10, 9000)).toEqual([]);
      expect(await suite.store.claimDue(index, 3000, 2, 9000)).toEqual([
        { member: 'early', dueAtMs: 1000 },
        { member: 'middle', dueAtMs: 2000 },
      ]);
      expect(await suite.store.claimDue(index, 3000, 2, 9000)).toEqual([{ member: 'late', dueAtMs: 3000 }]);
    });

    it('hide what was claimed until it is due again', async () => {
      const index = `refresh:${suite.partition}`;
      const until = Date.UTC(2100, 0);
      await suite.store.schedule(index, 'claimed', 1000);
      await suite.store.claimDue(index, 1000, 10, until);
      expect(await suite.store.listDue(index, until - 1, 10)).toEqual([]);
      expect(await suite.store.claimDue(index, until - 1, 10, until)).toEqual([]);
      const again = [{ member: 'claimed', dueAtMs: until }];
      expect(await suite.store.listDue(index, until, 10)).toEqual(again);
      expect(await suite.store.claimDue(index, until, 10, until + 1)).toEqual(again);
    });

    it('let whoever claimed a member move it or take it out', async () => {
      const index = `refresh:${suite.partition}`;
      for (const member of ['moved', 'done']) await suite.store.schedule(index, member, 1000);
      await suite.store.claimDue(index, 1000, 10, 9000);
      await suite.store.schedule(index, 'moved', 5000);
      expect(await suite.store.unschedule(index, 'done')).toBe(true);
      expect(await suite.store.listDue(index, 9000, 10)).toEqual([{ member: 'moved', dueAtMs: 5000 }]);
    });

    it('refuse a claim that would hide nothing', async () => {
      await expect(suite.store.claimDue('index', 1000, 1, 1000)).rejects.toThrow(TypeError);
      await expect(suite.store.claimDue('index', 1000, 0, 2000)).rejects.toThrow(TypeError);
      await expect(suite.store.claimDue('in dex', 1000, 1, 2000)).rejects.toThrow(TypeError);
    });

    it('know nothing of each other', async () => {
      await suite.store.schedule(`a:${suite.partition}`, 'member', 1);
      expect(await suite.store.listDue(`b:${suite.partition}`, 9000, 10)).toEqual([]);
      expect(await suite.store.claimDue(`b:${suite.partition}`, 9000, 10, 9001)).toEqual([]);
      expect(await suite.store.unschedule(`b:${suite.partition}`, 'member')).toBe(false);
    });

    it.each([-1, 1.5, Number.NaN])('refuse the time %d', async (dueAtMs) => {
      await expect(suite.store.schedule('index', 'member', dueAtMs)).rejects.toThrow(TypeError);
    });
  });
}
