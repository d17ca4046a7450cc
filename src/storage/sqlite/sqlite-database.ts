import { chmodSync, closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { storageUnavailable } from '../storage-unavailable.ts';

export const IN_MEMORY = ':memory:';

const SCHEMA_VERSION = 1;

/** `seq` is the rowid: a new row is above all that stand, so it keeps the order of first writes. Times are epoch ms. */
const SCHEMA = `
  CREATE TABLE records (
    seq INTEGER PRIMARY KEY,
    collection TEXT NOT NULL,
    partition TEXT NOT NULL,
    id TEXT NOT NULL,
    value TEXT NOT NULL,
    version INTEGER NOT NULL,
    expires_at INTEGER,
    UNIQUE (partition, collection, id)
  ) STRICT;
  CREATE INDEX records_by_expiry ON records (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    owner_token TEXT NOT NULL,
    fencing_number INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX leases_by_expiry ON leases (expires_at);
  CREATE TABLE due_members (
    index_name TEXT NOT NULL,
    member TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    PRIMARY KEY (index_name, member)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX due_members_by_time ON due_members (index_name, due_at, member);
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Another process holds the write lock for a transaction's length only. The event loop stands still while we wait. */
const BUSY_TIMEOUT_MS = 100;
/** Two processes that create the file at once wait for each other's schema. */
const OPENING_BUSY_TIMEOUT_MS = 2000;
const WAL_BYTES_KEPT = 16 * 1024 * 1024;

/**
 * Opens or creates the file (0600, in a directory that is created 0700) with its schema. Nothing is lost by `kill -9` or
 * a power cut once a transaction is committed: WAL with `synchronous=FULL` syncs the log at each commit.
 *
 * @throws PatchbayError `storage_unavailable` when the file can't be opened, is no database, or was written by a newer
 * version of Patchbay.
 */
export function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (path !== IN_MEMORY) createPrivateFile(path);
    database = new DatabaseSync(path);
    database.exec(`PRAGMA busy_timeout = ${OPENING_BUSY_TIMEOUT_MS}`);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec(`PRAGMA journal_size_limit = ${WAL_BYTES_KEPT}`);
    migrate(database, path);
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof PatchbayError) throw error;
    throw storageUnavailable(error, `The store file ${path} can't be opened.`);
  }
}

/** SQLite gives its `-wal` and `-shm` files the mode of the database file. */
function createPrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, 'a', 0o600);
  try {
    if ((fstatSync(file).mode & 0o077) !== 0) chmodSync(path, 0o600);
  } finally {
    closeSync(file);
  }
}

function migrate(database: DatabaseSync, path: string): void {
  if (schemaVersion(database) === SCHEMA_VERSION) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    const found = schemaVersion(database);
    if (found > SCHEMA_VERSION) throw newerSchema(path, found);
    if (found < SCHEMA_VERSION) database.exec(SCHEMA);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function schemaVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}

function newerSchema(path: string, found: number): PatchbayError {
  const message =
    `The store file ${path} has schema ${found}, this version of Patchbay knows ${SCHEMA_VERSION}: ` +
    'it was written by a newer version. Start that version, or another file.';
  return storageUnavailable(undefined, message);
}
