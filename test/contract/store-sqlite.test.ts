import { spawn } from 'node:child_process';
import { chmodSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteKeyValueStore } from '../../src/storage/sqlite/sqlite-key-value-store.ts';
import { newStoreFolder } from '../support/store-folder.ts';

const KEY = { collection: 'connection', partition: 'owner', id: 'one' };
const UNAVAILABLE = { code: 'storage_unavailable', details: { retry_after: 2 } };
const WRITER = new URL('../support/sqlite-writer.ts', import.meta.url).pathname;

let directory: string;
let path: string;
const opened: (SqliteKeyValueStore | DatabaseSync)[] = [];

beforeEach(() => {
  directory = newStoreFolder();
  path = join(directory, 'data', 'store.db');
});

afterEach(async () => {
  for (const one of opened.splice(0)) if (one instanceof SqliteKeyValueStore || one.isOpen) await one.close();
  rmSync(directory, { recursive: true });
});

function open(now?: () => number): SqliteKeyValueStore {
  const store = SqliteKeyValueStore.open(path, now === undefined ? {} : { now });
  opened.push(store);
  return store;
}

function openInBoot(bootId: string | undefined, now = Date.now): SqliteKeyValueStore {
  const store = SqliteKeyValueStore.open(path, { bootId: () => bootId, now });
  opened.push(store);
  return store;
}

function openRaw(options: { readOnly?: boolean } = {}): DatabaseSync {
  const database = new DatabaseSync(path, options);
  opened.push(database);
  return database;
}

