import { Inject, Injectable, Logger } from '@nestjs/common';
import { reasonOf } from '../errors/patchbay-error.ts';
import { isStorageUnavailable } from '../storage/storage-unavailable.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import { ConnectionRepository } from './connection-repository.ts';
import { ConnectionUses } from './connection-uses.ts';
import { tokensOf, type Connection, type Grant } from './connection.ts';
import { GrantRevoker } from './grant-revoker.ts';

export interface Disconnected {
  readonly connectionId: string;
  /** Whether the provider said that it has revoked the grant. */
  readonly revoked: boolean;
}

/** How connections end by our side. */
@Injectable()
export class ConnectionEnding {
  readonly #log = new Logger(ConnectionEnding.name);

  constructor(
    @Inject(ConnectionRepository) private readonly connections: ConnectionRepository,
    @Inject(ConnectionUses) private readonly uses: ConnectionUses,
    @Inject(GrantRevoker) private readonly revoker: GrantRevoker,
  ) {}

  /**
   * Asks the provider to revoke as a courtesy, and forgets the grant whatever the provider says.
   * @throws PatchbayError `storage_unavailable`: then it stands, and may be ended again
   */
  async end(connection: Connection, client: OAuthClient | undefined): Promise<Disconnected> {
    const { connectionId } = connection;
    // A provider may take seconds to answer: what its owner consents to in between is not to go with this one.
    await this.connections.leaveAccount(connection);
    const grant = await this.#grantOf(connection);
    // Whom the grant was not given to has nothing to revoke, and must not see its tokens.
    const mayRevoke = grant !== undefined && client !== undefined && connection.clientId === client.clientId;
    const revoked = mayRevoke && (await this.revoker.revoke(client, grant));
    this.uses.forget(connectionId);
    const removed = await this.connections.remove(connection);
    // A refresh that ended in between has stored what it brought: that is to go too.
    if (!mayRevoke || removed === undefined || hasSameTokens(removed, grant)) return { connectionId, revoked };
    return { connectionId, revoked: await this.revoker.revoke(client, removed) };
  }

  /** One that can't be opened is ended all the same; one that can't be read just now would be lost before it is revoked. */
  async #grantOf(connection: Connection): Promise<Grant | undefined> {
    const { integration, connectionId } = connection;
    try {
      return (await this.connections.find(connection, integration, connectionId))?.grant;
    } catch (error) {
      if (isStorageUnavailable(error)) throw error;
      const reason = reasonOf(error);
      this.#log.warn({ msg: 'a grant that is to be revoked could not be opened', integration, reason });
      return undefined;
    }
  }
}

function hasSameTokens(a: Grant, b: Grant): boolean {
  const values = (grant: Grant): string =>
    tokensOf(grant)
      .map(([, token]) => token.accessToken.reveal())
      .join(' ');
  return values(a) === values(b);
}
