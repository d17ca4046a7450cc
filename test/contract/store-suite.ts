import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { KeyValueStore, RecordKey } from '../../src/storage/key-value-store.ts';
import { eventually } from '../support/eventually.ts';

export interface StoreUnderTest {
  readonly store: KeyValueStore;
  /** Moves the store's clock ahead where a test can; elsewhere lives are short and time passes by itself. */
  readonly advance: (ms: number) => void;
  readonly stop: () => Promise<void>;
}

/** Short enough to wait for, long enough that what is asked right after the write still finds the record. */
export const SHORT_MS = 200;
export const SHORT = { ttlSeconds: SHORT_MS / 1000 };
export const LONG = { ttlSeconds: 3600 };

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

  advance(ms: number): void {
    this.#running().advance(ms);
  }

  /** Lets SHORT_MS pass and returns once the record is invisible. */
  async expire(expiring: RecordKey): Promise<void> {
    this.advance(SHORT_MS);
    await eventually(
      () => this.store.get(expiring),
      (found) => found === undefined,
    );
  }

  async listedIds(): Promise<string[]> {
    return (await this.store.list('connection', this.partition)).map(({ id }) => id);
  }

  #running(): StoreUnderTest {
    if (this.#subject === undefined) throw new Error('The store was not started.');
    return this.#subject;
  }
}
