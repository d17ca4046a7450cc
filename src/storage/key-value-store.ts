/**
 * Where a record lives. `collection` names the kind of record (`connection`, `pending-authorization`), `partition` groups
 * the records that are listed together (an owner) and decides the Redis Cluster slot, `id` names the record inside it.
 * Parts that come from outside are hashed by the caller; adapters accept `[A-Za-z0-9_-]{1,128}` and throw a TypeError else.
 */
export interface RecordKey {
  readonly collection: string;
  readonly partition: string;
  readonly id: string;
}

/**
 * A stored value and how often its key was written: 1 after the first write, one more after each. A record that was
 * deleted or expired begins at 1 again. Values are well-formed Unicode; anything else is the caller's to encode.
 *
 * The version is kept apart from the value: an older value that somebody puts back by hand is read under the newest
 * version, so that what was sealed for a version doesn't open. Redis knows a value put back after its record was deleted
 * too, by version 0, unless the record was written once and was to live for less than a day. Whoever changes the version
 * as well is not found out.
 */
export interface StoredRecord {
  readonly value: string;
  readonly version: number;
}

export interface ListedRecord extends StoredRecord {
  readonly id: string;
}

/** A record as a walk finds it. */
export interface WalkedRecord extends StoredRecord {
  readonly key: RecordKey;
  /** Seconds left to live, above 0; absent: no end. */
  readonly ttlSeconds?: number;
}

export interface WalkedPage {
  readonly records: readonly WalkedRecord[];
  /** Where to go on, for the same store and collection; absent at the end. A page may be empty without being the last. */
  readonly next?: string;
}

export interface WriteOptions {
  /** Life in seconds from this write, above 0, fractions allowed. Absent: until deleted, whatever life an earlier write gave it. */
  readonly ttlSeconds?: number;
  /**
   * A crash of the machine may undo it, in exchange for not waiting for the disk; one of the process doesn't. Whoever reads
   * asks `forgottenUntilMs`. For what lives shortly and is written often.
   */
  readonly mayEndWithTheMachine?: boolean;
}

/** An exclusive, self-ending claim on a name. */
export interface Lease {
  readonly name: string;
  /** Unguessable; only its holder can renew or release. */
  readonly ownerToken: string;
  /**
   * Grows with every acquisition of this name and never repeats, also after expiry: what a late writer is refused by. It
   * is the store's clock in epoch milliseconds or, within one millisecond, one more than the last. The last number of a
   * name is remembered for 30 days, so a clock would have to be set back further than that to repeat one.
   */
  readonly fencingNumber: number;
}

export interface DueMember {
  readonly member: string;
  readonly dueAtMs: number;
}

/** What one hit on a sliding window found. A refused hit is not counted. */
export interface SlidingWindowHit {
  readonly allowed: boolean;
  /** Hits still free in the window after this one. */
  readonly remaining: number;
  /**
   * Milliseconds until the oldest counted hit leaves the window, i.e. until another is free when none is. While the window
   * is held: until the hold ends, or until one is free after it.
   */
  readonly resetMs: number;
}

/** Facts about the store that an operator must know before trusting grants to it. */
export interface StoreReport {
  readonly kind: 'sqlite' | 'redis';
  /** Human sentences, one a problem, e.g. an evicting `maxmemory-policy`. Empty when all is well. */
  readonly problems: readonly string[];
  /** Likewise: what would lose the last writes only if more went wrong. Worth a warning, no reason to refuse the store. */
  readonly risks: readonly string[];
}

/**
 * The store port. Every operation is atomic and survives a crash of this process once its promise has resolved; only
 * sliding windows may be forgotten. Operations one caller starts in order on one record take effect in that order,
 * awaited or not. It is an abstract class so that it is its own injection token.
 *
 * All operations reject with PatchbayError `storage_unavailable` when the store can't be reached or doesn't answer in
 * time (whether the operation took effect is then unknown, but it is never repeated), and with a TypeError when an
 * argument breaks the rules; nothing else about a healthy store is an error. Names of leases, indexes, members and
 * windows match `[A-Za-z0-9_.:/-]{1,256}`; `ttlMs`, `windowMs` and limits are positive whole numbers.
 */
