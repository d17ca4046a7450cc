import { Inject, Injectable, Logger } from '@nestjs/common';
import { createPublicKey, randomBytes } from 'node:crypto';
import { CredentialCipher, UnsealError } from '../crypto/credential-cipher.ts';
import { PatchbayError, reasonOf } from '../errors/patchbay-error.ts';
import { Secret } from '../errors/secret.ts';
import { KeyValueStore, type RecordKey } from '../storage/key-value-store.ts';
import type { ApiClient, ApiClientCredential } from './api-client.ts';
import type { Permission } from './caller.ts';
import { clientSecretContext, isSealedWithActiveKey, withSecretsResealed } from './client-secrets.ts';
import { ed25519Key, hmacKey, type VerificationKey } from './verification-key.ts';

const SECRET_BYTES = 32;
const LIVE_SECRETS = 2;
const CLIENT_ID = /^cli_[A-Za-z0-9_-]{22}$/;
/** Clients are few and come and go by hand: one partition lists them all. */
const PARTITION = 'all';

export interface NewApiClient {
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly orgs: '*' | readonly string[];
  /** SPKI, PEM: registers an Ed25519 client. Absent: a shared secret is made. */
  readonly publicKey?: string;
}

/** What is told once, when it comes into being. */
export interface IssuedApiClient {
  readonly client: ApiClient;
  /** base64url of the HMAC key's bytes. */
  readonly secret?: Secret;
}

@Injectable()
export class ApiClients {
  readonly #log = new Logger(ApiClients.name);
  readonly #resealing = new Set<string>();

  constructor(
    @Inject(KeyValueStore) private readonly store: KeyValueStore,
    @Inject(CredentialCipher) private readonly cipher: CredentialCipher,
  ) {}

  /** @throws PatchbayError `invalid_request` for a public key that isn't Ed25519 */
  async create({ name, permissions, orgs, publicKey }: NewApiClient): Promise<IssuedApiClient> {
    const clientId = `cli_${randomBytes(16).toString('base64url')}`;
    const secret = publicKey === undefined ? newSecret() : undefined;
    const credential: ApiClientCredential =
      secret === undefined
        ? { algorithm: 'ed25519', publicKey: checkedPublicKey(publicKey ?? '') }
        : { algorithm: 'hmac-sha256', secrets: [this.cipher.seal(secret, clientSecretContext(clientId))] };
    const client: ApiClient = { clientId, name, permissions, orgs, createdAt: Date.now(), credential };
    await this.store.put(keyOf(clientId), JSON.stringify(client));
    return secret === undefined ? { client } : { client, secret };
  }

  async list(): Promise<readonly ApiClient[]> {
    const records = await this.store.list('api-client', PARTITION);
    return records.map(({ value }) => JSON.parse(value) as ApiClient);
  }

  /** @returns undefined for what is no client id of ours, or a revoked one */
  async find(clientId: string): Promise<ApiClient | undefined> {
    if (!CLIENT_ID.test(clientId)) return undefined;
    const stored = await this.store.get(keyOf(clientId));
    return stored === undefined ? undefined : (JSON.parse(stored.value) as ApiClient);
  }

  /**
   * A new secret; the one before it stays good until the next rotation, so that a backend can change over in its own time.
   * @throws PatchbayError `not_found`; `invalid_request` for a client that has a public key
   */
  async rotate(clientId: string): Promise<IssuedApiClient> {
    const stored = CLIENT_ID.test(clientId) ? await this.store.get(keyOf(clientId)) : undefined;
    if (stored === undefined) throw noSuchClient();
    const client = JSON.parse(stored.value) as ApiClient;
    if (client.credential.algorithm !== 'hmac-sha256') {
      throw new PatchbayError(
        'invalid_request',
        'A client with a public key has no secret to rotate: create another client.',
      );
    }
    const secret = newSecret();
    const sealed = this.cipher.seal(secret, clientSecretContext(clientId));
    const secrets = [sealed, ...client.credential.secrets].slice(0, LIVE_SECRETS);
    const rotated: ApiClient = { ...client, rotatedAt: Date.now(), credential: { algorithm: 'hmac-sha256', secrets } };
    const wrote = await this.store.compareAndSet(keyOf(clientId), stored.version, JSON.stringify(rotated));
    if (!wrote)
      throw new PatchbayError('storage_unavailable', 'Somebody else changed this client just now. Try again.');
    return { client: rotated, secret };
  }

  /** Works from the next request on. @throws PatchbayError `not_found` */
  async revoke(clientId: string): Promise<void> {
    const deleted = CLIENT_ID.test(clientId) && (await this.store.delete(keyOf(clientId)));
    if (!deleted) throw noSuchClient();
  }

  /**
   * Has a client's secrets sealed with the active key, when they aren't: in the background, for whoever uses the client
   * waits for nothing. What fails is tried again at the next use.
   */
  resealInBackground(client: ApiClient): void {
    const { clientId } = client;
    if (isSealedWithActiveKey(this.cipher, client) || this.#resealing.has(clientId)) return;
    this.#resealing.add(clientId);
    void this.#reseal(clientId).finally(() => this.#resealing.delete(clientId));
  }

  keyOf(client: ApiClient): VerificationKey {
    const { credential, clientId } = client;
    if (credential.algorithm === 'ed25519') return ed25519Key(createPublicKey(credential.publicKey));
    try {
      return hmacKey(credential.secrets.map((sealed) => this.cipher.open(sealed, clientSecretContext(clientId))));
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error;
      throw new PatchbayError('internal_error', 'This client’s secret can’t be opened.', {}, { cause: error });
    }
  }

  async #reseal(clientId: string): Promise<void> {
    try {
      const stored = await this.store.get(keyOf(clientId));
      if (stored === undefined) return;
      const resealed = withSecretsResealed(this.cipher, JSON.parse(stored.value) as ApiClient);
      // Whoever else wrote since has sealed with the key that is active there; if that isn't this one, it comes up again.
      await this.store.compareAndSet(keyOf(clientId), stored.version, JSON.stringify(resealed));
    } catch (error) {
      const reason = reasonOf(error);
      this.#log.warn({ msg: 'a client could not be sealed with the active key', client_id: clientId, reason });
    }
  }
}

function newSecret(): Secret {
  return new Secret(randomBytes(SECRET_BYTES).toString('base64url'));
}

function checkedPublicKey(pem: string): string {
  try {
    const key = createPublicKey(pem);
    ed25519Key(key);
    return key.export({ type: 'spki', format: 'pem' }).toString();
  } catch (error) {
    throw new PatchbayError('invalid_request', 'This is not an Ed25519 public key (SPKI, PEM).', {}, { cause: error });
  }
}

function noSuchClient(): PatchbayError {
  return new PatchbayError('not_found', 'There is no such API client.');
}

function keyOf(clientId: string): RecordKey {
  return { collection: 'api-client', partition: PARTITION, id: clientId };
}
