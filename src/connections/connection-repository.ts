import { Inject, Injectable } from '@nestjs/common';
import { AppConfig } from '../config/app-config.ts';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { KeyValueStore, type ListedRecord, type RecordKey, type StoredRecord } from '../storage/key-value-store.ts';
import { AccountMarkers } from './account-markers.ts';
import type { Account, Connection, Grant, OpenConnection } from './connection.ts';
import {
  openConnectionRecord,
  readConnection,
  readConnectionIfReadable,
  writeConnectionRecord,
  type RecordPlace,
} from './connection-record.ts';
import { ConnectionSchedule } from './connection-schedule.ts';
import { partitionOf, type Owner } from './owner.ts';
import { nextRefreshAt } from './refresh-schedule.ts';
import { NEVER_REFRESHED } from './refresh-state.ts';

const MAX_WRITE_ATTEMPTS = 10;
const CONNECTION_ID = /^con_[A-Za-z0-9_-]{22}$/;

interface ListedConnection {
  readonly connection: Connection;
  readonly stored: ListedRecord;
}

export interface NewGrant {
  readonly owner: Owner;
  readonly integration: string;
  readonly clientId: string;
  readonly account: Account;
  readonly scopes: readonly string[];
  readonly requestedScopes: readonly string[];
  readonly grant: Grant;
}

/** Told of a connection whose grant has been withdrawn, or else removed or given anew. Must not fail. */
export type GrantGoneListener = (connectionId: string, isWithdrawn: boolean) => Promise<void>;

/** Connections in the store. One per owner, integration and provider account. */
@Injectable()
export class ConnectionRepository {
  readonly #markers: AccountMarkers;
  readonly #schedule: ConnectionSchedule;
  readonly #grantGone = new Set<GrantGoneListener>();

  constructor(
    @Inject(KeyValueStore) private readonly store: KeyValueStore,
    @Inject(CredentialCipher) private readonly cipher: CredentialCipher,
    @Inject(AppConfig) config: AppConfig,
  ) {
    this.#markers = new AccountMarkers(store, config.connectionIdleTtlDays);
    this.#schedule = new ConnectionSchedule(store, config.connectionIdleTtlDays);
  }

  /** Calls back after each write by which a grant is no longer what it was: given, withdrawn or removed. */
  onGrantGone(listener: GrantGoneListener): void {
    this.#grantGone.add(listener);
  }

