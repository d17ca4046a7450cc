import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { describeContention } from './store-contention.contract.ts';
import { describeDueTimes } from './store-due-times.contract.ts';
import { describeLeases } from './store-leases.contract.ts';
import { describePartitions } from './store-partitions.contract.ts';
import { describeRecords } from './store-records.contract.ts';
import { describeSlidingWindows } from './store-sliding-windows.contract.ts';
import { describeWalks } from './store-walk.contract.ts';
import { StoreSuite, type StoreUnderTest } from './store-suite.ts';

/** What every store must do, run for each adapter. */
export function describeKeyValueStore(name: string, start: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a key-value store`, () => {
    const suite = new StoreSuite(start);
    describeRecords(suite);
    describeContention(suite);
    describePartitions(suite);
    describeWalks(suite);
    describeLeases(suite);
    describeDueTimes(suite);
    describeSlidingWindows(suite);

    it('answers a ping', async () => {
      await expect(suite.store.ping()).resolves.toBeUndefined();
    });
  });
}

/** Closing loses nothing, and closing twice is no error. */
export function describeClosing(name: string, start: () => Promise<StoreUnderTest>): void {
  describe(`${name} on closing`, () => {
    it('finishes what is under way and then refuses', async () => {
      const subject = await start();
      const { store } = subject;
      const key = { collection: 'connection', partition: randomUUID(), id: 'one' };
      const written = store.put(key, 'x');
      await store.close();
      await expect(written).resolves.toBe(1);
      for (const refused of [store.get(key), store.put(key, 'y'), store.ping()]) {
        await expect(refused).rejects.toMatchObject({ code: 'storage_unavailable' });
      }
      await store.close();
      await subject.stop();
    });
  });
}
