import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { ConnectionRepository } from './connection-repository.ts';
import { hasSameToken, type Grant, type OpenConnection } from './connection.ts';

const TRY_AGAIN_MS = 250;

/**
 * Writes renewed grants. The provider has taken back the old refresh token by then, so a grant that isn't written is lost:
 * when the store can't be reached, its caller learns so at once, and the write goes on in the background.
 */
@Injectable()
export class RenewedGrants {
  readonly #unsaved = new Map<string, Promise<void>>();

  constructor(@Inject(ConnectionRepository) private readonly connections: ConnectionRepository) {}

  /**
   * @param until `performance.now()` at which trying ends, at the latest
   * @throws PatchbayError `storage_unavailable`, `connection_not_found`
   */
  async save(read: OpenConnection, grant: Grant, until: number): Promise<OpenConnection> {
    try {
      return await this.#write(read, grant, until);
    } catch (error) {
      if (isStoreFailure(error)) this.#goOn(read, grant, until);
      throw error;
    }
  }

  /** Resolves when no write of this connection's goes on; absent when none does. */
  unsaved(connectionId: string): Promise<void> | undefined {
    return this.#unsaved.get(connectionId);
  }

  /** Resolves when no write goes on at all. */
  async settled(): Promise<void> {
    await Promise.all(this.#unsaved.values());
  }

  /** A use that was noted in between is built upon; another grant, because its owner consented anew, stands. */
  async #write(read: OpenConnection, grant: Grant, until: number): Promise<OpenConnection> {
    let current = read;
    do {
      const { connection } = current;
      const renewed = { ...connection, updatedAt: Date.now(), expiresAt: grant.primary.expiresAt ?? null };
      const saved = await this.connections.replace(current, renewed, grant);
      if (saved !== undefined) return saved;
      current = await this.connections.reread(read);
      // Also after a write of ours that took effect although its answer was lost.
      if (!hasSameToken(current, read)) return current;
    } while (performance.now() < until);
    throw new PatchbayError('storage_unavailable', 'The grant could not be stored: too much is written to it.', {
      retry_after: 1,
    });
  }

  #goOn(read: OpenConnection, grant: Grant, until: number): void {
    const { connectionId } = read.connection;
    const written = this.#writeInTheEnd(read, grant, until).finally(() => this.#unsaved.delete(connectionId));
    this.#unsaved.set(connectionId, written);
  }

  async #writeInTheEnd(read: OpenConnection, grant: Grant, until: number): Promise<void> {
    while (performance.now() < until) {
      await wait(TRY_AGAIN_MS);
      try {
        await this.#write(read, grant, until);
        return;
      } catch (error) {
        if (!isStoreFailure(error)) return;
      }
    }
  }
}

function isStoreFailure(error: unknown): boolean {
  return error instanceof PatchbayError && error.code === 'storage_unavailable';
}
