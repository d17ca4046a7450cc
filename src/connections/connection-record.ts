import type { CredentialCipher, SealContext, Sealed } from '../crypto/credential-cipher.ts';
import { UnsealError } from '../crypto/credential-cipher.ts';
import { keyIdOf } from '../crypto/envelope.ts';
import { isJsonObject } from '../errors/json-object.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { StoredRecord } from '../storage/key-value-store.ts';
import type { Connection, Grant, OpenConnection } from './connection.ts';
import { readGrant, writeGrant } from './grant-json.ts';
import { partitionOf } from './owner.ts';
import { NEVER_REFRESHED } from './refresh-state.ts';

const FORMAT = 1;

/** A connection as the store holds it: what may be seen in the clear, the secrets sealed. */
interface ConnectionRecord {
  readonly format: typeof FORMAT;
  readonly connection: Connection;
  readonly grant: Sealed;
}

/** Where a record was found. What it says of itself counts only when it says the same. */
export interface RecordPlace {
  /** Its owner's (see owner.ts). */
  readonly partition: string;
  readonly connectionId: string;
}

function contextOf(connection: Connection, recordVersion: number): SealContext {
  const { orgId, userId, integration, connectionId } = connection;
  return { purpose: 'grant', orgId, userId, integration, connectionId, recordVersion };
}

/** @param version the version the store will give the record: the seal holds for no other */
export function writeConnectionRecord(
  cipher: CredentialCipher,
  connection: Connection,
  grant: Grant,
  version: number,
): string {
  const record: ConnectionRecord = {
    format: FORMAT,
    connection,
    grant: cipher.seal(writeGrant(grant), contextOf(connection, version)),
  };
  return JSON.stringify(record);
}

/** The part that needs no key. @throws PatchbayError `internal_error` for a record that isn't one of ours, or not this place's */
export function readConnection(stored: StoredRecord, place: RecordPlace): Connection {
  return parse(stored, place).connection;
}

/** For lists: one damaged record must not hide the others. */
export function readConnectionIfReadable(stored: StoredRecord, place: RecordPlace): Connection | undefined {
  try {
    return readConnection(stored, place);
  } catch {
    return undefined;
  }
}

/** @throws PatchbayError `internal_error` for a record that was altered, moved, rolled back, or whose key is gone */
export function openConnectionRecord(
  cipher: CredentialCipher,
  stored: StoredRecord,
  place: RecordPlace,
): OpenConnection {
  const { connection, grant } = parse(stored, place);
  try {
    const open = readGrant(cipher.open(grant, contextOf(connection, stored.version)));
    return { connection, grant: open, version: stored.version, keyId: keyIdOf(grant) ?? '' };
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error;
    const key = error.keyId === undefined ? '' : ` (sealed with key ${error.keyId})`;
    const message = `The stored credentials of this connection can't be opened${key}. Restore the key, or connect again.`;
    const { connectionId: connection_id, integration } = connection;
    throw new PatchbayError('internal_error', message, { connection_id, integration }, { cause: error });
  }
}

function parse(stored: StoredRecord, place: RecordPlace): ConnectionRecord {
  let parsed: unknown;
  try {
    parsed = JSON.parse(stored.value);
  } catch {
    // The parser's error quotes the record: it is of no use, and might be seen.
    throw unreadable();
  }
  if (!isJsonObject(parsed) || parsed['format'] !== FORMAT || typeof parsed['grant'] !== 'string') throw unreadable();
  const { connection } = parsed;
  // A whole record that was moved still opens, for it carries what it is sealed to: its place decides whose it is.
  if (!isConnection(connection) || !standsAt(connection, place)) throw unreadable();
  return { ...(parsed as unknown as ConnectionRecord), connection: withEveryMember(connection) };
}

/** Members that records of the first releases lack. */
function withEveryMember(connection: Connection): Connection {
  const { scopes, status, updatedAt } = connection;
  const reason = status === 'active' ? null : 'grant_revoked';
  const endedAt = status === 'active' ? null : updatedAt;
  return {
    requestedScopes: scopes,
    reason,
    endedAt,
    refresh: NEVER_REFRESHED,
    ...(connection as Partial<Connection>),
  } as Connection;
}

function standsAt(connection: Connection, { partition, connectionId }: RecordPlace): boolean {
  return connection.connectionId === connectionId && partitionOf(connection) === partition;
}

/** That every member has the type the rooms above rely on. */
function isConnection(value: unknown): value is Connection {
  if (!isJsonObject(value) || !isJsonObject(value['account']) || !Array.isArray(value['scopes'])) return false;
  const { createdAt, updatedAt, authorizedAt, lastUsedAt, expiresAt, status } = value;
  return (
    typeof value['account']['id'] === 'string' &&
    typeof value['clientId'] === 'string' &&
    (status === 'active' || status === 'reauthorization_required') &&
    [createdAt, updatedAt, authorizedAt, lastUsedAt ?? 0, expiresAt ?? 0].every(isTime)
  );
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && !Number.isNaN(new Date(value).getTime());
}

function unreadable(): PatchbayError {
  return new PatchbayError('internal_error', 'A stored connection is unreadable. Connect the account again.');
}
