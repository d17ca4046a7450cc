import { Inject, Injectable, Logger } from '@nestjs/common';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import { KeyValueStore } from '../storage/key-value-store.ts';
import { isStorageUnavailable } from '../storage/storage-unavailable.ts';
import { ConnectionRepository } from './connection-repository.ts';
import { placeOf, refreshIndexOf } from './connection-schedule.ts';
import { ConnectionUses } from './connection-uses.ts';
import type { OpenConnection } from './connection.ts';
import type { DueWork } from './due-worker.ts';
import { GrantRefresher } from './grant-refresher.ts';
import { outcomeOf } from './refresh-outcome.ts';
import { RefreshPace } from './refresh-pace.ts';
import { leftAloneUntil, nextRefreshAt, tokensToRenewAhead } from './refresh-schedule.ts';

const DAY_MS = 86_400_000;
/** For a connection whose record doesn't say when it is due again. */
const LATER_MS = { unchanged: 5 * 60_000, unreadable: DAY_MS, anotherClients: DAY_MS } as const;
/**
 * A refresh is mostly waiting for the provider: of one that takes a second, 24 a second are renewed. Each integration has
 * its own, so that a slow one holds up no other, and users' calls have sockets left.
 */
const SIZES = { atOnce: 24, hiddenMs: 120_000, restMs: 1_000 } as const;

/** Renews tokens before somebody has to wait for it. Each due connection is taken by one replica. */
@Injectable()
export class RefreshAhead {
  readonly #log = new Logger(RefreshAhead.name);

  constructor(
    @Inject(KeyValueStore) private readonly store: KeyValueStore,
    @Inject(ConnectionRepository) private readonly connections: ConnectionRepository,
    @Inject(GrantRefresher) private readonly refresher: GrantRefresher,
    @Inject(ConnectionUses) private readonly uses: ConnectionUses,
  ) {}

  /** What there is to do for the integration of this client. */
  workFor(client: OAuthClient): DueWork {
    const index = refreshIndexOf(client.integration);
    const pace = new RefreshPace(this.store, client);
    return { ...SIZES, index, waitMs: () => pace.waitMs(), work: (member) => this.renew(client, member, pace) };
  }

  /** For a shutdown: work that waits for what others refresh is given up. */
  waitNoLonger(): void {
    this.refresher.waitNoLonger();
  }

  /** @param member of the integration's refresh index */
  async renew(client: OAuthClient, member: string, pace: RefreshPace): Promise<void> {
    const open = await this.#find(member);
    if (open === 'unreadable') return this.#later(client, member, LATER_MS.unreadable);
    const now = Date.now();
    const at = open === undefined ? null : this.#notBefore(open, now);
    if (open === undefined || at === null) await this.#takeOut(client, member);
    else if (at > now) await this.store.schedule(refreshIndexOf(client.integration), member, at);
    // Whom the grant was not given to must not see its tokens. The other client may be configured again some day.
    else if (open.connection.clientId !== client.clientId) await this.#later(client, member, LATER_MS.anotherClients);
    else await this.#renew(client, open, member, pace);
  }

  /** @returns undefined when it is gone; `unreadable` may be for a while, until its key is back in the ring */
  async #find(member: string): Promise<OpenConnection | 'unreadable' | undefined> {
    const place = placeOf(member);
    if (place === undefined) return undefined;
    try {
      return await this.connections.findAt(place);
    } catch (error) {
      if (isStorageUnavailable(error)) throw error;
      this.#log.warn({ msg: 'a connection that is due can’t be opened', connection_id: place.connectionId });
      return 'unreadable';
    }
  }

  /** When the connection is to be renewed at the earliest; null: never. */
  #notBefore({ connection, grant }: OpenConnection, now: number): number | null {
    const { refresh } = connection;
    const dueAt = tokensToRenewAhead(grant, now).length > 0 ? now : nextRefreshAt(grant);
    if (dueAt === null || connection.status !== 'active') return null;
    const failedUntil = refresh.failure === null ? 0 : (refresh.nextAt ?? 0);
    return Math.max(dueAt, failedUntil, leftAloneUntil(this.uses.known(connection), now));
  }

  async #renew(client: OAuthClient, open: OpenConnection, member: string, pace: RefreshPace): Promise<void> {
    try {
      // What came of it says when it is due next, and is entered into the index with it.
      await this.refresher.refresh(client, open, tokensToRenewAhead(open.grant, Date.now()));
      pace.succeeded();
    } catch (error) {
      if (!(error instanceof PatchbayError) || isStorageUnavailable(error)) throw error;
      noteFailure(pace, error);
      await this.#afterFailure(client, member);
    }
  }

  /** A failure that is noted in the connection has its time there; one that isn't (our client was refused) has none. */
  async #afterFailure(client: OAuthClient, member: string): Promise<void> {
    const current = await this.#find(member);
    if (current === undefined || current === 'unreadable') return;
    if (current.connection.status !== 'active') return this.#takeOut(client, member);
    const { nextAt } = current.connection.refresh;
    if (nextAt === null || nextAt <= Date.now()) await this.#later(client, member, LATER_MS.unchanged);
  }

  /** Looks again afterwards: its owner may have consented anew in between, and entered it. */
  async #takeOut({ integration }: OAuthClient, member: string): Promise<void> {
    await this.store.unschedule(refreshIndexOf(integration), member);
    const current = await this.#find(member);
    const at = current === undefined || current === 'unreadable' ? null : this.#notBefore(current, Date.now());
    if (at !== null) await this.store.schedule(refreshIndexOf(integration), member, at);
  }

  async #later({ integration }: OAuthClient, member: string, ms: number): Promise<void> {
    const at = Math.round(Date.now() + ms * (1 + Math.random() / 4));
    await this.store.schedule(refreshIndexOf(integration), member, at);
  }
}

function noteFailure(pace: RefreshPace, error: PatchbayError): void {
  const { code, details } = error;
  // A provider that says that a grant is dead is well.
  if (code === 'reauthorization_required') pace.succeeded();
  else if (code === 'provider_rate_limited') pace.failed((details.retry_after ?? 0) * 1000);
  else if (outcomeOf(error) !== undefined && outcomeOf(error) !== 'elsewhere') pace.failed();
}
