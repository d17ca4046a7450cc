import type { ApiClient } from '../callers/api-client.ts';
import { withSecretsResealed } from '../callers/client-secrets.ts';
import { openConnectionRecord, writeConnectionRecord } from '../connections/connection-record.ts';
import { UnsealError, type CredentialCipher } from '../crypto/credential-cipher.ts';
import { isJsonObject } from '../errors/json-object.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { KeyValueStore, RecordKey, StoredRecord } from '../storage/key-value-store.ts';
import { BackupError } from './backup-error.ts';
import type { BackupRecord } from './backup-record.ts';

/** What a backup holds. All else in a store is made anew from it, or ends within hours. */
export const KINDS = ['client', 'connection'] as const;
export type Kind = (typeof KINDS)[number];

const COLLECTIONS: Readonly<Record<Kind, string>> = { client: 'api-client', connection: 'connection' };
const PAGE_RECORDS = 200;
/** A record that was never written. Any number would do: the seal has to be opened with the one it was made for. */
const VERSION = 1;

/** @throws BackupError for what only a later release could have written */
export function kindOf({ collection }: BackupRecord): Kind {
  const kind = KINDS.find((one) => COLLECTIONS[one] === collection);
  if (kind === undefined) throw new BackupError('This backup holds what this release does not know.');
  return kind;
}

export interface Contents {
  readonly kind: Kind;
  readonly id: string;
  /** Or why it can't be had. */
  readonly record: BackupRecord | PatchbayError;
}

/** Everything a backup holds, as the store has it now; what is sealed in it is sealed anew with the active key. */
export async function* contentsOf(store: KeyValueStore, cipher: CredentialCipher): AsyncGenerator<Contents> {
  for (const kind of KINDS) {
    let from: string | undefined;
    do {
      const page = await store.walk(COLLECTIONS[kind], PAGE_RECORDS, from);
      for (const found of page.records) yield { kind, id: found.key.id, record: resealed(cipher, kind, found) };
      from = page.next;
    } while (from !== undefined);
  }
}

type Found = StoredRecord & { readonly key: RecordKey };

function resealed(cipher: CredentialCipher, kind: Kind, found: Found): BackupRecord | PatchbayError {
  try {
    const value = kind === 'connection' ? connectionValue(cipher, found) : clientValue(cipher, found);
    return { ...found.key, version: VERSION, value };
  } catch (error) {
    if (error instanceof PatchbayError) return error;
    throw error;
  }
}

function connectionValue(cipher: CredentialCipher, { key, ...stored }: Found): string {
  const place = { partition: key.partition, connectionId: key.id };
  const { connection, grant } = openConnectionRecord(cipher, stored, place);
  return writeConnectionRecord(cipher, connection, grant, VERSION);
}

function clientValue(cipher: CredentialCipher, { key, value }: Found): string {
  return JSON.stringify(openClient(cipher, key.id, value));
}

/**
 * A client whose secrets open, sealed with the key that is active now.
 * @throws PatchbayError `internal_error` when they don't, or it can't be read
 */
export function openClient(cipher: CredentialCipher, clientId: string, value: string): ApiClient {
  try {
    const client: unknown = JSON.parse(value);
    if (!isJsonObject(client) || client['clientId'] !== clientId) throw unreadableClient();
    return withSecretsResealed(cipher, client as unknown as ApiClient);
  } catch (error) {
    if (!(error instanceof UnsealError)) throw unreadableClient();
    const key = error.keyId === undefined ? '' : ` (sealed with key ${error.keyId})`;
    const message = `The secret of this client can't be opened${key}. Restore the key, or rotate the secret.`;
    throw new PatchbayError('internal_error', message, {}, { cause: error });
  }
}

function unreadableClient(): PatchbayError {
  return new PatchbayError('internal_error', 'This client is unreadable. Revoke it and create another.');
}