  /** The owner's connections, the latest authorised first. */
  async list(owner: Owner, integration?: string): Promise<readonly Connection[]> {
    return (await this.#listed(owner, integration)).map(({ connection }) => connection);
  }

  /** @param connectionId absent: the latest authorised one. @returns undefined when the owner has none such */
  async find(owner: Owner, integration: string, connectionId?: string): Promise<OpenConnection | undefined> {
    if (connectionId === undefined) {
      // The list has brought the whole record: it isn't asked for again.
      const [latest] = await this.#listed(owner, integration);
      if (latest === undefined) return undefined;
      return openConnectionRecord(this.cipher, latest.stored, placeOf(owner, latest.stored.id));
    }
    const stored = await this.#stored(owner, connectionId);
    if (stored === undefined) return undefined;
    const place = placeOf(owner, connectionId);
    if (readConnection(stored, place).integration !== integration) return undefined;
    return openConnectionRecord(this.cipher, stored, place);
  }

  /** For work that goes by places, with no owner at hand. @throws PatchbayError `internal_error` when it is unreadable */
  async findAt(place: RecordPlace): Promise<OpenConnection | undefined> {
    const stored = await this.store.get(keyAt(place));
    return stored === undefined ? undefined : openConnectionRecord(this.cipher, stored, place);
  }

  /** As `findAt`, without opening the grant. @returns undefined also when it is unreadable */
  async findClosedAt(place: RecordPlace): Promise<Connection | undefined> {
    const stored = await this.store.get(keyAt(place));
    return stored === undefined ? undefined : readConnectionIfReadable(stored, place);
  }

  /** As it stands now. @throws PatchbayError `connection_not_found` when it was deleted meanwhile */
  async reread({ connection }: OpenConnection): Promise<OpenConnection> {
    const { integration, connectionId } = connection;
    const current = await this.find(connection, integration, connectionId);
    if (current !== undefined) return current;
    throw new PatchbayError('connection_not_found', 'The connection was deleted meanwhile.', { integration });
  }

  /** As `find`, without opening the grant: for what must work even when the grant can't be opened. */
  async findClosed(owner: Owner, integration: string, connectionId?: string): Promise<Connection | undefined> {
    const connections = await this.list(owner, integration);
    return connectionId === undefined ? connections[0] : connections.find((one) => one.connectionId === connectionId);
  }

  /** Adds the account's connection, or renews the one it has, whose id stays. */
  async saveGrant(granted: NewGrant): Promise<Connection> {
    for (let attempt = 0; attempt < MAX_WRITE_ATTEMPTS; attempt += 1) {
      const connectionId = await this.#markers.claim(granted);
      const saved = connectionId === undefined ? undefined : await this.#write(connectionId, granted);
      if (saved === undefined) continue;
      if (await this.#markers.names(granted, saved.connectionId)) {
        await this.#tellGrantGone(saved.connectionId);
        return saved;
      }
      // It was removed while it was written: what stands without its marker would be a second one of the account's.
      await this.store.delete(keyOf(saved));
    }
    throw new PatchbayError('storage_unavailable', 'The connection could not be stored: too much is written to it.', {
      retry_after: 1,
    });
  }

  /**
   * Replaces the connection and its grant if nobody wrote since it was read.
   * @returns what stands now, or undefined when somebody did
   */
  async replace(read: OpenConnection, connection: Connection, grant: Grant): Promise<OpenConnection | undefined> {
    const version = read.version + 1;
    const value = writeConnectionRecord(this.cipher, connection, grant, version);
    const life = { ttlSeconds: this.#schedule.lifeSeconds(connection, Date.now()) };
    if (!(await this.store.compareAndSet(keyOf(connection), read.version, value, life))) return undefined;
    if (connection.status !== 'active') await this.#tellGrantGone(connection.connectionId, true);
    return { connection, grant, version, keyId: this.cipher.activeKeyId };
  }

  /** Has the connection renewed when it says it is to be. What the index says too early is put right when it comes up. */
  async scheduleRefresh(connection: Connection): Promise<void> {
    await this.#schedule.refresh(connection);
  }

  /** When it ends unless it is used before, in epoch milliseconds. */
  idleAt(connection: Connection): number {
    return this.#schedule.idleAt(connection);
  }

  async scheduleEnd(connection: Connection): Promise<void> {
    await this.#schedule.idle(connection);
  }

  /**
   * Notes a use, which lengthens the connection's life, and enters it anew into what is due.
   * @returns undefined when somebody wrote since it was read
   */
  async touch(read: OpenConnection, usedAt: number | null): Promise<OpenConnection | undefined> {
    const { connection, grant } = read;
    const touched = await this.replace(read, { ...connection, lastUsedAt: usedAt }, grant);
    if (touched === undefined) return undefined;
    await this.#markers.keepAlive(touched.connection);
    await this.#schedule.enter(touched.connection);
    return touched;
  }

  /** From now on the account has no connection: whoever consents anew gets one of its own. */
  async leaveAccount(connection: Connection): Promise<void> {
    await this.#markers.free(connection);
  }

  /**
   * The marker goes first: whoever saves a grant meanwhile then sees that the connection it wrote to has gone.
   * @returns the grant as it was last; undefined when there was none any more, or one that can't be opened
   */
  async remove(connection: Connection): Promise<Grant | undefined> {
    await this.leaveAccount(connection);
    const removed = await this.store.take(keyOf(connection));
    await this.#schedule.leave(connection);
    await this.#tellGrantGone(connection.connectionId);
    return removed === undefined ? undefined : this.#grantIn(removed, connection);
  }

  /** Removes a record that says of itself nothing that can be relied on. */
  async removeUnreadable(owner: Owner, connectionId: string): Promise<boolean> {
    const stored = await this.#stored(owner, connectionId);
    if (stored === undefined || readConnectionIfReadable(stored, placeOf(owner, connectionId)) !== undefined)
      return false;
    const removed = await this.store.delete(keyAt(placeOf(owner, connectionId)));
    await this.#tellGrantGone(connectionId);
    return removed;
  }

  async #tellGrantGone(connectionId: string, isWithdrawn = false): Promise<void> {
    await Promise.all([...this.#grantGone].map((listener) => listener(connectionId, isWithdrawn)));
  }

  #grantIn(stored: StoredRecord, connection: Connection): Grant | undefined {
    try {
      return openConnectionRecord(this.cipher, stored, placeOf(connection, connection.connectionId)).grant;
    } catch {
      return undefined;
    }
  }

  async #stored(owner: Owner, connectionId: string): Promise<StoredRecord | undefined> {
    return CONNECTION_ID.test(connectionId) ? this.store.get(keyAt(placeOf(owner, connectionId))) : undefined;
  }

  async #listed(owner: Owner, integration?: string): Promise<readonly ListedConnection[]> {
    const records = await this.store.list('connection', partitionOf(owner));
    return records
      .flatMap((stored) => {
        const connection = readConnectionIfReadable(stored, placeOf(owner, stored.id));
        return connection === undefined ? [] : [{ connection, stored }];
      })
      .filter(({ connection }) => integration === undefined || connection.integration === integration)
      .sort((a, b) => b.connection.authorizedAt - a.connection.authorizedAt);
  }

