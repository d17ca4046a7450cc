import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { digest } from '../crypto/digest.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import { LONGEST_ASKED_WAIT_MS } from '../outbound/retry-after.ts';
import { KeyValueStore } from '../storage/key-value-store.ts';
import { ConnectionRepository } from './connection-repository.ts';
import { hasSameToken, PRIMARY, tokenOf, type OpenConnection } from './connection.ts';
import { HeldLease } from './held-lease.ts';
import { LatestEntries } from './latest-entries.ts';
import { RefreshJournal } from './refresh-journal.ts';
import { backedOff, stillRefreshing } from './refresh-outcome.ts';
import { RenewedGrants } from './renewed-grants.ts';
import { StorePatience } from './store-patience.ts';
import { CALL_BUDGET_MS, TokenRenewal } from './token-renewal.ts';

/** Others may hold the lease for all of their calls, and die at the end of it. */
const WAIT_FOR_OTHERS_MS = 60_000;
const LOOK_AGAIN_MS = 100;
const REMEMBERED_ATTEMPTS = 10_000;

interface Flight {
  readonly names: readonly string[];
  readonly result: Promise<OpenConnection>;
}

/**
 * Renews a connection's tokens: one caller in the fleet does it under a lease, everybody else gets its result. Within the
 * process concurrent callers share one flight.
 */
@Injectable()
export class GrantRefresher implements OnApplicationShutdown {
  #isClosing = false;
  readonly #flights = new Map<string, Flight>();
  /** Our own last attempts by connection: they are over, though the store may not know. */
  readonly #over = new LatestEntries<string, number>(REMEMBERED_ATTEMPTS);

  constructor(
    @Inject(KeyValueStore) private readonly store: KeyValueStore,
    @Inject(ConnectionRepository) private readonly connections: ConnectionRepository,
    @Inject(RefreshJournal) private readonly journal: RefreshJournal,
    @Inject(TokenRenewal) private readonly renewal: TokenRenewal,
    @Inject(RenewedGrants) private readonly renewed: RenewedGrants,
  ) {}

  /** A refresh that nobody waits for any more has taken back the old token all the same: its result must be stored. */
  async onApplicationShutdown(): Promise<void> {
    this.waitNoLonger();
    // A flight may itself be waiting for a token of an earlier one to be stored.
    const flights = [...this.#flights.values()].map(({ result }) => result);
    await Promise.all([Promise.allSettled(flights), this.renewed.settled()]);
    await this.renewed.settled();
  }

  /** From now on nobody is waited for: what is under way here is finished, and what isn't begun is left to others. */
  waitNoLonger(): void {
    this.#isClosing = true;
  }

  isUnderWay(connectionId: string): boolean {
    return this.#flights.has(connectionId);
  }

  /**
   * @param names which of the grant's tokens; each is stored before the next is asked for
   * @throws PatchbayError `reauthorization_required` when the provider has withdrawn the grant (noted in the connection);
   * `provider_*` when the token endpoint gave no usable answer, now or a moment ago; `connection_not_found` when it was
   * deleted meanwhile; `storage_unavailable`
   */
  refresh(client: OAuthClient, read: OpenConnection, names: readonly string[] = [PRIMARY]): Promise<OpenConnection> {
    const id = read.connection.connectionId;
    const underway = this.#flights.get(id);
    if (underway !== undefined) return this.#join(underway, client, read, names);
    const result = this.#refreshUnderLease(client, read, names).finally(() => this.#flights.delete(id));
    this.#flights.set(id, { names, result });
    return result;
  }

  /** One that is for other tokens of the grant brings nothing to who needs this one: its turn comes after. */
  async #join(underway: Flight, client: OAuthClient, read: OpenConnection, names: readonly string[]) {
    if (names.every((name) => underway.names.includes(name))) return underway.result;
    await Promise.allSettled([underway.result]);
    return this.refresh(client, read, names);
  }

