import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import { refreshGrant } from '../oauth/refresh-token-grant.ts';
import { TokenEndpointError } from '../oauth/token-endpoint-error.ts';
import { OutboundClient } from '../outbound/outbound-client.ts';
import { KeyValueStore, type Lease } from '../storage/key-value-store.ts';
import { ConnectionRepository } from './connection-repository.ts';
import { grantedToken, hasSameToken, type Grant, type OpenConnection } from './connection.ts';
import { digest } from '../crypto/digest.ts';
import { RenewedGrants } from './renewed-grants.ts';

/** Longer than a token call can take (10 s an attempt, one attempt), so that a live holder never loses it. */
const LEASE_TTL_MS = 15_000;
/** For as long as the lease keeps others from using the old refresh token. */
const SAVE_WITHIN_MS = 14_500;
const WAIT_FOR_OTHERS_MS = 14_000;
const LOOK_AGAIN_MS = 100;

/**
 * Renews a connection's access token: one caller in the fleet does it under a lease, everybody else gets its result.
 * Within the process concurrent callers share one flight.
 */
@Injectable()
export class GrantRefresher implements OnApplicationShutdown {
  readonly #log = new Logger(GrantRefresher.name);
  readonly #flights = new Map<string, Promise<OpenConnection>>();

  constructor(
    @Inject(KeyValueStore) private readonly store: KeyValueStore,
    @Inject(ConnectionRepository) private readonly connections: ConnectionRepository,
    @Inject(RenewedGrants) private readonly renewed: RenewedGrants,
    @Inject(OutboundClient) private readonly outbound: OutboundClient,
  ) {}

  /** A refresh that nobody waits for any more has taken back the old token all the same: its result must be stored. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.#flights.values());
    await this.renewed.settled();
  }

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
      if (lease !== undefined) return this.#refreshHolding(lease, client, read);
      const current = await this.connections.reread(read);
      if (!hasSameToken(current, read)) return current;
      if (performance.now() > giveUpAt) throw busy(read);
      await wait(LOOK_AGAIN_MS);
    }
  }

  async #refreshHolding(lease: Lease, client: OAuthClient, read: OpenConnection): Promise<OpenConnection> {
    const saveUntil = performance.now() + SAVE_WITHIN_MS;
    try {
      return await this.#refreshUnlessDone(client, read, saveUntil);
    } finally {
      const unsaved = this.renewed.unsaved(read.connection.connectionId);
      if (unsaved === undefined) await this.#release(lease);
      else void unsaved.then(() => this.#release(lease));
    }
  }

  /** Whatever becomes of this changes nothing about the refresh: a lease ends by itself. */
  async #release(lease: Lease): Promise<void> {
    try {
      await this.store.releaseLease(lease);
    } catch (error) {
      const reason = error instanceof PatchbayError ? error.code : 'unexpected';
      this.#log.warn({ msg: 'a lease could not be released; it ends by itself', reason });
    }
  }

  /** Reads again first: whoever held the lease before may have done the work. */
  async #refreshUnlessDone(client: OAuthClient, read: OpenConnection, saveUntil: number): Promise<OpenConnection> {
    const current = await this.connections.reread(read);
    if (!hasSameToken(current, read)) return current;
    const { refreshToken } = current.grant.primary;
    if (refreshToken === undefined) return this.#end(current, 'the provider gave no refresh token');
    try {
      const grant = await this.#renewedGrant(client, current.grant);
      return await this.renewed.save(current, grant, saveUntil);
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

  async #afterFailure(read: OpenConnection, error: unknown): Promise<OpenConnection> {
    const current = await this.connections.reread(read);
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
    const message = 'The provider has withdrawn this grant. Connect the account again.';
    throw new PatchbayError('reauthorization_required', message, { connection_id, integration });
  }
}

function busy(read: OpenConnection): PatchbayError {
  const { integration } = read.connection;
  return new PatchbayError('provider_timeout', `Refreshing the access token for ${integration} takes too long.`, {
    integration,
  });
}