  async #write(connectionId: string, granted: NewGrant): Promise<Connection | undefined> {
    const place = placeOf(granted.owner, connectionId);
    const before = await this.store.get(keyAt(place));
    if (before?.version === 0) {
      // Put there by hand after it was deleted (see StoredRecord): nothing is ever written over it, so it goes.
      await this.store.delete(keyAt(place));
      return undefined;
    }
    // One that can't be read is written over: to connect again is how its owner mends it.
    const known = before === undefined ? undefined : readConnectionIfReadable(before, place);
    const connection = connectionOf(connectionId, granted, known, Date.now());
    const value = writeConnectionRecord(this.cipher, connection, granted.grant, (before?.version ?? 0) + 1);
    const life = { ttlSeconds: this.#schedule.lifeSeconds(connection, Date.now()) };
    // Before it stands: what is due without a record is forgotten, but a record that is never due would lapse.
    await this.#schedule.enter(connection);
    const wrote =
      before === undefined
        ? await this.store.putIfAbsent(keyAt(place), value, life)
        : await this.store.compareAndSet(keyAt(place), before.version, value, life);
    return wrote ? connection : undefined;
  }
}

function connectionOf(
  connectionId: string,
  { owner, integration, clientId, account, scopes, requestedScopes, grant }: NewGrant,
  known: Connection | undefined,
  now: number,
): Connection {
  return {
    connectionId,
    integration,
    orgId: owner.orgId,
    userId: owner.userId,
    clientId,
    account,
    scopes,
    requestedScopes,
    status: 'active',
    reason: null,
    endedAt: null,
    createdAt: known?.createdAt ?? now,
    updatedAt: now,
    authorizedAt: now,
    lastUsedAt: known?.lastUsedAt ?? null,
    expiresAt: grant.primary.expiresAt ?? null,
    refresh: { ...NEVER_REFRESHED, nextAt: nextRefreshAt(grant) },
  };
}

function placeOf(owner: Owner, connectionId: string): RecordPlace {
  return { partition: partitionOf(owner), connectionId };
}

function keyAt({ partition, connectionId }: RecordPlace): RecordKey {
  return { collection: 'connection', partition, id: connectionId };
}

function keyOf(connection: Connection): RecordKey {
  return keyAt(placeOf(connection, connection.connectionId));
}