export abstract class KeyValueStore {
  /** What was written with `mayEndWithTheMachine` before this time, epoch milliseconds, may be gone. */
  get forgottenUntilMs(): number {
    return 0;
  }

  abstract get(key: RecordKey): Promise<StoredRecord | undefined>;

  /** Writes whatever stood there before. Returns the new version. */
  abstract put(key: RecordKey, value: string, options?: WriteOptions): Promise<number>;

  /** Writes only where nothing (live) stands. Returns whether it wrote; the version is then 1. */
  abstract putIfAbsent(key: RecordKey, value: string, options?: WriteOptions): Promise<boolean>;

  /** Reads and deletes in one step: of any number of concurrent takers exactly one gets the record. */
  abstract take(key: RecordKey): Promise<StoredRecord | undefined>;

  /**
   * Writes only when the record's version still is `expectedVersion`. Returns whether it wrote; the version is then
   * `expectedVersion + 1`. A record that is absent or expired never matches (use putIfAbsent).
   */
  abstract compareAndSet(
    key: RecordKey,
    expectedVersion: number,
    value: string,
    options?: WriteOptions,
  ): Promise<boolean>;

  /** Returns whether something (live) was deleted. */
  abstract delete(key: RecordKey): Promise<boolean>;

  /** The live records of one partition, in the order their keys were first written. Meant for tens, not thousands. */
  abstract list(collection: string, partition: string): Promise<readonly ListedRecord[]>;

  /**
   * Every live record of a collection, page by page, in no order, for maintenance only: it passes by everything else in
   * the store. `limit` bounds the work of a page; a page may hold a few records more. What is written while the walk goes
   * on may be found once, twice or not at all; what stands throughout is found at least once.
   */
  abstract walk(collection: string, limit: number, from?: string): Promise<WalkedPage>;

  /** Undefined while somebody else holds it. A lease ends by itself after `ttlMs`. */
  abstract acquireLease(name: string, ttlMs: number): Promise<Lease | undefined>;

  /** Returns false when the lease was lost: the holder must stop. */
  abstract renewLease(lease: Lease, ttlMs: number): Promise<boolean>;

  /** Returns false when the lease was already lost. */
  abstract releaseLease(lease: Lease): Promise<boolean>;

  /** Puts a member into a due-time index, or moves it there. `dueAtMs` is epoch milliseconds. */
  abstract schedule(index: string, member: string, dueAtMs: number): Promise<void>;

  abstract unschedule(index: string, member: string): Promise<boolean>;

  /** The members due at or before `nowMs`, earliest first, at most `limit`. They stay until unscheduled or moved. */
  abstract listDue(index: string, nowMs: number, limit: number): Promise<readonly DueMember[]>;

  /**
   * Takes up to `limit` members due at or before `nowMs`, earliest first, and moves each to `untilMs`, which must be
   * later, in the same step: of any number of concurrent takers each member goes to one. Whoever took it unschedules or
   * moves it when done; if it dies, the member is due again at `untilMs`. Returns them with the time they were due.
   */
  abstract claimDue(index: string, nowMs: number, limit: number, untilMs: number): Promise<readonly DueMember[]>;

  /** Counts a hit unless `limit` hits already lie in the `windowMs` before now, by the store's own clock, or it is held. */
  abstract hitSlidingWindow(key: string, limit: number, windowMs: number): Promise<SlidingWindowHit>;

  /** Refuses every hit on a window for `holdMs` from now. A hold that ends later stands. */
  abstract holdWindow(key: string, holdMs: number): Promise<void>;

  /** Milliseconds for which a window is still held; 0 when it isn't. */
  abstract windowHeldMs(key: string): Promise<number>;

  /** Resolves when the store answers. */
  abstract ping(): Promise<void>;

  abstract report(): Promise<StoreReport>;

  abstract close(): Promise<void>;
}
