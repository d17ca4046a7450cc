import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import {
  KeyValueStore,
  type DueMember,
  type Lease,
  type ListedRecord,
  type RecordKey,
  type SlidingWindowHit,
  type StoreReport,
  type StoredRecord,
  type WalkedPage,
  type WriteOptions,
} from '../key-value-store.ts';
import {
  requireClaim,
  requireEpochMilliseconds,
  requireKeyPart,
  requireName,
  requirePositiveInteger,
  requireRecordKey,
  ttlMilliseconds,
} from '../store-arguments.ts';
import { storageUnavailable } from '../storage-unavailable.ts';
import { DueTable } from './due-table.ts';
import { LeaseTable } from './lease-table.ts';
import { MemorySlidingWindows } from './memory-sliding-windows.ts';
import { RecordTable } from './record-table.ts';
import { RecordWalk } from './record-walk.ts';
import { machineBootId } from './machine-boot.ts';
import { openDatabase } from './sqlite-database.ts';
import { isFileFailure } from './sqlite-failure.ts';
import { sqliteProblems } from './sqlite-report.ts';
import { TransactionQueue } from './transaction-queue.ts';

export interface SqliteStoreOptions {
  /** Epoch milliseconds. Default: the system's clock. */
  readonly now?: () => number;
  /** Which run of the machine this is; undefined where that can't be known. Default: as the system tells. */
  readonly bootId?: () => string | undefined;
}

const BOOT: RecordKey = { collection: 'machine-boot', partition: 'machine-boot', id: 'latest' };

const SWEEP_INTERVAL_MS = 1000;
const SWEPT_ROWS_PER_TRANSACTION = 200;

/**
 * The store in one file. It is meant for one server process; a second process (the command line beside the server) may
 * open the same file and both work correctly, because every decision is taken inside a write transaction. Only the
 * sliding windows, and what holds them, are each process's own, since they live in its memory, and end with it. The file must not lie on a
 * network file system, where the write-ahead log doesn't work.
 *
 * Expired records are invisible at once and removed a few at a time by later writes.
 */
export class SqliteKeyValueStore extends KeyValueStore {
  readonly #database: DatabaseSync;
  readonly #now: () => number;
  readonly #queue: TransactionQueue;
  readonly #records: RecordTable;
  readonly #walk: RecordWalk;
  readonly #leases: LeaseTable;
  readonly #due: DueTable;
  readonly #windows = new MemorySlidingWindows();
  readonly #bootId: string | undefined;
  readonly #forgottenUntilMs: number;
  #nextSweepAt = 0;

  /** @throws PatchbayError `storage_unavailable`, see `openDatabase`. */
  static open(path: string, options: SqliteStoreOptions = {}): SqliteKeyValueStore {
    const database = openDatabase(path);
    try {
      return new SqliteKeyValueStore(database, options);
    } catch (error) {
      database.close();
      throw isFileFailure(error) ? storageUnavailable(error, `The store file ${path} can't be opened.`) : error;
    }
  }

  constructor(database: DatabaseSync, options: SqliteStoreOptions = {}) {
    super();
    this.#database = database;
    this.#now = options.now ?? Date.now;
    this.#records = new RecordTable(database);
    this.#walk = new RecordWalk(database);
    this.#leases = new LeaseTable(database);
    this.#due = new DueTable(database);
    this.#queue = new TransactionQueue(database, () => this.#sweep());
    this.#bootId = (options.bootId ?? machineBootId)();
    this.#forgottenUntilMs = this.#noteBoot();
  }

  override get forgottenUntilMs(): number {
    return this.#forgottenUntilMs;
  }

  override async get(key: RecordKey): Promise<StoredRecord | undefined> {
    requireRecordKey(key);
    return this.#read(() => this.#records.get(key, this.#now()));
  }

  override async put(key: RecordKey, value: string, options: WriteOptions = {}): Promise<number> {
    requireRecordKey(key);
    const ttlMs = ttlMilliseconds(options.ttlSeconds);
    return this.#queue.add(() => this.#records.put(key, value, this.#expiry(ttlMs), this.#now()));
  }

  override async putIfAbsent(key: RecordKey, value: string, options: WriteOptions = {}): Promise<boolean> {
    requireRecordKey(key);
    const ttlMs = ttlMilliseconds(options.ttlSeconds);
    // Whether the machine has crashed since must be found out afterwards.
    const mayEndWithTheMachine = options.mayEndWithTheMachine === true && this.#bootId !== undefined;
    const write = () => this.#records.putIfAbsent(key, value, this.#expiry(ttlMs), this.#now());
    return this.#queue.add(write, mayEndWithTheMachine);
  }

  override async take(key: RecordKey): Promise<StoredRecord | undefined> {
    requireRecordKey(key);
    return this.#queue.add(() => this.#records.take(key, this.#now()));
  }

