import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { setImmediate as turn } from 'node:timers/promises';
import { openDatabase } from '../storage/sqlite/sqlite-database.ts';
import { SqliteKeyValueStore } from '../storage/sqlite/sqlite-key-value-store.ts';
import { storageUnavailable } from '../storage/storage-unavailable.ts';
import { DueWorker, type DueWork } from './due-worker.ts';

const INDEX = 'index';
const HIDDEN_MS = 60_000;
const LONG_AGO = 1_000;

/** A store whose claims are counted, and can be made to fail. */
class WatchedStore extends SqliteKeyValueStore {
  claims = 0;
  failingClaims = 0;

  override async claimDue(...claim: Parameters<SqliteKeyValueStore['claimDue']>) {
    this.claims += 1;
    if (this.failingClaims > 0) {
      this.failingClaims -= 1;
      throw storageUnavailable(undefined);
    }
    return super.claimDue(...claim);
  }
}

describe('A worker on what is due', () => {
  let store: WatchedStore;
  let workers: DueWorker[];
  beforeEach(() => {
    Logger.overrideLogger(false);
    store = new WatchedStore(openDatabase(':memory:'));
    workers = [];
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await store.close();
  });

  const start = (work: Partial<DueWork> & Pick<DueWork, 'work'>): DueWorker => {
    const worker = new DueWorker(store, { index: INDEX, atOnce: 4, hiddenMs: HIDDEN_MS, restMs: 1, ...work });
    workers.push(worker);
    worker.start();
    return worker;
  };
  const schedule = async (count: number): Promise<string[]> => {
    const members = Array.from({ length: count }, (_, at) => `m${String(at).padStart(4, '0')}`);
    await Promise.all(members.map((member, at) => store.schedule(INDEX, member, LONG_AGO + at)));
    return members;
  };
  const due = () => store.listDue(INDEX, Number.MAX_SAFE_INTEGER, 1000);
  /** Work that takes members out, and tells when so many were. */
  const counting = (count: number) => {
    const worked: string[] = [];
    const all = Promise.withResolvers<undefined>();
    const work = async (member: string): Promise<void> => {
      worked.push(member);
      await store.unschedule(INDEX, member);
      if (worked.length === count) all.resolve(undefined);
    };
    return { worked, work, all: all.promise };
  };

  it('works off what is due, what is longest due first, and leaves what is not', async () => {
    const members = await schedule(20);
    await store.schedule(INDEX, 'tomorrow', Date.now() + 86_400_000);
    const { work, worked, all } = counting(20);
    start({ work });
    await all;
    expect(worked).toEqual(members);
    expect(await due()).toMatchObject([{ member: 'tomorrow' }]);
  });

  it('shares the work with another on the same store: each member is worked on once', async () => {
    const members = await schedule(300);
    const { work, worked, all } = counting(300);
    const byWorker = [0, 0];
    for (const number of [0, 1]) {
      const workAndCount = (member: string): Promise<void> => {
        byWorker[number] = (byWorker[number] ?? 0) + 1;
        return work(member);
      };
      start({ work: workAndCount });
    }
    await all;
    expect(worked.toSorted()).toEqual(members);
    expect(Math.min(...byWorker)).toBeGreaterThan(0);
  });

  it('works on so many at once and no more', async () => {
    await schedule(12);
    const { work, all } = counting(12);
    const gate = Promise.withResolvers<undefined>();
    let atOnce = 0;
    let most = 0;
    start({
      atOnce: 3,
      work: async (member) => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        if (atOnce === 3) setImmediate(() => gate.resolve(undefined));
        await gate.promise;
        await work(member);
        atOnce -= 1;
      },
    });
    await all;
    expect(most).toBe(3);
  });

  it('is not held up by one that is stuck, and ends when that one does', async () => {
    await schedule(10);
    const stuck = Promise.withResolvers<undefined>();
    const { work, all } = counting(9);
    const worker = start({ atOnce: 2, work: (member) => (member === 'm0000' ? stuck.promise : work(member)) });
    await all;
    let ended = false;
    const stopped = worker.stop().then(() => (ended = true));
    for (let turns = 0; turns < 20; turns += 1) await turn();
    expect(ended).toBe(false);
    stuck.resolve(undefined);
    await stopped;
  });

  it('takes over what another took that has died since', async () => {
    await schedule(3);
    const dead = await store.claimDue(INDEX, Date.now() - HIDDEN_MS, 3, Date.now() - 1);
    expect(dead).toHaveLength(3);
    const { work, worked, all } = counting(3);
    start({ work });
    await all;
    expect(worked).toHaveLength(3);
  });

  it('leaves what failed for later, and goes on', async () => {
    await schedule(3);
    const before = Date.now();
    const { work, all } = counting(2);
    start({ work: (member) => (member === 'm0001' ? Promise.reject(new Error('no')) : work(member)) });
    await all;
    const [failed, ...others] = await due();
    expect(others).toEqual([]);
    expect(failed).toMatchObject({ member: 'm0001' });
    expect(failed?.dueAtMs).toBeGreaterThanOrEqual(before + HIDDEN_MS);
  });

  it('goes on when the store is back, and says once that it was away', async () => {
    const said: unknown[] = [];
    Logger.overrideLogger({ log: () => undefined, error: () => undefined, warn: (line: unknown) => said.push(line) });
    await schedule(3);
    store.failingClaims = 5;
    const { work, worked, all } = counting(3);
    start({ work });
    await all;
    expect(worked).toHaveLength(3);
    expect(said).toEqual([{ msg: 'work that is due rests', reason: 'storage_unavailable' }]);
  });

  it('gives back, when it is stopped, what it has taken and not begun', async () => {
    await schedule(4);
    const asked = Promise.withResolvers<undefined>();
    const begun: string[] = [];
    const worker = start({
      // The first may begin; the second's turn is near, and never comes.
      waitMs: () => {
        if (begun.length === 0) return Promise.resolve(0);
        asked.resolve(undefined);
        return Promise.resolve(1_000);
      },
      work: async (member) => {
        begun.push(member);
        await store.unschedule(INDEX, member);
      },
    });
    await asked.promise;
    await worker.stop();
    expect(begun).toEqual(['m0000']);
    expect(await due()).toEqual([1, 2, 3].map((at) => ({ member: `m000${at}`, dueAtMs: LONG_AGO + at })));
  });

  it('gives back what it may not begin soon, so that it takes nothing while it has to wait', async () => {
    await schedule(4);
    const asked = Promise.withResolvers<undefined>();
    start({
      waitMs: () => {
        asked.resolve(undefined);
        return Promise.resolve(600_000);
      },
      work: () => Promise.reject(new Error('It was to wait.')),
    });
    await asked.promise;
    // Enough turns for it to give back, and to claim again if it did.
    for (let turns = 0; turns < 20; turns += 1) await turn();
    expect(await store.listDue(INDEX, LONG_AGO + 3, 10)).toHaveLength(4);
    expect(store.claims).toBe(1);
  });
});
