import { AccountMarkers } from '../connections/account-markers.ts';
import {
  openConnectionRecord,
  readConnectionIfReadable,
  writeConnectionRecord,
  type RecordPlace,
} from '../connections/connection-record.ts';
import { ConnectionSchedule } from '../connections/connection-schedule.ts';
import type { Connection, Grant } from '../connections/connection.ts';
import { partitionOf } from '../connections/owner.ts';
import { nextRefreshAt } from '../connections/refresh-schedule.ts';
import type { CredentialCipher } from '../crypto/credential-cipher.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { KeyValueStore, ListedRecord, RecordKey } from '../storage/key-value-store.ts';
import type { BackupRecord } from './backup-record.ts';
import { tooMuchWritten, WRITE_ATTEMPTS, type Outcome, type Restorer } from './restorer.ts';

/** What the store has already of the account that a connection is for. */
interface Standing {
  /** The record of the same id, readable or not. */
  readonly same: ListedRecord | undefined;
  /** Others of the account's. */
  readonly others: readonly Connection[];
  /** The first of all these that opens and has changed as late as the connection, or later. */
  readonly newer: Connection | undefined;
}

/**
 * Puts connections back: the record, sealed for the version it gets here, the account's marker and the due times. Every
 * step can be done again, so that a restore that was killed ends right when it is run again.
 */
export class RestoredConnections implements Restorer {
  readonly #store: KeyValueStore;
  readonly #cipher: CredentialCipher;
  readonly #markers: AccountMarkers;
  readonly #schedule: ConnectionSchedule;

  constructor(store: KeyValueStore, cipher: CredentialCipher, idleTtlDays: number) {
    this.#store = store;
    this.#cipher = cipher;
    this.#markers = new AccountMarkers(store, idleTtlDays);
    this.#schedule = new ConnectionSchedule(store, idleTtlDays);
  }

  async restore(record: BackupRecord, dryRun: boolean): Promise<Outcome> {
    const place = { partition: record.partition, connectionId: record.id };
    const { connection: saved, grant } = openConnectionRecord(this.#cipher, record, place);
    const connection = withNextRefresh(saved, grant);
    if (this.#schedule.idleAt(connection) <= Date.now()) return 'lapsed';
    for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt += 1) {
      const standing = await this.#standing(connection, place);
      if (standing.newer !== undefined) {
        if (!dryRun) await this.#complete(standing.newer);
        return 'kept';
      }
      if (dryRun || (await this.#replace(standing, connection, grant))) return 'restored';
    }
    throw tooMuchWritten();
  }

  async #standing(connection: Connection, { partition, connectionId }: RecordPlace): Promise<Standing> {
    const listed = await this.#store.list('connection', partition);
    const known = listed.flatMap((stored) => {
      const one = readConnectionIfReadable(stored, { partition, connectionId: stored.id });
      const isMeant = one !== undefined && (stored.id === connectionId || isOfSameAccount(one, connection));
      return isMeant ? [{ one, stored }] : [];
    });
    const newer = known.find(
      ({ one, stored }) => changedAt(one) >= changedAt(connection) && this.#opens(stored, partition),
    );
    return {
      same: listed.find(({ id }) => id === connectionId),
      others: known.filter(({ stored }) => stored.id !== connectionId).map(({ one }) => one),
      newer: newer?.one,
    };
  }

  /** One that doesn't is of no use to anybody: it makes way. */
  #opens(stored: ListedRecord, partition: string): boolean {
    try {
      openConnectionRecord(this.#cipher, stored, { partition, connectionId: stored.id });
      return true;
    } catch (error) {
      if (error instanceof PatchbayError) return false;
      throw error;
    }
  }

  /** @returns whether it was written; if not, somebody else was faster, and what stands is to be looked at anew */
  async #replace({ same, others }: Standing, connection: Connection, grant: Grant): Promise<boolean> {
    // An account has one connection.
    for (const other of others) await this.#remove(other);
    if (!(await this.#marks(connection))) return false;
    const version = (same?.version ?? 0) + 1;
    const value = writeConnectionRecord(this.#cipher, connection, grant, version);
    const life = { ttlSeconds: this.#schedule.lifeSeconds(connection, Date.now()) };
    const key = keyOf(connection);
    const wrote =
      same === undefined
        ? await this.#store.putIfAbsent(key, value, life)
        : await this.#store.compareAndSet(key, same.version, value, life);
    if (wrote) await this.#schedule.enter(connection);
    return wrote;
  }

  /** @returns whether the account's marker names the connection now */
  async #marks(connection: Connection): Promise<boolean> {
    const named = await this.#markers.claimFor(connection);
    if (named === undefined || named === connection.connectionId) return named !== undefined;
    const other = { ...connection, connectionId: named };
    // It names one that has gone. Whoever is writing that one at this moment sees it, and begins anew.
    await this.#markers.free(other);
    return false;
  }

  async #remove(connection: Connection): Promise<void> {
    await this.#markers.free(connection);
    await this.#store.delete(keyOf(connection));
    await this.#schedule.leave(connection);
  }

  /** What stands may have been restored a moment ago, by a run that was killed before the rest of it. */
  async #complete(standing: Connection): Promise<void> {
    await this.#markers.claimFor(standing);
    await this.#schedule.enter(standing);
  }
}

function isOfSameAccount(a: Connection, b: Connection): boolean {
  return a.integration === b.integration && a.account.id === b.account.id;
}

function changedAt({ updatedAt, authorizedAt }: Connection): number {
  return Math.max(updatedAt, authorizedAt);
}

/** Records of the first releases don't say when they are to be renewed. */
function withNextRefresh(connection: Connection, grant: Grant): Connection {
  const { refresh } = connection;
  return refresh.nextAt === null
    ? { ...connection, refresh: { ...refresh, nextAt: nextRefreshAt(grant) } }
    : connection;
}

function keyOf(connection: Connection): RecordKey {
  return { collection: 'connection', partition: partitionOf(connection), id: connection.connectionId };
}