  override async compareAndSet(
    key: RecordKey,
    expectedVersion: number,
    value: string,
    options: WriteOptions = {},
  ): Promise<boolean> {
    requireRecordKey(key);
    const ttlMs = ttlMilliseconds(options.ttlSeconds);
    return this.#queue.add(() =>
      this.#records.compareAndSet(key, expectedVersion, value, this.#expiry(ttlMs), this.#now()),
    );
  }

  override async delete(key: RecordKey): Promise<boolean> {
    return (await this.take(key)) !== undefined;
  }

  override async list(collection: string, partition: string): Promise<readonly ListedRecord[]> {
    requireKeyPart('collection', collection);
    requireKeyPart('partition', partition);
    return this.#read(() => this.#records.list(collection, partition, this.#now()));
  }

  override async walk(collection: string, limit: number, from?: string): Promise<WalkedPage> {
    requireKeyPart('collection', collection);
    requirePositiveInteger('limit', limit);
    return this.#read(() => this.#walk.page(collection, limit, from, this.#now()));
  }

  override async acquireLease(name: string, ttlMs: number): Promise<Lease | undefined> {
    requireName('lease name', name);
    requirePositiveInteger('ttlMs', ttlMs);
    const ownerToken = randomBytes(18).toString('base64url');
    const fencingNumber = await this.#queue.add(() => this.#leases.acquire(name, ownerToken, ttlMs, this.#now()));
    return fencingNumber === undefined ? undefined : { name, ownerToken, fencingNumber };
  }

  override async renewLease(lease: Lease, ttlMs: number): Promise<boolean> {
    requireName('lease name', lease.name);
    requirePositiveInteger('ttlMs', ttlMs);
    return this.#queue.add(() => this.#leases.renew(lease.name, lease.ownerToken, ttlMs, this.#now()));
  }

  override async releaseLease(lease: Lease): Promise<boolean> {
    requireName('lease name', lease.name);
    return this.#queue.add(() => this.#leases.release(lease.name, lease.ownerToken, this.#now()));
  }

  override async schedule(index: string, member: string, dueAtMs: number): Promise<void> {
    requireName('due-time index', index);
    requireName('member', member);
    requireEpochMilliseconds('dueAtMs', dueAtMs);
    return this.#queue.add(() => this.#due.schedule(index, member, dueAtMs));
  }

  override async unschedule(index: string, member: string): Promise<boolean> {
    requireName('due-time index', index);
    requireName('member', member);
    return this.#queue.add(() => this.#due.unschedule(index, member));
  }

  override async listDue(index: string, nowMs: number, limit: number): Promise<readonly DueMember[]> {
    requireName('due-time index', index);
    requireEpochMilliseconds('nowMs', nowMs);
    requirePositiveInteger('limit', limit);
    return this.#read(() => this.#due.list(index, nowMs, limit));
  }

  override async claimDue(index: string, nowMs: number, limit: number, untilMs: number): Promise<readonly DueMember[]> {
    requireClaim(index, nowMs, limit, untilMs);
    return this.#queue.add(() => this.#due.claim(index, nowMs, limit, untilMs));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- answers from memory, but misuse must reject as elsewhere
  override async hitSlidingWindow(key: string, limit: number, windowMs: number): Promise<SlidingWindowHit> {
    requireName('sliding window', key);
    requirePositiveInteger('limit', limit);
    requirePositiveInteger('windowMs', windowMs);
    return this.#windows.hit(key, limit, windowMs, this.#now());
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  override async holdWindow(key: string, holdMs: number): Promise<void> {
    requireName('sliding window', key);
    requirePositiveInteger('holdMs', holdMs);
    this.#windows.hold(key, holdMs, this.#now());
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- as above
  override async windowHeldMs(key: string): Promise<number> {
    requireName('sliding window', key);
    return this.#windows.heldMs(key, this.#now());
  }

  override async ping(): Promise<void> {
    await this.#read(() => this.#database.exec('SELECT 1'));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- synchronous inside, but a failure must reject
  override async report(): Promise<StoreReport> {
    return this.#atOnce(() => {
      // How the last transaction was committed says nothing of how a grant is.
      this.#queue.settle();
      return { kind: 'sqlite', problems: sqliteProblems(this.#database), risks: [] };
    });
  }

  /** Commits what waits, then closes the file. Later operations reject with `storage_unavailable`. */
  // eslint-disable-next-line @typescript-eslint/require-await -- synchronous inside, but a failure must reject
  override async close(): Promise<void> {
    if (!this.#database.isOpen) return;
    this.#queue.flush();
    this.#database.close();
  }

  /** Reads at once unless writes wait: then it takes its turn behind them, because their caller may be the same. */
  async #read<T>(read: () => T): Promise<T> {
    return this.#queue.isEmpty ? this.#atOnce(read) : this.#queue.add(read, true);
  }

  /** @throws PatchbayError `storage_unavailable` when the file is at fault */
  #atOnce<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw isFileFailure(error) ? storageUnavailable(error) : error;
    }
  }

  /** @returns until when the file may have forgotten: the first time it was opened since the machine was started anew */
  #noteBoot(): number {
    const now = this.#now();
    if (this.#bootId === undefined) return 0;
    const [bootId, forgottenUntilMs] = this.#records.get(BOOT, now)?.value.split(' ') ?? [];
    if (bootId === this.#bootId) return Number(forgottenUntilMs);
    const untilMs = bootId === undefined ? 0 : now;
    this.#records.put(BOOT, `${this.#bootId} ${untilMs}`, null, now);
    return untilMs;
  }

  #expiry(ttlMs: number | undefined): number | null {
    return ttlMs === undefined ? null : this.#now() + ttlMs;
  }

  #sweep(): void {
    const now = this.#now();
    if (now < this.#nextSweepAt) return;
    const swept = this.#records.sweep(now, SWEPT_ROWS_PER_TRANSACTION);
    this.#leases.sweep(now, SWEPT_ROWS_PER_TRANSACTION);
    // A full sweep means that more is waiting: the next transaction goes on.
    this.#nextSweepAt = swept === SWEPT_ROWS_PER_TRANSACTION ? now : now + SWEEP_INTERVAL_MS;
  }
}
