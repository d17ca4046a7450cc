import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import { refreshGrant } from '../oauth/refresh-token-grant.ts';
import { OutboundClient } from '../outbound/outbound-client.ts';
import { OutboundError } from '../outbound/outbound-error.ts';
import { ConnectionRepository } from './connection-repository.ts';
import { grantedToken, hasSameToken, tokenOf, type GrantedToken, type OpenConnection } from './connection.ts';
import { GrantRevoker } from './grant-revoker.ts';
import type { LeaseHolder } from './held-lease.ts';
import { RefreshJournal } from './refresh-journal.ts';
import { asksToWait, outcomeOf } from './refresh-outcome.ts';
import { RenewedGrants } from './renewed-grants.ts';

/** For all that one holder of the lease may ask of the token endpoint. Later, an attempt that was noted is surely over. */
export const CALL_BUDGET_MS = 20_000;
const ATTEMPT_TIMEOUT_MS = 18_000;
/** Less isn't worth presenting a refresh token for. */
const SHORTEST_ATTEMPT_MS = 2_000;
/** In one go; further ones are for whoever comes after the back-off. */
const MAX_PRESENTATIONS = 2;
const REREAD_FOR_MS = 3_000;
const REREAD_EVERY_MS = 200;

/** Presents one refresh token, and stores what comes of it. Its caller holds the connection's lease. */
@Injectable()
export class TokenRenewal {
  readonly #log = new Logger(TokenRenewal.name);

  constructor(
    @Inject(ConnectionRepository) private readonly connections: ConnectionRepository,
    @Inject(RefreshJournal) private readonly journal: RefreshJournal,
    @Inject(RenewedGrants) private readonly renewed: RenewedGrants,
    @Inject(GrantRevoker) private readonly revoker: GrantRevoker,
    @Inject(OutboundClient) private readonly outbound: OutboundClient,
  ) {}

  /**
   * @param name which of the grant's tokens
   * @throws PatchbayError `reauthorization_required` when the grant is dead (noted in the connection); `provider_*`
   * otherwise; `connection_not_found` when it was deleted meanwhile; `storage_unavailable`
   */
  async renew(client: OAuthClient, read: OpenConnection, name: string, holder: LeaseHolder): Promise<OpenConnection> {
    const until = performance.now() + CALL_BUDGET_MS;
    let current = read;
    for (;;) {
      current = await this.journal.begin(current, name, holder);
      if (!hasSameToken(current, read, name)) return current;
      const presented = await this.#present(client, current, name, until - performance.now());
      const outcome = 'token' in presented ? 'renewed' : outcomeOf(presented.error);
      if (outcome !== undefined) this.journal.events.tell({ integration: client.integration, outcome });
      if ('token' in presented) return this.#save(client, current, name, presented.token);
      const mayAsk = outcome === 'unknown' && !asksToWait(presented.error);
      const once = (current.connection.refresh.attempt?.presentations ?? MAX_PRESENTATIONS) < MAX_PRESENTATIONS;
      // RFC 6749 says nothing of answers that are lost: asking once more either works or tells.
      if (mayAsk && once && until - performance.now() > SHORTEST_ATTEMPT_MS) continue;
      return this.#afterFailure(client, current, name, presented.error);
    }
  }

  async #present(
    client: OAuthClient,
    { grant }: OpenConnection,
    name: string,
    leftMs: number,
  ): Promise<{ readonly token: GrantedToken } | { readonly error: unknown }> {
    // This process stood still since it was noted, and others may soon take the call for over.
    if (leftMs < SHORTEST_ATTEMPT_MS) return { error: notAsked(client.integration) };
    const held = tokenOf(grant, name);
    if (held?.refreshToken === undefined) return { error: new TypeError(`There is no refresh token ${name}.`) };
    const askedAt = Date.now();
    try {
      const timeoutMs = Math.min(ATTEMPT_TIMEOUT_MS, leftMs);
      const response = await refreshGrant(this.outbound, client, held.refreshToken, timeoutMs);
      return { token: grantedToken(response, askedAt, held) };
    } catch (error) {
      return { error };
    }
  }

  #save(client: OAuthClient, read: OpenConnection, name: string, token: GrantedToken): Promise<OpenConnection> {
    // When its owner disconnected while the provider renewed it, what it gave last is to go too.
    const revoke = () => this.revoker.revoke(client, { primary: token, additional: new Map() });
    return this.renewed.save(read, { name, token }, revoke);
  }

  async #afterFailure(
    client: OAuthClient,
    read: OpenConnection,
    name: string,
    error: unknown,
  ): Promise<OpenConnection> {
    const outcome = outcomeOf(error);
    if (outcome === undefined || !(error instanceof PatchbayError)) throw error;
    const current = await this.#reread(read, name, outcome === 'elsewhere' ? REREAD_FOR_MS : 0);
    if (!hasSameToken(current, read, name)) return current;
    if (outcome === 'dead') return this.journal.dead(current, name);
    const { connectionId: connection_id } = read.connection;
    const facts = { integration: client.integration, connection_id, reason: error.code };
    if (outcome === 'misconfigured') {
      this.#log.error({
        msg: 'the provider does not accept our client; grants are untouched, but nothing can be refreshed',
        ...facts,
      });
    } else {
      this.#log.warn({ msg: 'a refresh failed', outcome, ...facts });
    }
    await this.journal.failed(current, outcome, error);
    throw error;
  }

  async #reread(read: OpenConnection, name: string, forMs: number): Promise<OpenConnection> {
    const until = performance.now() + forMs;
    for (;;) {
      const current = await this.connections.reread(read);
      if (!hasSameToken(current, read, name) || performance.now() >= until) return current;
      await wait(REREAD_EVERY_MS);
    }
  }
}

function notAsked(integration: string): OutboundError {
  const message = `${integration} was not asked for a fresh token: there was no time left for its answer. Ask again.`;
  return new OutboundError('provider_unavailable', message, 'not-sent', { integration, retry_after: 1 });
}
