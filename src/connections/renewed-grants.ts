import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isStorageUnavailable } from '../storage/storage-unavailable.ts';
import { ConnectionRepository } from './connection-repository.ts';
import {
  hasSameToken,
  PRIMARY,
  withToken,
  type Connection,
  type GrantedToken,
  type OpenConnection,
} from './connection.ts';
import { nextRefreshAt } from './refresh-schedule.ts';

const TRY_AGAIN_MS = 250;
const SAVE_WITHIN_MS = 10 * 60_000;
const SETTLE_WITHIN_MS = 20_000;

/** A token that replaces the one of that name. */
export interface RenewedToken {
  readonly name: string;
  readonly token: GrantedToken;
}

/**
 * Writes renewed tokens. The provider has taken back the old refresh token by then, so one that isn't written is lost:
 * when the store can't be reached, its caller learns so at once, and the write goes on in the background.
 */
@Injectable()
export class RenewedGrants {
  readonly #log = new Logger(RenewedGrants.name);
  readonly #unsaved = new Map<string, Promise<void>>();
  #stopAt = Number.POSITIVE_INFINITY;

  constructor(@Inject(ConnectionRepository) private readonly connections: ConnectionRepository) {}

  /**
   * @param whenDeleted what becomes of a token whose connection has been deleted meanwhile, whenever that is found
   * @throws PatchbayError `storage_unavailable`, `connection_not_found`
   */
  async save(
    read: OpenConnection,
    renewed: RenewedToken,
    whenDeleted: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<OpenConnection> {
    const until = performance.now() + SAVE_WITHIN_MS;
    try {
      return await this.#write(read, renewed, until);
    } catch (error) {
      if (isStorageUnavailable(error)) this.#goOn(read, renewed, until, whenDeleted);
      else if (isDeletion(error)) await whenDeleted();
      throw error;
    }
  }

  /** Resolves when no write of this connection's goes on; absent when none does. */
  unsaved(connectionId: string): Promise<void> | undefined {
    return this.#unsaved.get(connectionId);
  }

  /** Resolves when no write goes on at all. A store that stays away for long is waited for no longer. */
  async settled(): Promise<void> {
    this.#stopAt = performance.now() + SETTLE_WITHIN_MS;
    await Promise.all(this.#unsaved.values());
    this.#stopAt = Number.POSITIVE_INFINITY;
  }

  /** A use that was noted in between is built upon; another token, because its owner consented anew, stands. */
  async #write(read: OpenConnection, { name, token }: RenewedToken, until: number): Promise<OpenConnection> {
    let current = read;
    do {
      const grant = withToken(current.grant, name, token);
      const saved = await this.connections.replace(current, renewedConnection(current, name, token), grant);
      if (saved !== undefined) return await this.#scheduled(saved);
      current = await this.connections.reread(read);
      // Also after a write of ours that took effect although its answer was lost.
      if (!hasSameToken(current, read, name)) return current;
    } while (performance.now() < until);
    throw new PatchbayError('storage_unavailable', 'The grant could not be stored: too much is written to it.', {
      retry_after: 1,
    });
  }

  /** An index that says less than the connection costs a refresh ahead of need, and nothing else. */
  async #scheduled(saved: OpenConnection): Promise<OpenConnection> {
    try {
      await this.connections.scheduleRefresh(saved.connection);
    } catch (error) {
      if (!isStorageUnavailable(error)) throw error;
    }
    return saved;
  }

  #goOn(read: OpenConnection, renewed: RenewedToken, until: number, whenDeleted: () => Promise<unknown>): void {
    const { connectionId } = read.connection;
    const written = this.#writeInTheEnd(read, renewed, until)
      .catch((error: unknown) => (isDeletion(error) ? whenDeleted() : this.#tellLost(read)))
      .then(() => undefined)
      .finally(() => this.#unsaved.delete(connectionId));
    this.#unsaved.set(connectionId, written);
  }

  async #writeInTheEnd(read: OpenConnection, renewed: RenewedToken, until: number): Promise<void> {
    while (performance.now() < Math.min(until, this.#stopAt)) {
      await wait(TRY_AGAIN_MS);
      try {
        await this.#write(read, renewed, until);
        return;
      } catch (error) {
        if (!isStorageUnavailable(error)) throw error;
      }
    }
    this.#tellLost(read);
  }

  #tellLost({ connection }: OpenConnection): void {
    const { connectionId: connection_id, integration } = connection;
    this.#log.error({ msg: 'a renewed token could not be stored and is lost', integration, connection_id });
  }
}

/** Whatever stood against it is over: the provider has just handed out a token. */
function renewedConnection({ connection, grant }: OpenConnection, name: string, token: GrantedToken): Connection {
  const now = Date.now();
  return {
    ...connection,
    status: 'active',
    reason: null,
    endedAt: null,
    updatedAt: now,
    expiresAt: name === PRIMARY ? (token.expiresAt ?? null) : connection.expiresAt,
    refresh: { lastAt: now, nextAt: nextRefreshAt(withToken(grant, name, token)), failure: null, attempt: null },
  };
}

function isDeletion(error: unknown): boolean {
  return error instanceof PatchbayError && error.code === 'connection_not_found';
}
