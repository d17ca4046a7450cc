import { Inject, Injectable } from '@nestjs/common';
import { ConnectionRepository } from './connection-repository.ts';
import { ConnectionUses } from './connection-uses.ts';
import type { Connection } from './connection.ts';
import { GrantAuthorities } from './grant-authorities.ts';
import type { Owner } from './owner.ts';

/** Connections as they stand for whoever looks at them. */
@Injectable()
export class ConnectionOverview {
  constructor(
    @Inject(ConnectionRepository) private readonly connections: ConnectionRepository,
    @Inject(ConnectionUses) private readonly uses: ConnectionUses,
    @Inject(GrantAuthorities) private readonly authorities: GrantAuthorities,
  ) {}

  /** The owner's connections, the latest authorised first. */
  async list(owner: Owner, integration?: string): Promise<readonly Connection[]> {
    const connections = await this.connections.list(owner, integration);
    return connections.map((connection) => this.#asItStands(this.uses.known(connection)));
  }

  /** A grant that was given to another client than the one configured now serves nobody until it is given anew. */
  #asItStands(connection: Connection): Connection {
    const client = this.authorities.find(connection.integration)?.client();
    const isOurs = client === undefined || client.clientId === connection.clientId;
    if (isOurs || connection.status !== 'active') return connection;
    const refresh = { ...connection.refresh, nextAt: null };
    return { ...connection, status: 'reauthorization_required', reason: 'client_changed', refresh };
  }
}