  async #refreshUnderLease(
    client: OAuthClient,
    read: OpenConnection,
    names: readonly string[],
  ): Promise<OpenConnection> {
    const { connectionId, integration } = read.connection;
    const giveUpAt = performance.now() + WAIT_FOR_OTHERS_MS;
    const patience = new StorePatience();
    refuseBackedOff(read);
    for (;;) {
      const lease = await patience.ask(() => HeldLease.take(this.store, digest('refresh', connectionId)));
      if (lease !== undefined) return this.#refreshHolding(lease, client, read, names);
      const current = await patience.ask(() => this.connections.reread(read));
      if (current !== undefined && names.every((name) => !hasSameToken(current, read, name))) return current;
      if (performance.now() > giveUpAt || this.#isClosing) throw stillRefreshing(integration, connectionId);
      await wait(LOOK_AGAIN_MS);
    }
  }

  async #refreshHolding(
    lease: HeldLease,
    client: OAuthClient,
    read: OpenConnection,
    names: readonly string[],
  ): Promise<OpenConnection> {
    const { connectionId } = read.connection;
    try {
      let current = await this.#afterEarlierAttempt(lease, read);
      for (const [position, name] of names.entries()) {
        if (this.#isClosing && position > 0) break;
        if (hasSameToken(current, read, name)) current = await this.#renew(client, current, name, lease);
      }
      return current;
    } finally {
      this.#over.set(connectionId, lease.fencingNumber);
      const unsaved = this.renewed.unsaved(connectionId);
      if (unsaved === undefined) await lease.release();
      else void unsaved.then(() => lease.release());
    }
  }

  async #renew(client: OAuthClient, current: OpenConnection, name: string, lease: HeldLease) {
    const held = tokenOf(current.grant, name);
    if (held === undefined) return current;
    if (held.refreshToken === undefined) return this.journal.end(current, 'no_refresh_token');
    try {
      refuseBackedOff(current);
      return await this.renewal.renew(client, current, name, lease);
    } catch (error) {
      // What a further token of the grant ran into (it is noted) is no reason to fail whoever uses the first.
      if (name === PRIMARY || !(error instanceof PatchbayError)) throw error;
      return this.connections.reread(current);
    }
  }

  /**
   * Reads again: whoever held the lease before may have done the work. A holder that lost the lease, dead or stalled, may
   * still have a call under way; a refresh token isn't presented beside it.
   */
  async #afterEarlierAttempt(lease: HeldLease, read: OpenConnection): Promise<OpenConnection> {
    const { connectionId, integration } = read.connection;
    const patience = new StorePatience();
    const giveUpAt = performance.now() + WAIT_FOR_OTHERS_MS;
    for (;;) {
      await this.renewed.unsaved(connectionId);
      const current = await patience.ask(() => this.connections.reread(read));
      if (current !== undefined && !this.#isUnderWay(current, lease)) return current;
      // Whoever serves then will wait for it. Only a store whose clock went far back makes it longer than a call takes.
      if (this.#isClosing || performance.now() > giveUpAt) throw stillRefreshing(integration, connectionId);
      await wait(LOOK_AGAIN_MS);
    }
  }

  /** Whether a call that was noted may not be over. */
  #isUnderWay({ connection }: OpenConnection, lease: HeldLease): boolean {
    const { attempt } = connection.refresh;
    if (attempt === null || attempt.over) return false;
    if (this.#over.get(connection.connectionId) === attempt.fencingNumber) return false;
    return lease.storeNow - attempt.begunAt <= CALL_BUDGET_MS;
  }
}

function refuseBackedOff({ connection }: OpenConnection): void {
  const { failure } = connection.refresh;
  const waitMs = (failure?.retryAt ?? 0) - Date.now();
  // Longer than any that is ever set: some replica's clock was wrong.
  if (failure !== null && waitMs > 0 && waitMs <= LONGEST_ASKED_WAIT_MS) {
    throw backedOff(failure.error, connection.integration, connection.connectionId, waitMs);
  }
}
