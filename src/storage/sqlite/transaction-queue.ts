import type { DatabaseSync } from 'node:sqlite';
import { storageUnavailable } from '../storage-unavailable.ts';
import { isFileFailure } from './sqlite-failure.ts';

interface Waiting {
  readonly run: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly mayEndWithTheMachine: boolean;
}

/** Keeps one turn of the event loop to a few milliseconds. */
const MAX_OPERATIONS_PER_TRANSACTION = 512;

/**
 * Gathers the operations of one turn of the event loop into one transaction, because the sync to disk costs the same
 * for one as for hundreds. They run in the order they came, each sees the ones before it, and none is answered before
 * the commit.
 */
export class TransactionQueue {
  readonly #database: DatabaseSync;
  readonly #afterOperations: () => void;
  #waiting: Waiting[] = [];
  #scheduled = false;
  /** As the database is opened: each commit waits for the disk. */
  #isSynced = true;

  /** `afterOperations` runs inside each transaction, once its operations have run. */
  constructor(database: DatabaseSync, afterOperations: () => void = () => undefined) {
    this.#database = database;
    this.#afterOperations = afterOperations;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /**
   * `run` must be synchronous. When it throws, it alone is undone and rejected with its error; when the file is at
   * fault, the whole transaction is rejected with `storage_unavailable`.
   * @param mayEndWithTheMachine the disk isn't waited for, unless others of the same transaction want it
   */
  add<T>(run: () => T, mayEndWithTheMachine = false): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ run, resolve: resolve as (result: unknown) => void, reject, mayEndWithTheMachine });
      this.#schedule();
    });
  }

  flush(): void {
    while (!this.isEmpty) this.#commitNext();
  }

  /** As `flush`; from then on, as at the beginning, a commit waits for the disk. */
  settle(): void {
    this.flush();
    this.#sync(true);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#commitNext();
      if (!this.isEmpty) this.#schedule();
    });
  }

  #commitNext(): void {
    const batch = this.#waiting.splice(0, MAX_OPERATIONS_PER_TRANSACTION);
    if (batch.length > 0) this.#commit(batch);
  }

  #commit(batch: readonly Waiting[]): void {
    let results: unknown[];
    try {
      this.#sync(!batch.every(({ mayEndWithTheMachine }) => mayEndWithTheMachine));
      this.#database.exec('BEGIN IMMEDIATE');
      results = batch.map(({ run }) => run());
      this.#afterOperations();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#rollBack();
      this.#refuse(batch, error);
      return;
    }
    batch.forEach(({ resolve }, position) => {
      resolve(results[position]);
    });
  }

  /** NORMAL leaves the log to the system until the next commit that is synced, or the next checkpoint. */
  #sync(isSynced: boolean): void {
    if (isSynced === this.#isSynced) return;
    this.#database.exec(`PRAGMA synchronous = ${isSynced ? 'FULL' : 'NORMAL'}`);
    this.#isSynced = isSynced;
  }

  #refuse(batch: readonly Waiting[], error: unknown): void {
    if (isFileFailure(error)) {
      const failure = storageUnavailable(error);
      for (const { reject } of batch) reject(failure);
    } else if (batch.length > 1) {
      // One of them is at fault. It happens too rarely to pay for a savepoint around each: everyone gets an own try.
      for (const operation of batch) this.#commit([operation]);
    } else {
      batch[0]?.reject(error);
    }
  }

  #rollBack(): void {
    try {
      // A full disk makes SQLite roll back by itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    } catch {
      // The file is gone or closed; the error that led here says more.
    }
  }
}
