import type { ApiClient } from '../callers/api-client.ts';
import { isSealedWithActiveKey, withSecretsResealed } from '../callers/client-secrets.ts';
import { resealConnection, sealedGrantIn } from '../connections/connection-resealing.ts';
import { resealPending } from '../connections/pending-resealing.ts';
import { UnsealError, type CredentialCipher } from '../crypto/credential-cipher.ts';
import { isJsonObject } from '../errors/json-object.ts';
import type { WalkedRecord } from '../storage/key-value-store.ts';

export const KIND_NAMES = ['connections', 'client_secrets', 'pending_authorizations'] as const;
export type KindName = (typeof KIND_NAMES)[number];

/** One kind of record that has something sealed in it. */
export interface SealedKind {
  readonly name: KindName;
  /** For people, of one. */
  readonly title: string;
  readonly collection: string;
  /** The envelopes in a record, without opening them. Undefined: it can't be read. */
  envelopesIn(record: WalkedRecord): readonly string[] | undefined;
  /**
   * The value to write over a record, sealed with the active key; undefined when it is under that already.
   * @throws UnsealError, or PatchbayError `internal_error`, when it can't be opened
   */
  resealed(cipher: CredentialCipher, record: WalkedRecord): string | undefined;
}

/**
 * All that the store keeps sealed and must not lose with a key. (A load's cursor is sealed too, but its client has it; a
 * load that is kept ends with its key if not before, and is kept again when it is loaded next.)
 */
export const SEALED_KINDS: readonly SealedKind[] = [
  {
    name: 'connections',
    title: 'connection',
    collection: 'connection',
    envelopesIn: (record) => only(sealedGrantIn(record)),
    resealed: (cipher, record) => {
      const { partition, id: connectionId } = record.key;
      return resealConnection(cipher, record, { partition, connectionId });
    },
  },
  {
    name: 'client_secrets',
    title: 'client',
    collection: 'api-client',
    envelopesIn: (record) => {
      const client = clientIn(record);
      return client && secretsOf(client);
    },
    resealed: (cipher, record) => {
      const client = clientIn(record);
      if (client === undefined) throw new UnsealError(undefined);
      return isSealedWithActiveKey(cipher, client) ? undefined : JSON.stringify(withSecretsResealed(cipher, client));
    },
  },
  {
    name: 'pending_authorizations',
    title: 'pending authorization',
    collection: 'pending-authorization',
    envelopesIn: ({ value }) => [value],
    resealed: (cipher, record) => resealPending(cipher, record, record.key.id),
  },
];

function only(envelope: string | undefined): readonly string[] | undefined {
  return envelope === undefined ? undefined : [envelope];
}

/** @returns undefined for a record that isn't a client's */
function clientIn({ key, value }: WalkedRecord): ApiClient | undefined {
  try {
    const client: unknown = JSON.parse(value);
    if (!isJsonObject(client) || client['clientId'] !== key.id || !isJsonObject(client['credential'])) return undefined;
    const { algorithm, secrets } = client['credential'];
    const isWhole = algorithm !== 'hmac-sha256' || (Array.isArray(secrets) && secrets.every(isText));
    return isWhole ? (client as unknown as ApiClient) : undefined;
  } catch {
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function secretsOf({ credential }: ApiClient): readonly string[] {
  return credential.algorithm === 'hmac-sha256' ? credential.secrets : [];
}
