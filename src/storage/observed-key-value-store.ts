import {
  KeyValueStore,
  type DueMember,
  type Lease,
  type ListedRecord,
  type RecordKey,
  type SlidingWindowHit,
  type StoredRecord,
  type StoreReport,
  type WalkedPage,
  type WriteOptions,
} from './key-value-store.ts';
import { isStorageUnavailable } from './storage-unavailable.ts';

/** One operation of the store, once it is over. */
export interface StoreObservation {
  /** The port's name for it. */
  readonly operation: string;
  readonly outcome: 'ok' | 'unavailable' | 'error';
  readonly durationMs: number;
}

/** Called as each operation ends; must be quick, and must not throw. */
export type StoreObserver = (operation: StoreObservation) => void;

/** A store whose operations are told to who wants to know how long they take. */
export class ObservedKeyValueStore extends KeyValueStore {
  readonly #store: KeyValueStore;
  readonly #observers = new Set<StoreObserver>();

  constructor(store: KeyValueStore) {
    super();
    this.#store = store;
  }

  override get forgottenUntilMs(): number {
    return this.#store.forgottenUntilMs;
  }

  /** @returns how to stop */
  observe(observer: StoreObserver): () => void {
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  override get(key: RecordKey): Promise<StoredRecord | undefined> {
    return this.#told('get', this.#store.get(key));
  }

  override put(key: RecordKey, value: string, options?: WriteOptions): Promise<number> {
    return this.#told('put', this.#store.put(key, value, options));
  }

  override putIfAbsent(key: RecordKey, value: string, options?: WriteOptions): Promise<boolean> {
    return this.#told('putIfAbsent', this.#store.putIfAbsent(key, value, options));
  }

  override take(key: RecordKey): Promise<StoredRecord | undefined> {
    return this.#told('take', this.#store.take(key));
  }

  override compareAndSet(
    key: RecordKey,
    expectedVersion: number,
    value: string,
    options?: WriteOptions,
  ): Promise<boolean> {
    return this.#told('compareAndSet', this.#store.compareAndSet(key, expectedVersion, value, options));
  }

  override delete(key: RecordKey): Promise<boolean> {
    return this.#told('delete', this.#store.delete(key));
  }

  override list(collection: string, partition: string): Promise<readonly ListedRecord[]> {
    return this.#told('list', this.#store.list(collection, partition));
  }

  override walk(collection: string, limit: number, from?: string): Promise<WalkedPage> {
    return this.#told('walk', this.#store.walk(collection, limit, from));
  }

  override acquireLease(name: string, ttlMs: number): Promise<Lease | undefined> {
    return this.#told('acquireLease', this.#store.acquireLease(name, ttlMs));
  }

  override renewLease(lease: Lease, ttlMs: number): Promise<boolean> {
    return this.#told('renewLease', this.#store.renewLease(lease, ttlMs));
  }

  override releaseLease(lease: Lease): Promise<boolean> {
    return this.#told('releaseLease', this.#store.releaseLease(lease));
  }

  override schedule(index: string, member: string, dueAtMs: number): Promise<void> {
    return this.#told('schedule', this.#store.schedule(index, member, dueAtMs));
  }

  override unschedule(index: string, member: string): Promise<boolean> {
    return this.#told('unschedule', this.#store.unschedule(index, member));
  }

  override listDue(index: string, nowMs: number, limit: number): Promise<readonly DueMember[]> {
    return this.#told('listDue', this.#store.listDue(index, nowMs, limit));
  }

  override claimDue(index: string, nowMs: number, limit: number, untilMs: number): Promise<readonly DueMember[]> {
    return this.#told('claimDue', this.#store.claimDue(index, nowMs, limit, untilMs));
  }

  override hitSlidingWindow(key: string, limit: number, windowMs: number): Promise<SlidingWindowHit> {
    return this.#told('hitSlidingWindow', this.#store.hitSlidingWindow(key, limit, windowMs));
  }

  override holdWindow(key: string, holdMs: number): Promise<void> {
    return this.#told('holdWindow', this.#store.holdWindow(key, holdMs));
  }

  override windowHeldMs(key: string): Promise<number> {
    return this.#told('windowHeldMs', this.#store.windowHeldMs(key));
  }

  override ping(): Promise<void> {
    return this.#told('ping', this.#store.ping());
  }

  override report(): Promise<StoreReport> {
    return this.#store.report();
  }

  override close(): Promise<void> {
    return this.#store.close();
  }

  #told<T>(operation: string, answer: Promise<T>): Promise<T> {
    if (this.#observers.size === 0) return answer;
    const startedAt = performance.now();
    const tell = (outcome: StoreObservation['outcome']) => {
      const durationMs = performance.now() - startedAt;
      for (const observer of this.#observers) observer({ operation, outcome, durationMs });
    };
    answer.then(
      () => tell('ok'),
      (error: unknown) => tell(isStorageUnavailable(error) ? 'unavailable' : 'error'),
    );
    return answer;
  }
}
