import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import { reasonOf } from '../errors/patchbay-error.ts';
import { ConnectionRepository } from './connection-repository.ts';
import type { Connection, OpenConnection } from './connection.ts';

const LOOK_EVERY_MS = 30_000;
/** How exact the store's memory of the last use is. A use within it costs no write. */
const STORED_EVERY_MS = 10 * 60_000;
/** For a shutdown: a store that is slow or away then costs some minutes of memory, which a crash would cost too. */
const LAST_FLUSH_WITHIN_MS = 5_000;
const AT_ONCE = 8;
const MAX_NOTED = 100_000;

/** No token among it: it may be kept for long. */
interface NotedUse extends Pick<Connection, 'orgId' | 'userId' | 'integration' | 'connectionId'> {
  readonly usedAt: number;
  readonly storedAt: number;
  /** The key that the connection is sealed with. */
  readonly keyId: string;
}

/**
 * Remembers when connections were used, and writes it down in the background, some minutes late: a read costs no write.
 * A connection that is sealed with a key that is to be retired is sealed anew at the same occasion.
 */
@Injectable()
export class ConnectionUses implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger(ConnectionUses.name);
  readonly #noted = new Map<string, NotedUse>();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(
    @Inject(ConnectionRepository) private readonly connections: ConnectionRepository,
    @Inject(CredentialCipher) private readonly cipher: CredentialCipher,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.flush(), LOOK_EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush({ all: true });
  }

  /** @returns the connection as it is with this use */
  note(open: OpenConnection, usedAt: number): OpenConnection {
    const { orgId, userId, integration, connectionId, lastUsedAt } = open.connection;
    if (this.#noted.size < MAX_NOTED || this.#noted.has(connectionId)) {
      const { keyId } = open;
      this.#noted.set(connectionId, {
        orgId,
        userId,
        integration,
        connectionId,
        usedAt,
        storedAt: lastUsedAt ?? 0,
        keyId,
      });
    }
    return { ...open, connection: { ...open.connection, lastUsedAt: usedAt } };
  }

  /** With the uses that the store doesn't know yet. */
  known(connection: Connection): Connection {
    const usedAt = this.#noted.get(connection.connectionId)?.usedAt ?? 0;
    return usedAt > (connection.lastUsedAt ?? 0) ? { ...connection, lastUsedAt: usedAt } : connection;
  }

  forget(connectionId: string): void {
    this.#noted.delete(connectionId);
  }

  /** Writes the uses that are worth it by now; `all` of them when nobody will be there to do it later. */
  async flush({ all = false } = {}): Promise<void> {
    await this.#flushing;
    this.#flushing = this.#flush(all);
    await this.#flushing;
  }

  async #flush(all: boolean): Promise<void> {
    const due = [...this.#noted.values()].filter((noted) => all || this.#isWorthWriting(noted)).values();
    const until = all ? performance.now() + LAST_FLUSH_WITHIN_MS : Number.POSITIVE_INFINITY;
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.#writeEach(due, until)));
    if (all) this.#noted.clear();
  }

  /** The last of a number of uses is written too, in the end: what stayed noted for good would leave no room for others. */
  #isWorthWriting({ usedAt, storedAt, keyId }: NotedUse): boolean {
    const isLate = Math.max(usedAt - storedAt, Date.now() - usedAt) >= STORED_EVERY_MS;
    return isLate || keyId !== this.cipher.activeKeyId;
  }

  async #writeEach(due: Iterable<NotedUse>, until: number): Promise<void> {
    for (const noted of due) {
      if (performance.now() > until) return;
      try {
        await this.#write(noted);
      } catch (error) {
        // It stays noted, and is tried again.
        const reason = reasonOf(error);
        this.#log.warn({ msg: 'the last use of a connection could not be stored', reason });
      }
    }
  }

  async #write({ usedAt, ...noted }: NotedUse): Promise<void> {
    const { connectionId, integration } = noted;
    const current = await this.connections.find(noted, integration, connectionId);
    // Another replica may have written a later use.
    const latest = Math.max(usedAt, current?.connection.lastUsedAt ?? 0);
    const written = current === undefined ? undefined : await this.connections.touch(current, latest);
    // Somebody wrote in between: next time, then.
    if (current !== undefined && written === undefined) return;
    if (this.#noted.get(connectionId)?.usedAt === usedAt) this.#noted.delete(connectionId);
  }
}
