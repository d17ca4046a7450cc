import { DatabaseSync } from 'node:sqlite';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    client_id TEXT NOT NULL,
    account INTEGER NOT NULL,
    redirect_uri TEXT,
    scopes TEXT NOT NULL,
    user_scopes TEXT NOT NULL,
    challenge TEXT,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS grants (
    id INTEGER PRIMARY KEY,
    provider TEXT NOT NULL,
    client_id TEXT NOT NULL,
    account INTEGER NOT NULL,
    scopes TEXT NOT NULL,
    user_scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS tokens (
    id INTEGER PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    grant_id INTEGER NOT NULL REFERENCES grants (id),
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    scopes TEXT NOT NULL,
    pair TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER,
    ended_at INTEGER,
    ended_by TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS tokens_by_grant ON tokens (grant_id);
  CREATE INDEX IF NOT EXISTS tokens_by_pair ON tokens (pair);
`;

/** Opens the database of codes, grants and tokens; `':memory:'` keeps it for the life of the process. */
export function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
  database.exec(SCHEMA);
  return database;
}
