import { Inject, Injectable, Logger } from '@nestjs/common';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { AuthorizationResponse } from '../oauth/authorization-response.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import { AccessTokens, connectionNotFound, type ConnectionChoice } from './access-tokens.ts';
import {
  AuthorizationFlow,
  type AuthorizationResult,
  type BeginAuthorization,
  type BegunAuthorization,
  type IdentifyAccount,
} from './authorization-flow.ts';
import type { BrowserBinding } from './browser-binding.ts';
import { ConnectionRepository } from './connection-repository.ts';
import type { Connection, OpenConnection } from './connection.ts';
import type { Owner } from './owner.ts';
import type { AuthorizationOutcome } from './pending-authorization.ts';

export interface Disconnected {
  readonly connectionId: string;
  /** Whether the provider said that it has revoked the grant. */
  readonly revoked: boolean;
}

/** What the rooms above do with connections: begin one, finish it, use it, end it. */
@Injectable()
export class ConnectionLifecycle {
  readonly #log = new Logger(ConnectionLifecycle.name);

  constructor(
    @Inject(AuthorizationFlow) private readonly flow: AuthorizationFlow,
    @Inject(AccessTokens) private readonly tokens: AccessTokens,
    @Inject(ConnectionRepository) private readonly connections: ConnectionRepository,
  ) {}

  begin(client: OAuthClient, request: BeginAuthorization): Promise<BegunAuthorization> {
    return this.flow.begin(client, request);
  }

  complete(
    client: OAuthClient,
    response: AuthorizationResponse,
    browserBinding: BrowserBinding | undefined,
    identify: IdentifyAccount,
  ): Promise<AuthorizationResult> {
    return this.flow.complete(client, response, browserBinding, identify);
  }

  outcome(integration: string, state: string, callerId: string): Promise<AuthorizationOutcome | undefined> {
    return this.flow.outcome(integration, state, callerId);
  }

  list(owner: Owner, integration?: string): Promise<readonly Connection[]> {
    return this.connections.list(owner, integration);
  }

  /** A connection whose access token is valid now. */
  use(client: OAuthClient, choice: ConnectionChoice): Promise<OpenConnection> {
    return this.tokens.use(client, choice);
  }

  replaceRejected(client: OAuthClient, rejected: OpenConnection): Promise<OpenConnection> {
    return this.tokens.replaceRejected(client, rejected);
  }

  /**
   * Ends a connection: asks the provider to revoke as a courtesy, and forgets the grant whatever the provider says.
   * @throws PatchbayError `connection_not_found`
   */
  async end(
    integration: string,
    choice: ConnectionChoice,
    revoke: (open: OpenConnection) => Promise<boolean>,
  ): Promise<Disconnected> {
    const connection = await this.connections.findClosed(choice.owner, integration, choice.connectionId);
    if (connection === undefined) throw connectionNotFound(integration);
    const revoked = await this.#revoked(connection, revoke);
    await this.connections.remove(connection);
    return { connectionId: connection.connectionId, revoked };
  }

  async #revoked(connection: Connection, revoke: (open: OpenConnection) => Promise<boolean>): Promise<boolean> {
    const { integration, connectionId } = connection;
    try {
      const open = await this.connections.find(connection, integration, connectionId);
      return open !== undefined && (await revoke(open));
    } catch (error) {
      const reason = error instanceof PatchbayError ? error.code : 'unexpected';
      this.#log.warn({ msg: 'revocation failed; the grant is forgotten all the same', integration, reason });
      return false;
    }
  }
}