/** Runs the writer, `shell` before it, until it ends or `killAfter` records are acknowledged. */
async function runWriter(shell: string, records: number, bytes: number, killAfter = Infinity): Promise<string[]> {
  const writer = spawn(
    'sh',
    ['-c', `${shell} exec "$0" "$@"`, process.execPath, WRITER, path, `${records}`, `${bytes}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
    },
  );
  const lines: string[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    lines.push(line);
    if (lines.length === killAfter) writer.kill('SIGKILL');
  }
  return lines;
}

async function expectWholeWith(ids: readonly string[]): Promise<void> {
  const integrity = openRaw().prepare('PRAGMA integrity_check').get();
  expect(integrity).toMatchObject({ integrity_check: 'ok' });
  const found = new Set((await open().list('written', 'by-child')).map(({ id }) => id));
  expect(ids.filter((id) => !found.has(id))).toEqual([]);
}

describe('The SQLite file', () => {
  it('and its log are for its owner alone', async () => {
    await open().put(KEY, 'x');
    expect(statSync(join(directory, 'data')).mode & 0o777).toBe(0o700);
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is closed to others when it was open to them', async () => {
    await open().close();
    chmodSync(path, 0o644);
    open();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('has nothing to report on a local disk', async () => {
    expect(await open().report()).toEqual({ kind: 'sqlite', problems: [], risks: [] });
  });

  it('has nothing to report either while it writes what may end with the machine', async () => {
    const store = openInBoot('this');
    const passing = { ttlSeconds: 60, mayEndWithTheMachine: true };
    await store.putIfAbsent(KEY, 'seen', passing);
    expect(await store.report()).toMatchObject({ problems: [] });
    const written = store.putIfAbsent({ ...KEY, id: 'two' }, 'seen', passing);
    expect(await store.report()).toMatchObject({ problems: [] });
    expect(await written).toBe(true);
  });

  it('does not wait for the disk because somebody reads beside what may end with the machine', async () => {
    open();
    const database = openRaw();
    const store = new SqliteKeyValueStore(database, { bootId: () => 'this' });
    const passing = { ttlSeconds: 60, mayEndWithTheMachine: true };
    const synced = (): unknown => database.prepare('PRAGMA synchronous').get()?.['synchronous'];
    await Promise.all([store.putIfAbsent(KEY, 'seen', passing), store.get(KEY)]);
    expect(synced()).toBe(1);
    await Promise.all([store.putIfAbsent({ ...KEY, id: 'two' }, 'seen', passing), store.put(KEY, 'a grant')]);
    expect(synced()).toBe(2);
  });

  it('keeps its records when it is opened again', async () => {
    const first = open();
    await first.put(KEY, 'x');
    const lease = await first.acquireLease('name', 60_000);
    await first.close();
    const second = open();
    expect(await second.get(KEY)).toEqual({ value: 'x', version: 1 });
    expect(await second.renewLease(lease!, 60_000)).toBe(true);
  });

  it('is refused when a newer version wrote it', async () => {
    await open().close();
    openRaw().exec('PRAGMA user_version = 7');
    expect(() => open()).toThrow(/has schema 7, this version of Patchbay knows 1/);
  });

  it('is refused when it is no database', async () => {
    await open().close();
    writeFileSync(path, 'certainly not a database, but long enough to be looked at as if it were one'.repeat(20));
    expect(() => open()).toThrow(expect.objectContaining({ code: 'storage_unavailable' }));
  });

  it('is readable and holds every acknowledged write after kill -9', async () => {
    // More records than it can write until it is killed.
    const acknowledged = await runWriter('', 1_000_000, 200, 300);
    expect(acknowledged.length).toBeGreaterThanOrEqual(300);
    expect(acknowledged.length).toBeLessThan(1_000_000);
    await expectWholeWith(acknowledged);
  });

  it('is readable and holds every acknowledged write after the disk was full', async () => {
    // Blocks of 512 bytes: no file of the process grows beyond 1 MB. The headroom is what a real full disk lacks too.
    const lines = await runWriter('ulimit -f 2048;', 1000, 10_000);
    const refused = lines.filter((line) => line.startsWith('failed'));
    expect(refused).toEqual(['failed storage_unavailable']);
    expect(lines.length).toBeGreaterThan(10);
    await expectWholeWith(lines.filter((line) => !line.startsWith('failed')));
  });
});

describe('The SQLite file and the machine', () => {
  const light = { ttlSeconds: 60, mayEndWithTheMachine: true };

  it('keeps what may end with the machine through a kill of the process, like everything else', async () => {
    const store = openInBoot('one');
    expect(await store.putIfAbsent(KEY, 'x', light)).toBe(true);
    // Never closed: what another process reads is what a kill would leave.
    expect((await openInBoot('one').get(KEY))?.value).toBe('x');
    expect(await store.putIfAbsent(KEY, 'y', light)).toBe(false);
  });

  it('tells until when it may have forgotten: the time it was first opened in this run of the machine', () => {
    expect(openInBoot('one', () => 1_000).forgottenUntilMs).toBe(0);
    expect(openInBoot('one', () => 2_000).forgottenUntilMs).toBe(0);
    expect(openInBoot('two', () => 3_000).forgottenUntilMs).toBe(3_000);
    expect(openInBoot('two', () => 4_000).forgottenUntilMs).toBe(3_000);
  });
});

describe('Two handles on one SQLite file', () => {
  it('see each other at once and agree on versions and leases', async () => {
    const [server, cli] = [open(), open()];
    await server.put(KEY, 'from the server');
    expect(await cli.get(KEY)).toEqual({ value: 'from the server', version: 1 });
    const wrote = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? server : cli).compareAndSet(KEY, 1, String(n))),
    );
    expect(wrote.filter(Boolean)).toHaveLength(1);
    const leases = await Promise.all([server.acquireLease('name', 60_000), cli.acquireLease('name', 60_000)]);
    expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
  });
});

describe('A SQLite store that cannot write', () => {
  it('says so while another process holds the file, still reads, and goes on afterwards', async () => {
    const store = open();
    await store.put(KEY, 'x');
    const other = openRaw();
    other.exec('BEGIN IMMEDIATE');
    const refused = await Promise.allSettled([
      store.put(KEY, 'y'),
      store.delete(KEY),
      store.acquireLease('name', 1000),
    ]);
    for (const { status } of refused) expect(status).toBe('rejected');
    await expect(store.put(KEY, 'z')).rejects.toMatchObject(UNAVAILABLE);
    expect(await store.get(KEY)).toEqual({ value: 'x', version: 1 });
    other.exec('ROLLBACK');
    expect(await store.put(KEY, 'y')).toBe(2);
  });

  it('says so on a read-only file, and what it never wrote is never read', async () => {
    await open().put(KEY, 'x');
    const store = new SqliteKeyValueStore(openRaw({ readOnly: true }));
    const [put, get] = await Promise.allSettled([store.put(KEY, 'y'), store.get(KEY)]);
    expect(put).toMatchObject({ status: 'rejected', reason: UNAVAILABLE });
    expect(get).toMatchObject({ status: 'rejected', reason: UNAVAILABLE });
    expect((await store.get(KEY))?.value).toBe('x');
  });
});

describe('Expired rows in SQLite', () => {
  function rows(): number {
    const query = "SELECT count(*) AS rows FROM records WHERE collection <> 'machine-boot'";
    return Number(openRaw().prepare(query).get()?.['rows']);
  }

  it('are swept by later writes, a bounded number at a time', async () => {
    let now = 1_000_000;
    const store = open(() => now);
    const ids = Array.from({ length: 500 }, (_, number) => `id-${number}`);
    await Promise.all(ids.map((id) => store.put({ ...KEY, partition: 'gone', id }, 'x', { ttlSeconds: 1 })));
    await store.put({ ...KEY, id: 'stays' }, 'x');
    now += 5000;
    const left: number[] = [];
    for (let write = 0; write < 3; write += 1) {
      await store.put(KEY, 'x');
      left.push(rows());
    }
    expect(left).toEqual([302, 102, 2]);
  });
});
