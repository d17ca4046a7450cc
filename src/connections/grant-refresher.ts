import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import { refreshGrant } from '../oauth/refresh-token-grant.ts';
import { TokenEndpointError } from '../oauth/token-endpoint-error.ts';
import { OutboundClient } from '../outbound/outbound-client.ts';
import { KeyValueStore } from '../storage/key-value-store.ts';
import { ConnectionRepository } from './connection-repository.ts';
import { grantedToken, hasSameToken, type Grant, type OpenConnection } from './connection.ts';
import { digest } from '../crypto/digest.ts';

/** Longer than a token call can take (10 s an attempt, one attempt), so that a live holder never loses it. */
const LEASE_TTL_MS = 15_000;
const WAIT_FOR_OTHERS_MS = 14_000;
const LOOK_AGAIN_MS = 100;

/**
 * Renews a connection's access token: one caller in the fleet does it under a lease, everybody else gets its result.
 * Within the process concurrent callers share one flight.
 */
@Injectable()
export class GrantRefresher {
  readonly #log = new Logger(GrantRefresher.name);
  readonly #flights = new Map<string, Promise<OpenConnection>>();

  constructor(
    @Inject(KeyValueStore) private readonly store: KeyValueStore,
    @Inject(ConnectionRepository) private readonly connections: ConnectionRepository,
    @Inject(OutboundClient) private readonly outbound: OutboundClient,
  ) {}

  /**
   * @throws PatchbayError `reauthorization_required` when the provider has withdrawn the grant (noted in the connection);
   * `provider_*` when the token endpoint gave no usable answer; `connection_not_found` when it was deleted meanwhile
   */
  refresh(client: OAuthClient, read: OpenConnection): Promise<OpenConnection> {
    const id = read.connection.connectionId;
    const underway = this.#flights.get(id);
    if (underway !== undefined) return underway;
    const flight = this.#refreshUnderLease(client, read).finally(() => this.#flights.delete(id));
    this.#flights.set(id, flight);
    return flight;
  }

  async #refreshUnderLease(client: OAuthClient, read: OpenConnection): Promise<OpenConnection> {
    const name = digest('refresh', read.connection.connectionId);
    const giveUpAt = performance.now() + WAIT_FOR_OTHERS_MS;
    for (;;) {
      const lease = await this.store.acquireLease(name, LEASE_TTL_MS);
      if (lease !== undefined) {
        try {
          return await this.#refreshUnlessDone(client, read);
        } finally {
          await this.store.releaseLease(lease);
        }
      }
      const current = await this.#reread(read);
      if (!hasSameToken(current, read)) return current;
      if (performance.now() > giveUpAt) throw busy(read);
      await wait(LOOK_AGAIN_MS);
    }
  }

  /** Reads again first: whoever held the lease before may have done the work. */
  async #refreshUnlessDone(client: OAuthClient, read: OpenConnection): Promise<OpenConnection> {
    const current = await this.#reread(read);
    if (!hasSameToken(current, read)) return current;
    const { refreshToken } = current.grant.primary;
    if (refreshToken === undefined) return this.#end(current, 'the provider gave no refresh token');
    try {
      const grant = await this.#renewedGrant(client, current.grant);
      return await this.#save(current, grant);
    } catch (error) {
      return await this.#afterFailure(current, error);
    }
  }

  async #renewedGrant(client: OAuthClient, grant: Grant): Promise<Grant> {
    const { refreshToken } = grant.primary;
    if (refreshToken === undefined) return grant;
    const askedAt = Date.now();
    const response = await refreshGrant(this.outbound, client, refreshToken);
    const renewed = [...response.additional].map(([name, set]) => {
      return [name, grantedToken(set, askedAt, grant.additional.get(name))] as const;
    });
    return {
      primary: grantedToken(response, askedAt, grant.primary),
      additional: new Map([...grant.additional, ...renewed]),
    };
  }

  /** The new tokens are written before anyone uses them. A write that came between (a use was noted) is built upon. */
  async #save(read: OpenConnection, grant: Grant): Promise<OpenConnection> {
    for (let current = read; ; current = await this.#reread(read)) {
      const { connection } = current;
      const renewed = { ...connection, updatedAt: Date.now(), expiresAt: grant.primary.expiresAt ?? null };
      const saved = await this.connections.replace(current, renewed, grant);
      if (saved !== undefined) return saved;
    }
  }

  async #afterFailure(read: OpenConnection, error: unknown): Promise<OpenConnection> {
    const current = await this.#reread(read);
    if (!hasSameToken(current, read)) return current;
    if (error instanceof TokenEndpointError && error.refusal === 'dead-grant') {
      return this.#end(current, error.oauthError ?? 'refused');
    }
    throw error;
  }

  async #end(read: OpenConnection, reason: string): Promise<never> {
    const { connectionId: connection_id, integration } = read.connection;
    this.#log.warn({ msg: 'grant ended by the provider', integration, connection_id, reason });
    await this.connections.replace(
      read,
      { ...read.connection, status: 'reauthorization_required', updatedAt: Date.now() },
      read.grant,
    );
    const message = `${integration} has withdrawn this grant. Connect the account again.`;
    throw new PatchbayError('reauthorization_required', message, { connection_id, integration });
  }

  async #reread(read: OpenConnection): Promise<OpenConnection> {
    const { connection } = read;
    const current = await this.connections.find(connection, connection.integration, connection.connectionId);
    if (current !== undefined) return current;
    const { integration } = connection;
    throw new PatchbayError('connection_not_found', 'The connection was deleted meanwhile.', { integration });
  }
}

function busy(read: OpenConnection): PatchbayError {
  const { integration } = read.connection;
  return new PatchbayError('provider_timeout', `Refreshing the access token for ${integration} takes too long.`, {
    integration,
  });
}
