import { describe, expect, it } from '@jest/globals';
import type { Lease } from '../../src/storage/key-value-store.ts';
import { LONG_MS, SHORT_MS, type StoreSuite } from './store-suite.ts';

/** Claims that end by themselves. */
export function describeLeases(suite: StoreSuite): void {
  describe('leases', () => {
    async function acquire(ttlMs: number): Promise<Lease> {
      const lease = await suite.store.acquireLease(`refresh:${suite.partition}`, ttlMs);
      if (lease === undefined) throw new Error('The lease is held.');
      return lease;
    }

    it('are held by one of many', async () => {
      const leases = await Promise.all(
        Array.from({ length: 100 }, () => suite.store.acquireLease(`refresh:${suite.partition}`, LONG_MS)),
      );
      expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
    });

    it('are renewed and released by their holder alone', async () => {
      const lease = await acquire(LONG_MS);
      const thief = { ...lease, ownerToken: 'guess' };
      expect(await suite.store.renewLease(thief, LONG_MS)).toBe(false);
      expect(await suite.store.releaseLease(thief)).toBe(false);
      expect(await suite.store.renewLease(lease, LONG_MS)).toBe(true);
      expect(await suite.store.releaseLease(lease)).toBe(true);
      expect(await suite.store.releaseLease(lease)).toBe(false);
      expect(await suite.store.renewLease(lease, LONG_MS)).toBe(false);
    });

    it('go over to the next when their time is up, with a higher fencing number', async () => {
      const first = await acquire(SHORT_MS);
      await suite.advance(SHORT_MS);
      const second = await suite.store.acquireLease(first.name, LONG_MS);
      expect(second?.fencingNumber).toBeGreaterThan(first.fencingNumber);
      expect(await suite.store.renewLease(first, LONG_MS)).toBe(false);
      expect(await suite.store.releaseLease(first)).toBe(false);
      expect(await suite.store.acquireLease(first.name, LONG_MS)).toBeUndefined();
    });

    it('live on when renewed', async () => {
      const [renewed, other] = [await acquire(SHORT_MS), `other:${suite.partition}`];
      await suite.store.acquireLease(other, SHORT_MS);
      await suite.store.renewLease(renewed, LONG_MS);
      await suite.advance(SHORT_MS);
      expect(await suite.store.acquireLease(other, LONG_MS)).toBeDefined();
      expect(await suite.store.acquireLease(renewed.name, LONG_MS)).toBeUndefined();
    });

    it('never repeat a fencing number or an owner token, however fast they change hands', async () => {
      const leases: Lease[] = [];
      for (let round = 0; round < 20; round += 1) {
        const lease = await acquire(LONG_MS);
        leases.push(lease);
        await suite.store.releaseLease(lease);
      }
      const numbers = leases.map(({ fencingNumber }) => fencingNumber);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      expect(new Set(leases.map(({ ownerToken }) => ownerToken)).size).toBe(20);
    });

    it.each([0, -1, 1.5, Number.NaN])('refuse to last %d ms', async (ttlMs) => {
      await expect(suite.store.acquireLease('name', ttlMs)).rejects.toThrow(TypeError);
    });

    it('refuse a name with braces', async () => {
      await expect(suite.store.acquireLease('{name}', 1000)).rejects.toThrow(TypeError);
    });
  });
}
