import type { CredentialCipher } from '../crypto/credential-cipher.ts';
import { isJsonObject } from '../errors/json-object.ts';
import type { StoredRecord } from '../storage/key-value-store.ts';
import { openConnectionRecord, writeConnectionRecord, type RecordPlace } from './connection-record.ts';

/** The envelope in a stored connection, without opening it. @returns undefined for a record that isn't one of ours */
export function sealedGrantIn({ value }: StoredRecord): string | undefined {
  try {
    const record: unknown = JSON.parse(value);
    return isJsonObject(record) && typeof record['grant'] === 'string' ? record['grant'] : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The same connection and grant, sealed with the active key for the version after the stored one: to be written by
 * compare-and-set on that version, and with what is left of the record's life.
 * @returns undefined when it is under the active key already
 * @throws PatchbayError `internal_error` when it can't be opened, or isn't this place's
 */
export function resealConnection(
  cipher: CredentialCipher,
  stored: StoredRecord,
  place: RecordPlace,
): string | undefined {
  const sealed = sealedGrantIn(stored);
  if (sealed !== undefined && cipher.isCurrent(sealed)) return undefined;
  const { connection, grant } = openConnectionRecord(cipher, stored, place);
  return writeConnectionRecord(cipher, connection, grant, stored.version + 1);
}
