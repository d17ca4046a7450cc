import { Inject, Injectable } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { digest } from '../crypto/digest.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { OAuthClient } from '../oauth/oauth-client.ts';
import { ConnectionRepository } from './connection-repository.ts';
import { ConnectionUses } from './connection-uses.ts';
import { hasSameToken, type Connection, type GrantedToken, type OpenConnection } from './connection.ts';
import { GrantRefresher } from './grant-refresher.ts';
import { LatestEntries } from './latest-entries.ts';
import type { Owner } from './owner.ts';
import { reauthorizationRequired, stillRefreshing } from './refresh-outcome.ts';
import { dueTokens, isExpired, isGoodFor, isWithinRefreshMargin } from './refresh-schedule.ts';

/** What is left of a token that is handed out, at least, wherever a fresh one could be had. */
export const VALID_FOR_MS = 60_000;
/** For a refresh that isn't needed yet, and for one that is: a request isn't held longer. */
export const PATIENCE_MS = { notNeededYet: 2_000, needed: 22_000 } as const;
/** A token that is refused although it is this young is refused for another reason than its age. */
const YOUNG_MS = 60_000;
/** As the connection itself tells it, whichever replica refreshed: so often, at most, refusals have one connection refreshed. */
const JUST_REFRESHED_MS = 10_000;
const REMEMBERED_REFUSALS = 1_000;

/** Which connection is meant. Without an id, the latest authorised. */
export interface ConnectionChoice {
  readonly owner: Owner;
  readonly connectionId?: string;
}

export interface UseOptions {
  /** Fail rather than hand out a token that could not be renewed and ends within a minute. */
  readonly mustLast?: boolean;
}

/** Hands out connections whose access token is valid now. */
@Injectable()
export class AccessTokens {
  protected readonly patienceMs: Readonly<Record<keyof typeof PATIENCE_MS, number>> = PATIENCE_MS;
  /** Digests of fresh tokens that the provider's API refused all the same, and when. */
  readonly #refusedFresh = new LatestEntries<string, number>(REMEMBERED_REFUSALS);

  constructor(
    @Inject(ConnectionRepository) private readonly connections: ConnectionRepository,
    @Inject(GrantRefresher) private readonly refresher: GrantRefresher,
    @Inject(ConnectionUses) private readonly uses: ConnectionUses,
  ) {}

  /**
   * @throws PatchbayError `connection_not_found`, `reauthorization_required`, or what a refresh that was needed ran into
   */
  async use(client: OAuthClient, choice: ConnectionChoice, options: UseOptions = {}): Promise<OpenConnection> {
    const found = await this.connections.find(choice.owner, client.integration, choice.connectionId);
    if (found === undefined) throw connectionNotFound(client.integration);
    refuseEnded(found.connection);
    refuseForeign(client, found.connection);
    const now = Date.now();
    const due = isExpiredForGood(found.grant.primary, now) ? undefined : dueTokens(found.grant, now);
    const fresh = due?.length === 0 ? found : await this.#refreshed(client, found, due, options);
    if (options.mustLast === true) refuseEnding(fresh);
    return this.uses.note(fresh, now);
  }

  /** After the provider's API refused a token that should have been good: once refreshed, or what somebody else has refreshed since. */
  async replaceRejected(client: OAuthClient, rejected: OpenConnection): Promise<OpenConnection> {
    const { connectionId } = rejected.connection;
    const current = await this.connections.find(rejected.connection, client.integration, connectionId);
    if (current === undefined) throw connectionNotFound(client.integration);
    refuseEnded(current.connection);
    if (!hasSameToken(current, rejected)) return current;
    if (this.#wasRefusedFresh(current) || isJustRefreshed(current))
      throw refusedFresh(client.integration, connectionId);
    return this.#inTime(this.refresher.refresh(client, current), current);
  }

  /** Notes that a token was refused right after a refresh: another refresh would not help. */
  noteRefusedFresh(refused: OpenConnection): void {
    this.#refusedFresh.set(digestOf(refused), Date.now());
  }

  #wasRefusedFresh(current: OpenConnection): boolean {
    const at = this.#refusedFresh.get(digestOf(current));
    return at !== undefined && Date.now() - at < YOUNG_MS;
  }

