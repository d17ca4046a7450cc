import { Inject, Injectable, Logger } from '@nestjs/common';
import { KeyValueStore } from '../storage/key-value-store.ts';
import { ConnectionEnding } from './connection-ending.ts';
import { ConnectionRepository } from './connection-repository.ts';
import { IDLE_INDEX, placeOf } from './connection-schedule.ts';
import { ConnectionUses } from './connection-uses.ts';
import { GrantAuthorities } from './grant-authorities.ts';

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

  /** @param member of the idle index */
  async endIfUnused(member: string): Promise<void> {
    const place = placeOf(member);
    const stored = place === undefined ? undefined : await this.connections.findClosedAt(place);
    if (stored === undefined) {
      await this.store.unschedule(IDLE_INDEX, member);
      return;
    }
    const connection = this.uses.known(stored);
    if (this.connections.idleAt(connection) > Date.now()) {
      await this.connections.scheduleEnd(connection);
      return;
    }
    const { integration, connectionId: connection_id } = connection;
    const { revoked } = await this.ending.end(connection, this.authorities.find(integration)?.client());
    this.#log.log({ msg: 'a connection that nobody used was ended', integration, connection_id, revoked });
  }
}
