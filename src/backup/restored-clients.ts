import type { ApiClient } from '../callers/api-client.ts';
import type { CredentialCipher } from '../crypto/credential-cipher.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { KeyValueStore, StoredRecord } from '../storage/key-value-store.ts';
import { openClient } from './backup-contents.ts';
import type { BackupRecord } from './backup-record.ts';
import { tooMuchWritten, WRITE_ATTEMPTS, type Outcome, type Restorer } from './restorer.ts';

/** Puts API clients back. One whose secret was rotated since keeps the new one. */
export class RestoredClients implements Restorer {
  readonly #store: KeyValueStore;
  readonly #cipher: CredentialCipher;

  constructor(store: KeyValueStore, cipher: CredentialCipher) {
    this.#store = store;
    this.#cipher = cipher;
  }

  async restore(record: BackupRecord, dryRun: boolean): Promise<Outcome> {
    const client = openClient(this.#cipher, record.id, record.value);
    const key = { collection: record.collection, partition: record.partition, id: record.id };
    for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt += 1) {
      const stored = await this.#store.get(key);
      const standing = stored === undefined ? undefined : this.#openIfPossible(record.id, stored);
      if (standing !== undefined && changedAt(standing) >= changedAt(client)) return 'kept';
      if (dryRun) return 'restored';
      const value = JSON.stringify(client);
      const wrote =
        stored === undefined
          ? await this.#store.putIfAbsent(key, value)
          : await this.#store.compareAndSet(key, stored.version, value);
      if (wrote) return 'restored';
    }
    throw tooMuchWritten();
  }

  /** One that can't be opened is of no use to anybody. */
  #openIfPossible(clientId: string, { value }: StoredRecord): ApiClient | undefined {
    try {
      return openClient(this.#cipher, clientId, value);
    } catch (error) {
      if (error instanceof PatchbayError) return undefined;
      throw error;
    }
  }
}

function changedAt({ createdAt, rotatedAt }: ApiClient): number {
  return Math.max(createdAt, rotatedAt ?? 0);
}