  /** While the old token lives, a provider that can't refresh right now is no reason to fail, nor to wait for long. */
  async #refreshed(
    client: OAuthClient,
    found: OpenConnection,
    due: readonly string[] | undefined,
    { mustLast = false }: UseOptions,
  ): Promise<OpenConnection> {
    const { primary } = found.grant;
    const lasts = isGoodFor(primary, VALID_FOR_MS, Date.now());
    if (lasts && this.refresher.isUnderWay(found.connection.connectionId)) return found;
    const flight = this.refresher.refresh(client, found, due);
    try {
      return await this.#inTime(flight, found, lasts);
    } catch (error) {
      if (isGone(error) || isExpired(primary, Date.now()) || (mustLast && !lasts)) throw error;
      return found;
    }
  }

  /** The flight goes on, whoever ceases to wait for it. */
  async #inTime(flight: Promise<OpenConnection>, old: OpenConnection, oldLasts = false): Promise<OpenConnection> {
    const patience = new AbortController();
    const { integration, connectionId } = old.connection;
    const impatient = wait(oldLasts ? this.patienceMs.notNeededYet : this.patienceMs.needed, undefined, {
      signal: patience.signal,
    }).then(() => {
      if (oldLasts) return old;
      throw stillRefreshing(integration, connectionId);
    });
    impatient.catch(ignoreUnheard);
    flight.catch(ignoreUnheard);
    try {
      return await Promise.race([flight, impatient]);
    } finally {
      patience.abort();
    }
  }
}

/** Disconnected meanwhile, or withdrawn by the provider: then the old token is no answer either, though it may still live. */
function isGone(error: unknown): boolean {
  if (!(error instanceof PatchbayError)) return false;
  return error.code === 'reauthorization_required' || error.code === 'connection_not_found';
}

function ignoreUnheard(): void {
  // Whoever still waited for it has heard it.
}

function isExpiredForGood(token: GrantedToken, now: number): boolean {
  return token.refreshToken === undefined && isExpired(token, now);
}

function isJustRefreshed({ connection, grant }: OpenConnection): boolean {
  const ageMs = Date.now() - grant.primary.obtainedAt;
  return connection.refresh.lastAt !== null && ageMs >= 0 && ageMs < JUST_REFRESHED_MS;
}

function digestOf({ grant }: OpenConnection): string {
  return digest('access-token', grant.primary.accessToken.reveal());
}

export function connectionNotFound(integration: string): PatchbayError {
  return new PatchbayError('connection_not_found', 'No such connection. Connect the account first.', { integration });
}

function refusedFresh(integration: string, connectionId: string): PatchbayError {
  const message = `${integration} refuses access tokens that it has just handed out.`;
  return new PatchbayError('provider_error', message, { integration, connection_id: connectionId });
}

/** One that lives no longer than that from the start is as good as it gets, as long as it isn't due. */
function refuseEnding({ connection, grant }: OpenConnection): void {
  const { primary } = grant;
  const now = Date.now();
  if (isGoodFor(primary, VALID_FOR_MS, now) || !isWithinRefreshMargin(primary, now)) return;
  throw reauthorizationRequired(connection.integration, connection.connectionId);
}

function refuseEnded({ status, integration, connectionId }: Connection): void {
  if (status !== 'active') throw reauthorizationRequired(integration, connectionId);
}

/** A grant given to another client, of the sandbox or of an app that was replaced: its tokens are not this provider's to see. */
function refuseForeign(client: OAuthClient, connection: Connection): void {
  if (connection.clientId === client.clientId) return;
  const { connectionId: connection_id, integration } = connection;
  const message = 'This account was connected with another OAuth client than the one configured now. Connect it again.';
  throw new PatchbayError('reauthorization_required', message, { connection_id, integration });
}
