import { randomBytes } from 'node:crypto';
import { digest } from '../crypto/digest.ts';
import type { KeyValueStore, RecordKey } from '../storage/key-value-store.ts';
import type { Account, Connection } from './connection.ts';
import { partitionOf, type Owner } from './owner.ts';

/** A marker that names nobody: it can be taken by compare-and-set, which one that was deleted can't. */
const FREED = '';
const FREED_TTL_SECONDS = 60;
const DAY_SECONDS = 86_400;
/** Beyond what a connection lives unused: an account must never seem new while its connection lives. */
const LONGER_DAYS = 2;

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

  constructor(store: KeyValueStore, idleTtlDays: number) {
    this.#store = store;
    this.#ttlSeconds = (idleTtlDays + LONGER_DAYS) * DAY_SECONDS;
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

  /** One that has gone, by whatever fault, is put back: the account would get a second connection. */
  async keepAlive(connection: Connection): Promise<void> {
    const { connectionId } = connection;
    if (await this.#rewrite(connection, connectionId, this.#ttlSeconds)) return;
    const key = keyOf(ownedAccount(connection));
    await this.#store.putIfAbsent(key, connectionId, { ttlSeconds: this.#ttlSeconds });
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
    const isFree = standing.value === FREED;
    const named = isFree ? fresh : standing.value;
    // Its life begins anew with the consent, as its connection's does.
    const wrote = await this.#store.compareAndSet(key, standing.version, named, life);
    return wrote || !isFree ? named : undefined;
  }

  /** Unless it names another connection by now. @returns whether there is one at all */
  async #rewrite(connection: Connection, value: string, ttlSeconds: number): Promise<boolean> {
    const key = keyOf(ownedAccount(connection));
    const standing = await this.#store.get(key);
    if (standing?.value === connection.connectionId) {
      await this.#store.compareAndSet(key, standing.version, value, { ttlSeconds });
    }
    return standing !== undefined;
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
