import { Logger } from '@nestjs/common';
import { reasonOf } from '../errors/patchbay-error.ts';
import type { KeyValueStore, Lease } from '../storage/key-value-store.ts';

/** It ends this long after its holder died, at the latest. */
export const LEASE_TTL_MS = 12_000;
const RENEW_EVERY_MS = 3_000;

const log = new Logger('HeldLease');

/** On whose behalf a refresh token is presented. */
export interface LeaseHolder {
  readonly fencingNumber: number;
  /** The store's clock, in epoch milliseconds. */
  readonly storeNow: number;
}

/**
 * A lease that is renewed for as long as it is held: what it covers may take longer than a lease may outlive its holder.
 */
export class HeldLease implements LeaseHolder {
  readonly #store: KeyValueStore;
  readonly #lease: Lease;
  readonly #timer: NodeJS.Timeout;
  readonly #since = performance.now();

  private constructor(store: KeyValueStore, lease: Lease) {
    this.#store = store;
    this.#lease = lease;
    this.#timer = setInterval(() => void this.#renew(), RENEW_EVERY_MS).unref();
  }

  /** @returns undefined while somebody else holds it */
  static async take(store: KeyValueStore, name: string): Promise<HeldLease | undefined> {
    const lease = await store.acquireLease(name, LEASE_TTL_MS);
    return lease === undefined ? undefined : new HeldLease(store, lease);
  }

  get fencingNumber(): number {
    return this.#lease.fencingNumber;
  }

  /** The store's clock in epoch milliseconds: what it was when the lease was taken, and what has passed since. */
  get storeNow(): number {
    return this.#lease.fencingNumber + (performance.now() - this.#since);
  }

  /** Whatever becomes of this changes nothing: a lease ends by itself. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    try {
      await this.#store.releaseLease(this.#lease);
    } catch (error) {
      log.warn({ msg: 'a lease could not be released; it ends by itself', reason: reasonOf(error) });
    }
  }

  /** One that was lost can't be had back. What it covered is still safe: writes are refused by version. */
  async #renew(): Promise<void> {
    try {
      if (await this.#store.renewLease(this.#lease, LEASE_TTL_MS)) return;
      clearInterval(this.#timer);
      log.warn({ msg: 'a lease was lost before its work was done' });
    } catch (error) {
      log.warn({ msg: 'a lease could not be renewed', reason: reasonOf(error) });
    }
  }
}
