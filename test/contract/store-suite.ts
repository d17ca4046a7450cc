import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import type { KeyValueStore, RecordKey } from '../../src/storage/key-value-store.ts';

export interface StoreUnderTest {
  readonly store: KeyValueStore;
  /** Lets so much time pass for all whose key or name contains that text. */
  readonly advance: (ms: number, within: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Tests let a short life pass with `advance`. In real time no test takes as long as either. */
export const SHORT_MS = 600_000;
export const SHORT = { ttlSeconds: SHORT_MS / 1000 };
export const LONG_MS = 10 * SHORT_MS;
export const LONG = { ttlSeconds: LONG_MS / 1000 };

/** One store for the tests of a `describe` block, and a fresh partition for each of them. */
export class StoreSuite {
  /** Fresh for each test, so that none sees another's records. */
  partition = '';
  #subject: StoreUnderTest | undefined;

  constructor(start: () => Promise<StoreUnderTest>) {
    beforeAll(async () => {
      this.#subject = await start();
    });
    afterAll(() => this.#running().stop());
    beforeEach(() => {
      this.partition = randomUUID();
    });
  }

  get store(): KeyValueStore {
    return this.#running().store;
  }

  get key(): RecordKey {
    return this.recordAt('one');
  }

  recordAt(id: string): RecordKey {
    return { collection: 'connection', partition: this.partition, id };
  }

  advance(ms: number): Promise<void> {
    return this.#running().advance(ms, this.partition);
  }

  /** Lets SHORT_MS pass, which ends the record. */
  async expire(expiring: RecordKey): Promise<void> {
    await this.advance(SHORT_MS);
    expect(await this.store.get(expiring)).toBeUndefined();
  }

  async listedIds(): Promise<string[]> {
    return (await this.store.list('connection', this.partition)).map(({ id }) => id);
  }

  #running(): StoreUnderTest {
    if (this.#subject === undefined) throw new Error('The store was not started.');
    return this.#subject;
  }
}
