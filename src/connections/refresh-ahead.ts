import { Inject, Injectable, Logger } from '@nestjs/common';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import { KeyValueStore } from '../storage/key-value-store.ts';
import { ConnectionRepository } from './connection-repository.ts';
import { placeOf, REFRESH_INDEX } from './connection-schedule.ts';
import { ConnectionUses } from './connection-uses.ts';
import type { Connection, OpenConnection } from './connection.ts';
import { GrantAuthorities } from './grant-authorities.ts';
import { GrantRefresher } from './grant-refresher.ts';
import { nextRefreshAt, tokensToRenewAhead } from './refresh-schedule.ts';

const DAY_MS = 86_400_000;
/** A connection that was used within it is kept ready for use. */
const READY_FOR_MS = 7 * DAY_MS;
/** One that wasn't is renewed just often enough for its refresh token to live: the shortest known life is 30 days. */
const KEEP_ALIVE_EVERY_MS = 14 * DAY_MS;
/** Refreshes of one integration a second, of all replicas together: users who wait for one come first. */
const PER_SECOND = 50;
const LATER_MS = { throttled: 1_000, unknown: 5 * 60_000, notConfigured: DAY_MS } as const;

/** Renews tokens before somebody has to wait for it. Each due connection is taken by one replica. */
@Injectable()
export class RefreshAhead {
  readonly #log = new Logger(RefreshAhead.name);

  constructor(
    @Inject(KeyValueStore) private readonly store: KeyValueStore,
    @Inject(ConnectionRepository) private readonly connections: ConnectionRepository,
    @Inject(GrantAuthorities) private readonly authorities: GrantAuthorities,
    @Inject(GrantRefresher) private readonly refresher: GrantRefresher,
    @Inject(ConnectionUses) private readonly uses: ConnectionUses,
  ) {}

  /** @param member of the refresh index */
  async renew(member: string): Promise<void> {
    const open = await this.#open(member);
    if (open === undefined) {
      await this.store.unschedule(REFRESH_INDEX, member);
      return;
    }
    const now = Date.now();
    const at = this.#notBefore(open, now);
    const client = this.authorities.find(open.connection.integration)?.client();
    if (at === null) await this.store.unschedule(REFRESH_INDEX, member);
    else if (at > now) await this.store.schedule(REFRESH_INDEX, member, at);
    else if (client?.clientId !== open.connection.clientId) await this.#later(member, LATER_MS.notConfigured);
    else if (await this.#isPaced(client)) await this.#later(member, LATER_MS.throttled);
    else await this.#renew(client, open, member);
  }

  /** @returns undefined for what is gone, ended, or can't be read: connecting anew is what schedules it again */
  async #open(member: string): Promise<OpenConnection | undefined> {
    const place = placeOf(member);
    if (place === undefined) return undefined;
    try {
      const open = await this.connections.findAt(place);
      return open?.connection.status === 'active' ? open : undefined;
    } catch (error) {
      if (error instanceof PatchbayError && error.code === 'storage_unavailable') throw error;
      this.#log.warn({ msg: 'a connection that is due can’t be opened', connection_id: place.connectionId });
      return undefined;
    }
  }

  /** When the connection is to be renewed at the earliest; null: never. */
  #notBefore({ connection, grant }: OpenConnection, now: number): number | null {
    const { refresh } = connection;
    const dueAt = tokensToRenewAhead(grant, now).length > 0 ? now : nextRefreshAt(grant);
    if (dueAt === null) return null;
    const failedUntil = refresh.failure === null ? 0 : (refresh.nextAt ?? 0);
    const unusedUntil = this.#isReady(connection, now)
      ? 0
      : (refresh.lastAt ?? connection.authorizedAt) + KEEP_ALIVE_EVERY_MS;
    return Math.max(dueAt, failedUntil, unusedUntil);
  }

  #isReady(connection: Connection, now: number): boolean {
    const { lastUsedAt, authorizedAt } = this.uses.known(connection);
    return now - Math.max(lastUsedAt ?? 0, authorizedAt) < READY_FOR_MS;
  }

  async #isPaced({ integration }: OAuthClient): Promise<boolean> {
    return !(await this.store.hitSlidingWindow(`refresh-ahead/${integration}`, PER_SECOND, 1000)).allowed;
  }

  async #renew(client: OAuthClient, open: OpenConnection, member: string): Promise<void> {
    try {
      // What came of it says when it is due next, and is entered into the index with it.
      await this.refresher.refresh(client, open, tokensToRenewAhead(open.grant, Date.now()));
    } catch (error) {
      if (!(error instanceof PatchbayError)) throw error;
      const current = await this.#open(member);
      const nextAt = current?.connection.refresh.nextAt ?? null;
      if (current !== undefined && (nextAt === null || nextAt <= Date.now()))
        await this.#later(member, LATER_MS.unknown);
    }
  }

  async #later(member: string, ms: number): Promise<void> {
    await this.store.schedule(REFRESH_INDEX, member, Math.round(Date.now() + ms * (1 + Math.random() / 4)));
  }
}
