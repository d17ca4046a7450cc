import { Inject, Injectable, Logger } from '@nestjs/common';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { KeyValueStore } from '../storage/key-value-store.ts';
import { ConnectionEnding } from './connection-ending.ts';
import { ConnectionRepository } from './connection-repository.ts';
import type { RecordPlace } from './connection-record.ts';
import { IDLE_INDEX, placeOf } from './connection-schedule.ts';
import { ConnectionUses } from './connection-uses.ts';
import type { Connection } from './connection.ts';
import type { DueWork } from './due-worker.ts';
import { GrantAuthorities } from './grant-authorities.ts';

/** A use may be written down this late, by the replica that saw it. */
const USES_KNOWN_AFTER_MS = 15 * 60_000;
/** A lease tells the store's clock. */
const CLOCK_LEASE_MS = 1_000;
const SIZES = { atOnce: 4, hiddenMs: 120_000, restMs: 60_000 } as const;

/** Ends connections that nobody has used for CONNECTION_IDLE_TTL_DAYS, at the provider too. */
@Injectable()
export class IdleConnections {
  readonly #log = new Logger(IdleConnections.name);

  constructor(
    @Inject(KeyValueStore) private readonly store: KeyValueStore,
    @Inject(ConnectionRepository) private readonly connections: ConnectionRepository,
    @Inject(ConnectionEnding) private readonly ending: ConnectionEnding,
    @Inject(ConnectionUses) private readonly uses: ConnectionUses,
    @Inject(GrantAuthorities) private readonly authorities: GrantAuthorities,
  ) {}

  work(): DueWork {
    return { ...SIZES, index: IDLE_INDEX, work: (member) => this.endIfUnused(member) };
  }

  /** @param member of the idle index */
  async endIfUnused(member: string): Promise<void> {
    const place = placeOf(member);
    const stored = place === undefined ? undefined : await this.connections.findClosedAt(place);
    if (place === undefined || stored === undefined) {
      await this.store.unschedule(IDLE_INDEX, member);
      return;
    }
    const connection = this.uses.known(stored);
    const now = Date.now();
    const idleAt = this.connections.idleAt(connection);
    if (idleAt > now) await this.#keep(place, connection);
    else if (idleAt + USES_KNOWN_AFTER_MS > now) {
      await this.store.schedule(IDLE_INDEX, member, idleAt + USES_KNOWN_AFTER_MS);
    } else if (await this.#isPast(idleAt + USES_KNOWN_AFTER_MS, connection)) await this.#end(connection);
  }

  /** By the store's clock: what is revoked can't be given back, and one replica's clock may be wrong by months. */
  async #isPast(time: number, { integration, connectionId: connection_id }: Connection): Promise<boolean> {
    const lease = await this.store.acquireLease(`unused/${connection_id}`, CLOCK_LEASE_MS);
    // Another replica is at it.
    if (lease === undefined) return false;
    await this.store.releaseLease(lease);
    if (lease.fencingNumber > time) return true;
    this.#log.error({
      msg: 'this clock is far ahead of the store’s: nothing is ended by it',
      integration,
      connection_id,
    });
    return false;
  }

  /** It was used, or may live longer than when it was written: then the store must learn so. */
  async #keep(place: RecordPlace, connection: Connection): Promise<void> {
    await this.connections.scheduleEnd(connection);
    try {
      const open = await this.connections.findAt(place);
      if (open !== undefined) await this.connections.touch(open, connection.lastUsedAt);
    } catch (error) {
      if (!(error instanceof PatchbayError)) throw error;
      const { integration, connectionId: connection_id } = connection;
      this.#log.warn({
        msg: 'a connection’s life could not be prolonged',
        integration,
        connection_id,
        reason: error.code,
      });
    }
  }

  async #end(connection: Connection): Promise<void> {
    const { integration, connectionId: connection_id } = connection;
    const { revoked } = await this.ending.end(connection, this.authorities.find(integration)?.client());
    this.#log.log({ msg: 'a connection that nobody used was ended', integration, connection_id, revoked });
  }
}
