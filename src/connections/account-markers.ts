import { randomBytes } from 'node:crypto';
import { digest } from '../crypto/digest.ts';
import type { KeyValueStore, RecordKey } from '../storage/key-value-store.ts';
import type { Account, Connection } from './connection.ts';
import { partitionOf, type Owner } from './owner.ts';

/** A marker that names nobody: it can be taken by compare-and-set, which one that was deleted can't. */
const FREED = '';
const FREED_TTL_SECONDS = 60;

/** Whose account it is, and at which vendor. */
export interface OwnedAccount {
  readonly owner: Owner;
  readonly integration: string;
  readonly account: Account;
}

/** An account's marker record names the connection it has, so that authorising it again renews that one. */
export class AccountMarkers {
  readonly #store: KeyValueStore;
  readonly #ttlSeconds: number;

  /** @param ttlSeconds longer than a connection's, so that an account never seems new while its connection lives */
  constructor(store: KeyValueStore, ttlSeconds: number) {
    this.#store = store;
    this.#ttlSeconds = ttlSeconds;
  }

  /** @returns the id of the account's connection, a fresh one where it has none; undefined when somebody was faster */
  async claim(owned: OwnedAccount): Promise<string | undefined> {
    return this.#claim(owned, `con_${randomBytes(16).toString('base64url')}`);
  }

  /** As `claim`, for a connection that has its id already. */
  async claimFor(connection: Connection): Promise<string | undefined> {
    return this.#claim(ownedAccount(connection), connection.connectionId);
  }

  async names(owned: OwnedAccount, connectionId: string): Promise<boolean> {
    return (await this.#store.get(keyOf(owned)))?.value === connectionId;
  }

  async keepAlive(connection: Connection): Promise<void> {
    await this.#rewrite(connection, connection.connectionId, this.#ttlSeconds);
  }

  async free(connection: Connection): Promise<void> {
    await this.#rewrite(connection, FREED, FREED_TTL_SECONDS);
  }

  async #claim(owned: OwnedAccount, fresh: string): Promise<string | undefined> {
    const key = keyOf(owned);
    const life = { ttlSeconds: this.#ttlSeconds };
    if (await this.#store.putIfAbsent(key, fresh, life)) return fresh;
    const standing = await this.#store.get(key);
    if (standing === undefined) return undefined;
    if (standing.value !== FREED) return standing.value;
    return (await this.#store.compareAndSet(key, standing.version, fresh, life)) ? fresh : undefined;
  }

  /** Unless it names another connection by now. */
  async #rewrite(connection: Connection, value: string, ttlSeconds: number): Promise<void> {
    const key = keyOf(ownedAccount(connection));
    const standing = await this.#store.get(key);
    if (standing?.value !== connection.connectionId) return;
    await this.#store.compareAndSet(key, standing.version, value, { ttlSeconds });
  }
}

function ownedAccount(connection: Connection): OwnedAccount {
  return { owner: connection, integration: connection.integration, account: connection.account };
}

function keyOf({ owner, integration, account }: OwnedAccount): RecordKey {
  return {
    collection: 'connection-account',
    partition: partitionOf(owner),
    id: digest('account', integration, account.id),
  };
}
