import { Inject, Injectable, Logger } from '@nestjs/common';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { ConnectionRepository } from './connection-repository.ts';
import { hasSameToken, PRIMARY, withoutToken, type Connection, type Grant, type OpenConnection } from './connection.ts';
import type { LeaseHolder } from './held-lease.ts';
import { RefreshEvents } from './refresh-events.ts';
import { reauthorizationRequired, stillRefreshing, type RefreshOutcome } from './refresh-outcome.ts';
import { afterFailure, type EndReason, type RefreshAttempt } from './refresh-state.ts';

const MAX_WRITES = 10;

type Change = (read: OpenConnection) => { readonly connection: Connection; readonly grant?: Grant } | undefined;

/** What the connection's record says about the refresh that is under way, or how the last one ended. */
@Injectable()
export class RefreshJournal {
  /** Every presentation of a refresh token, once its outcome is known. */
  readonly events = new RefreshEvents();
  readonly #log = new Logger(RefreshJournal.name);

  constructor(@Inject(ConnectionRepository) private readonly connections: ConnectionRepository) {}

  /**
   * Notes that a refresh token is about to be presented.
   * @returns the connection with the entry; or, when the token has been renewed meanwhile, as it stands
   * @throws PatchbayError `provider_unavailable` when another holder of the lease has begun meanwhile
   */
  async begin(read: OpenConnection, name: string, holder: LeaseHolder): Promise<OpenConnection> {
    const { fencingNumber } = holder;
    const known = read.connection.refresh.attempt;
    return this.#write(read, name, ({ connection }) => {
      const { connectionId, integration, refresh } = connection;
      const earlier = refresh.attempt;
      if (connection.status !== 'active') throw reauthorizationRequired(integration, connectionId);
      if (earlier !== null && (earlier.fencingNumber > fencingNumber || isAnothersCall(earlier, known))) {
        throw stillRefreshing(integration, connectionId);
      }
      const presentations = earlier?.token === name ? earlier.presentations + 1 : 1;
      const attempt = { token: name, fencingNumber, begunAt: holder.storeNow, presentations, over: false };
      return { connection: { ...connection, refresh: { ...refresh, attempt } } };
    });
  }

  /** Notes that the grant goes on although it wasn't renewed. Our misconfiguration is no fault of the connection's. */
  async failed(
    read: OpenConnection,
    outcome: Exclude<RefreshOutcome, 'dead'>,
    { code, details }: PatchbayError,
  ): Promise<void> {
    const noted = await this.#writeIfPossible(read, ({ connection }) => {
      const { refresh } = connection;
      const attempt = remaining(refresh.attempt, outcome);
      if (outcome === 'misconfigured') return { connection: { ...connection, refresh: { ...refresh, attempt } } };
      const state = afterFailure(refresh, code, Date.now(), (details.retry_after ?? 0) * 1000);
      return { connection: { ...connection, refresh: { ...state, attempt } } };
    });
    if (noted !== undefined) await this.#scheduleIfPossible(noted.connection);
  }

  /**
   * Notes that the provider won't renew a token any more. For the grant's first it is the end of the connection; a further
   * one is dropped.
   * @throws PatchbayError `reauthorization_required`
   */
  async dead(read: OpenConnection, name: string): Promise<OpenConnection> {
    const { connectionId: connection_id, integration, refresh } = read.connection;
    if (name !== PRIMARY) {
      this.#log.warn({
        msg: 'a further token of a grant is dead, and dropped',
        integration,
        connection_id,
        token: name,
      });
      return this.#write(read, name, ({ connection, grant }) => ({
        connection: { ...connection, refresh: { ...connection.refresh, attempt: null } },
        grant: withoutToken(grant, name),
      }));
    }
    const presented = refresh.attempt?.presentations ?? 1;
    return this.end(read, presented > 1 ? 'refresh_answer_lost' : 'grant_revoked');
  }

  /** @throws PatchbayError `reauthorization_required`; returns only what somebody has renewed meanwhile */
  async end(read: OpenConnection, reason: EndReason): Promise<OpenConnection> {
    const { connectionId, integration } = read.connection;
    const now = Date.now();
    const ended = await this.#write(read, PRIMARY, ({ connection }) => ({
      connection: {
        ...connection,
        status: 'reauthorization_required',
        reason,
        endedAt: now,
        updatedAt: now,
        refresh: { ...connection.refresh, nextAt: null, failure: null, attempt: null },
      },
    }));
    if (!hasSameToken(ended, read)) return ended;
    this.#log.warn({ msg: 'the grant is dead', integration, connection_id: connectionId, reason });
    // It is taken out of what is due when its time comes: to do so now might undo what a consent just entered.
    throw reauthorizationRequired(integration, connectionId);
  }

  /** Builds upon what others write meanwhile, unless that is a new token. */
  async #write(read: OpenConnection, name: string, change: Change): Promise<OpenConnection> {
    let current = read;
    for (let attempt = 0; attempt < MAX_WRITES; attempt += 1) {
      const changed = change(current);
      if (changed === undefined) return current;
      const written = await this.connections.replace(current, changed.connection, changed.grant ?? current.grant);
      if (written !== undefined) return written;
      current = await this.connections.reread(read);
      if (!hasSameToken(current, read, name)) return current;
    }
    throw new PatchbayError('storage_unavailable', 'Too much is written to this connection.', { retry_after: 1 });
  }

  /** What can't be noted is not worth failing for: the error that is at hand says more. */
  async #writeIfPossible(read: OpenConnection, change: Change): Promise<OpenConnection | undefined> {
    try {
      return await this.#write(read, read.connection.refresh.attempt?.token ?? PRIMARY, change);
    } catch (error) {
      if (!(error instanceof PatchbayError)) throw error;
      this.#log.warn({ msg: 'the end of a refresh could not be noted', reason: error.code });
      return undefined;
    }
  }

  async #scheduleIfPossible(connection: Connection): Promise<void> {
    try {
      await this.connections.scheduleRefresh(connection);
    } catch (error) {
      if (!(error instanceof PatchbayError)) throw error;
      this.#log.warn({ msg: 'the next refresh could not be scheduled', reason: error.code });
    }
  }
}

/** One that wasn't there when it was read has not been waited for. */
function isAnothersCall(found: RefreshAttempt, known: RefreshAttempt | null): boolean {
  return !found.over && (found.fencingNumber !== known?.fencingNumber || found.begunAt !== known.begunAt);
}

/** The entry after a call that ended: gone, unless some presentation of the token has no known outcome. */
function remaining(attempt: RefreshAttempt | null, outcome: RefreshOutcome): RefreshAttempt | null {
  if (attempt === null) return null;
  // One that was used a moment ago, and not by anybody who stored what came of it, has an answer that is lost.
  const known = outcome === 'unknown' || outcome === 'elsewhere' ? 0 : 1;
  const presentations = attempt.presentations - known;
  return presentations === 0 ? null : { ...attempt, presentations, over: true };
}
