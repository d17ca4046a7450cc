import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TransactionQueue } from './transaction-queue.ts';

describe('TransactionQueue', () => {
  let database: DatabaseSync;
  let transactions: number;
  let queue: TransactionQueue;

  beforeEach(() => {
    database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE numbers (number INTEGER UNIQUE)');
    transactions = 0;
    queue = new TransactionQueue(database, () => {
      transactions += 1;
    });
  });
  afterEach(() => {
    if (database.isOpen) database.close();
  });

  function insert(number: number): Promise<number> {
    return queue.add(() => {
      database.exec(`INSERT INTO numbers VALUES (${number})`);
      return number;
    });
  }

  function stored(): unknown[] {
    const rows = database.prepare('SELECT number FROM numbers ORDER BY rowid').all();
    return rows.map((row) => row['number']);
  }

  it('puts what comes in one turn into one transaction, in order', async () => {
    expect(await Promise.all([insert(2), insert(1), insert(3)])).toEqual([2, 1, 3]);
    expect(stored()).toEqual([2, 1, 3]);
    expect(transactions).toBe(1);
  });

  it('cuts a long queue into several transactions', async () => {
    await Promise.all(Array.from({ length: 513 }, (_, number) => insert(number)));
    expect(transactions).toBe(2);
    expect(stored()).toHaveLength(513);
  });

  it('undoes an operation that fails and none of its neighbours', async () => {
    const failing = queue.add(() => {
      database.exec('INSERT INTO numbers VALUES (99)');
      throw new RangeError('no');
    });
    const outcomes = await Promise.allSettled([insert(1), failing, insert(1), insert(2)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    await expect(failing).rejects.toThrow(RangeError);
    expect(stored()).toEqual([1, 2]);
  });

  it('refuses the whole transaction when the file is at fault', async () => {
    const both = [insert(1), insert(2)];
    database.exec('PRAGMA query_only = ON');
    for (const { status } of await Promise.allSettled(both)) expect(status).toBe('rejected');
    await expect(both[0]).rejects.toMatchObject({ code: 'storage_unavailable', cause: { errcode: 8 } });
    database.exec('PRAGMA query_only = OFF');
    expect(stored()).toEqual([]);
    expect(await insert(3)).toBe(3);
  });

  it('commits what waits when it is flushed', () => {
    void insert(1);
    queue.flush();
    expect(stored()).toEqual([1]);
    expect(queue.isEmpty).toBe(true);
  });
});
