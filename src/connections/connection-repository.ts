import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { AppConfig } from '../config/app-config.ts';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { KeyValueStore, type ListedRecord, type RecordKey } from '../storage/key-value-store.ts';
import type { Account, Connection, Grant, OpenConnection } from './connection.ts';
import {
  openConnectionRecord,
  readConnection,
  readConnectionIfReadable,
  writeConnectionRecord,
} from './connection-record.ts';
import { digest } from '../crypto/digest.ts';
import { partitionOf, type Owner } from './owner.ts';

const DAY_SECONDS = 86_400;
const MAX_WRITE_ATTEMPTS = 10;
/** A marker that names nobody: it can be taken by compare-and-set, which one that was deleted can't. */
const FREED = '';
const FREED_TTL_SECONDS = 60;
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
  readonly grant: Grant;
}

/**
 * Connections in the store. One per owner, integration and provider account: an account's marker record names the
 * connection it has, so authorising again updates that one.
 */
@Injectable()
export class ConnectionRepository {
  readonly #idleTtlSeconds: number;

  constructor(
    @Inject(KeyValueStore) private readonly store: KeyValueStore,
    @Inject(CredentialCipher) private readonly cipher: CredentialCipher,
    @Inject(AppConfig) config: AppConfig,
  ) {
    this.#idleTtlSeconds = config.connectionIdleTtlDays * DAY_SECONDS;
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
      return openConnectionRecord(this.cipher, latest.stored, {
        partition: partitionOf(owner),
        connectionId: latest.stored.id,
      });
    }
    if (!CONNECTION_ID.test(connectionId)) return undefined;
    const stored = await this.store.get(connectionKey(owner, connectionId));
    if (stored === undefined) return undefined;
    const place = { partition: partitionOf(owner), connectionId };
    if (readConnection(stored, place).integration !== integration) return undefined;
    return openConnectionRecord(this.cipher, stored, place);
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
    const { owner, integration, account } = granted;
    const marker = markerKey(owner, integration, account);
    for (let attempt = 0; attempt < MAX_WRITE_ATTEMPTS; attempt += 1) {
      const connectionId = await this.#claim(marker);
      const saved = connectionId === undefined ? undefined : await this.#write(connectionId, granted);
      if (saved === undefined) continue;
      if ((await this.store.get(marker))?.value === saved.connectionId) return saved;
      // It was removed while it was written: what stands without its marker would be a second one of the account's.
      await this.store.delete(connectionKey(owner, saved.connectionId));
    }
    throw new PatchbayError('storage_unavailable', 'The connection could not be stored: too much is written to it.', {
      retry_after: 1,
    });
  }

  /** @returns the id of the account's connection, a fresh one where it has none; undefined when somebody was faster */
  async #claim(marker: RecordKey): Promise<string | undefined> {
    const fresh = `con_${randomBytes(16).toString('base64url')}`;
    const life = { ttlSeconds: this.#markerTtlSeconds };
    if (await this.store.putIfAbsent(marker, fresh, life)) return fresh;
    const standing = await this.store.get(marker);
    if (standing === undefined) return undefined;
    if (standing.value !== FREED) return standing.value;
    return (await this.store.compareAndSet(marker, standing.version, fresh, life)) ? fresh : undefined;
  }

  /**
   * Replaces the connection and its grant if nobody wrote since it was read.
   * @returns what stands now, or undefined when somebody did
   */
  async replace(read: OpenConnection, connection: Connection, grant: Grant): Promise<OpenConnection | undefined> {
    const version = read.version + 1;
    const value = writeConnectionRecord(this.cipher, connection, grant, version);
    const key = connectionKey(connection, connection.connectionId);
    const wrote = await this.store.compareAndSet(key, read.version, value, { ttlSeconds: this.#idleTtlSeconds });
    return wrote ? { connection, grant, version } : undefined;
  }

  /** Notes a use, which starts the connection's idle time anew. Losing the race to another write is fine: that was a use too. */
  async touch(read: OpenConnection, now: number): Promise<OpenConnection | undefined> {
    const { connection } = read;
    const touched = await this.replace(read, { ...connection, lastUsedAt: now }, read.grant);
    if (touched !== undefined) await this.#remark(connection, connection.connectionId, this.#markerTtlSeconds);
    return touched;
  }

  /** The marker goes first: whoever saves a grant meanwhile then sees that the connection it wrote to has gone. */
  async remove(connection: Connection): Promise<boolean> {
    await this.#remark(connection, FREED, FREED_TTL_SECONDS);
    return this.store.delete(connectionKey(connection, connection.connectionId));
  }

  /** Rewrites the account's marker, unless it names another connection by now. */
  async #remark(connection: Connection, value: string, ttlSeconds: number): Promise<void> {
    const marker = markerKey(connection, connection.integration, connection.account);
    const standing = await this.store.get(marker);
    if (standing?.value !== connection.connectionId) return;
    await this.store.compareAndSet(marker, standing.version, value, { ttlSeconds });
  }

  async #listed(owner: Owner, integration?: string): Promise<readonly ListedConnection[]> {
    const records = await this.store.list('connection', partitionOf(owner));
    return records
      .flatMap((stored) => {
        const connection = readConnectionIfReadable(stored, { partition: partitionOf(owner), connectionId: stored.id });
        return connection === undefined ? [] : [{ connection, stored }];
      })
      .filter(({ connection }) => integration === undefined || connection.integration === integration)
      .sort((a, b) => b.connection.authorizedAt - a.connection.authorizedAt);
  }

  async #write(connectionId: string, granted: NewGrant): Promise<Connection | undefined> {
    const { owner, integration, clientId, account, scopes, grant } = granted;
    const key = connectionKey(owner, connectionId);
    const before = await this.store.get(key);
    // One that can't be read is written over: to connect again is how its owner mends it.
    const known =
      before === undefined ? undefined : readConnectionIfReadable(before, { partition: key.partition, connectionId });
    const now = Date.now();
    const connection: Connection = {
      connectionId,
      integration,
      orgId: owner.orgId,
      userId: owner.userId,
      clientId,
      account,
      scopes,
      status: 'active',
      createdAt: known?.createdAt ?? now,
      updatedAt: now,
      authorizedAt: now,
      lastUsedAt: known?.lastUsedAt ?? null,
      expiresAt: grant.primary.expiresAt ?? null,
    };
    const value = writeConnectionRecord(this.cipher, connection, grant, (before?.version ?? 0) + 1);
    const life = { ttlSeconds: this.#idleTtlSeconds };
    const wrote =
      before === undefined
        ? await this.store.putIfAbsent(key, value, life)
        : await this.store.compareAndSet(key, before.version, value, life);
    return wrote ? connection : undefined;
  }

  /** A day longer than the connection, so that the account never seems new while its connection lives. */
  get #markerTtlSeconds(): number {
    return this.#idleTtlSeconds + DAY_SECONDS;
  }
}

function connectionKey(owner: Owner, connectionId: string): RecordKey {
  return { collection: 'connection', partition: partitionOf(owner), id: connectionId };
}

function markerKey(owner: Owner, integration: string, account: Account): RecordKey {
  return {
    collection: 'connection-account',
    partition: partitionOf(owner),
    id: digest('account', integration, account.id),
  };
}
