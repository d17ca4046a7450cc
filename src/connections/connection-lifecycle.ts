import { Inject, Injectable } from '@nestjs/common';
import type { AuthorizationResponse } from '../oauth/authorization-response.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import { AccessTokens, connectionNotFound, type ConnectionChoice, type UseOptions } from './access-tokens.ts';
import {
  AuthorizationFlow,
  type AuthorizationResult,
  type BeginAuthorization,
  type BegunAuthorization,
  type IdentifyAccount,
} from './authorization-flow.ts';
import type { BrowserBinding } from './browser-binding.ts';
import { ConnectionEnding, type Disconnected } from './connection-ending.ts';
import { ConnectionOverview } from './connection-overview.ts';
import { ConnectionRepository, type GrantGoneListener } from './connection-repository.ts';
import type { Connection, OpenConnection } from './connection.ts';
import { partitionOf, type Owner } from './owner.ts';
import type { AuthorizationOutcome } from './pending-authorization.ts';

/** What the rooms above do with connections: begin one, finish it, use it, end it. */
@Injectable()
export class ConnectionLifecycle {
  constructor(
    @Inject(AuthorizationFlow) private readonly flow: AuthorizationFlow,
    @Inject(AccessTokens) private readonly tokens: AccessTokens,
    @Inject(ConnectionRepository) private readonly connections: ConnectionRepository,
    @Inject(ConnectionOverview) private readonly overview: ConnectionOverview,
    @Inject(ConnectionEnding) private readonly ending: ConnectionEnding,
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
    return this.overview.list(owner, integration);
  }

  /** Whether the grant that a connection was read with still is what it was: not removed, withdrawn or given anew. */
  async isStanding({ connectionId, authorizedAt, ...owner }: Connection): Promise<boolean> {
    const current = await this.connections.findClosedAt({ partition: partitionOf(owner), connectionId });
    return current?.status === 'active' && current.authorizedAt === authorizedAt;
  }

  /** Calls back when a grant is no longer what it was; the listener must not fail. */
  onGrantGone(listener: GrantGoneListener): void {
    this.connections.onGrantGone(listener);
  }

  /** A connection whose access token is valid now. */
  use(client: OAuthClient, choice: ConnectionChoice, options?: UseOptions): Promise<OpenConnection> {
    return this.tokens.use(client, choice, options);
  }

  replaceRejected(client: OAuthClient, rejected: OpenConnection): Promise<OpenConnection> {
    return this.tokens.replaceRejected(client, rejected);
  }

  /** Notes that the provider's API refused a token right after it was refreshed. */
  noteRefusedFresh(refused: OpenConnection): void {
    this.tokens.noteRefusedFresh(refused);
  }

  /**
   * Ends a connection: asks the provider to revoke as a courtesy, and forgets the grant whatever the provider says.
   * @param client absent while the integration isn't configured: then nobody is asked
   * @throws PatchbayError `connection_not_found`
   */
  async end(integration: string, choice: ConnectionChoice, client: OAuthClient | undefined): Promise<Disconnected> {
    const { owner, connectionId } = choice;
    const connection = await this.connections.findClosed(owner, integration, connectionId);
    if (connection !== undefined) return this.ending.end(connection, client);
    if (connectionId !== undefined && (await this.connections.removeUnreadable(owner, connectionId))) {
      return { connectionId, revoked: false };
    }
    throw connectionNotFound(integration);
  }
}
