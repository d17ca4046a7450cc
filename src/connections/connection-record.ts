import type { CredentialCipher, SealContext, Sealed } from '../crypto/credential-cipher.ts';
import { UnsealError } from '../crypto/credential-cipher.ts';
import { isJsonObject } from '../errors/json-object.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { StoredRecord } from '../storage/key-value-store.ts';
import type { Connection, Grant, OpenConnection } from './connection.ts';
import { readGrant, writeGrant } from './grant-json.ts';

const FORMAT = 1;

/** A connection as the store holds it: what may be seen in the clear, the secrets sealed. */
interface ConnectionRecord {
  readonly format: typeof FORMAT;
  readonly connection: Connection;
  readonly grant: Sealed;
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

/** The part that needs no key. @throws PatchbayError `internal_error` for a record that isn't one of ours */
export function readConnection(stored: StoredRecord): Connection {
  return parse(stored).connection;
}

/** For lists: one damaged record must not hide the others. */
export function readConnectionIfReadable(stored: StoredRecord): Connection | undefined {
  try {
    return readConnection(stored);
  } catch {
    return undefined;
  }
}

/** @throws PatchbayError `internal_error` for a record that was altered, moved, rolled back, or whose key is gone */
export function openConnectionRecord(cipher: CredentialCipher, stored: StoredRecord): OpenConnection {
  const { connection, grant } = parse(stored);
  try {
    const open = readGrant(cipher.open(grant, contextOf(connection, stored.version)));
    return { connection, grant: open, version: stored.version };
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error;
    const key = error.keyId === undefined ? '' : ` (sealed with key ${error.keyId})`;
    const message = `The stored credentials of this connection can't be opened${key}. Restore the key, or connect again.`;
    const { connectionId: connection_id, integration } = connection;
    throw new PatchbayError('internal_error', message, { connection_id, integration }, { cause: error });
  }
}

function parse(stored: StoredRecord): ConnectionRecord {
  let parsed: unknown;
  try {
    parsed = JSON.parse(stored.value);
  } catch (error) {
    throw unreadable(error);
  }
  if (!isJsonObject(parsed) || parsed['format'] !== FORMAT || !isJsonObject(parsed['connection'])) throw unreadable();
  return parsed as unknown as ConnectionRecord;
}

function unreadable(cause?: unknown): PatchbayError {
  return new PatchbayError(
    'internal_error',
    'A stored connection is unreadable. Connect the account again.',
    {},
    { cause },
  );
}
