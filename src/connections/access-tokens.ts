import { Inject, Injectable } from '@nestjs/common';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import { ConnectionRepository } from './connection-repository.ts';
import { hasSameToken, type Connection, type GrantedToken, type OpenConnection } from './connection.ts';
import { GrantRefresher } from './grant-refresher.ts';
import type { Owner } from './owner.ts';
import { isExpired, isWithinRefreshMargin } from './refresh-margin.ts';

const TOUCH_EVERY_MS = 60_000;

/** Which connection is meant. Without an id, the latest authorised. */
export interface ConnectionChoice {
  readonly owner: Owner;
  readonly connectionId?: string;
}

/** Hands out connections whose access token is valid now. */
@Injectable()
export class AccessTokens {
  constructor(
    @Inject(ConnectionRepository) private readonly connections: ConnectionRepository,
    @Inject(GrantRefresher) private readonly refresher: GrantRefresher,
  ) {}

  /**
   * @throws PatchbayError `connection_not_found`, `reauthorization_required`, or what a refresh that was needed ran into
   */
  async use(client: OAuthClient, choice: ConnectionChoice): Promise<OpenConnection> {
    const found = await this.connections.find(choice.owner, client.integration, choice.connectionId);
    if (found === undefined) throw connectionNotFound(client.integration);
    refuseEnded(found.connection);
    refuseForeign(client, found.connection);
    const now = Date.now();
    const fresh = isDue(found.grant.primary, now) ? await this.#refreshed(client, found, now) : found;
    return this.#touched(fresh, now);
  }

  /** After the provider's API refused a token that should have been good: once refreshed, or what somebody else has refreshed since. */
  async replaceRejected(client: OAuthClient, rejected: OpenConnection): Promise<OpenConnection> {
    const current = await this.connections.find(
      rejected.connection,
      client.integration,
      rejected.connection.connectionId,
    );
    if (current === undefined) throw connectionNotFound(client.integration);
    refuseEnded(current.connection);
    if (!hasSameToken(current, rejected)) return current;
    return this.refresher.refresh(client, current);
  }

  async #refreshed(client: OAuthClient, found: OpenConnection, now: number): Promise<OpenConnection> {
    try {
      return await this.refresher.refresh(client, found);
    } catch (error) {
      const ended = error instanceof PatchbayError && error.code === 'reauthorization_required';
      // While the old token lives, a provider that can't refresh right now is no reason to fail.
      if (ended || isExpired(found.grant.primary, now)) throw error;
      return found;
    }
  }

  async #touched(used: OpenConnection, now: number): Promise<OpenConnection> {
    const last = used.connection.lastUsedAt;
    if (last !== null && now - last < TOUCH_EVERY_MS) return used;
    return (await this.connections.touch(used, now)) ?? used;
  }
}

/** A token that nothing can renew is good until its end. */
function isDue(token: GrantedToken, now: number): boolean {
  return token.refreshToken === undefined ? isExpired(token, now) : isWithinRefreshMargin(token, now);
}

export function connectionNotFound(integration: string): PatchbayError {
  return new PatchbayError('connection_not_found', 'No such connection. Connect the account first.', { integration });
}

function refuseEnded(connection: Connection): void {
  if (connection.status === 'active') return;
  const { connectionId: connection_id, integration } = connection;
  const message = 'The provider has withdrawn this grant. Connect the account again.';
  throw new PatchbayError('reauthorization_required', message, { connection_id, integration });
}

/** A grant given to another client, of the sandbox or of an app that was replaced: its tokens are not this provider's to see. */
function refuseForeign(client: OAuthClient, connection: Connection): void {
  if (connection.clientId === client.clientId) return;
  const { connectionId: connection_id, integration } = connection;
  const message = 'This account was connected with another OAuth client than the one configured now. Connect it again.';
  throw new PatchbayError('reauthorization_required', message, { connection_id, integration });
}
