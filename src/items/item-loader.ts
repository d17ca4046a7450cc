import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ConnectionLifecycle } from '../connections/connection-lifecycle.ts';
import type { Connection } from '../connections/connection.ts';
import type { Owner } from '../connections/owner.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { LoadedItem } from './integration-item.ts';
import type { ItemChanges, ItemSource } from './item-source.ts';
import type { SourceOf } from './item-stream.ts';
import type { KeptPage } from './kept-page.ts';
import { LastLoads } from './last-loads.ts';
import { LoadCursors } from './load-cursor.ts';
import { isDone, loadPage, type PageRequest } from './load-page.ts';
import { nextLoadAfter, startOf, type LoadFailure, type LoadPosition, type LoadQuery } from './load-position.ts';
import type { NdjsonSink } from './ndjson-sink.ts';
import { grantGone, OpenStreams, type OpenStream } from './open-streams.ts';
import { isOutage } from './outage.ts';
import { StreamedLoad, type TypeChanges } from './streamed-load.ts';

/** A page as the wire has it. */
export interface ItemPage {
  readonly items: readonly LoadedItem[];
  readonly next_cursor: string | null;
  /** At the end of a load: where the next one begins, with what has changed since. */
  readonly checkpoint: string | null;
  /** False when something that was asked for could not be had. */
  readonly complete: boolean;
  /** True when the provider couldn't be reached and an earlier load is shown. */
  readonly stale: boolean;
  readonly as_of: string;
  readonly failures: readonly LoadFailure[];
  /** Where only what changed was asked for: what of it can be seen. */
  readonly changes: readonly TypeChanges[];
}

/** What there is to answer a load with. */
export interface LoadAnswer {
  readonly page: ItemPage;
  /** When to ask again for a fresh page in a stale one's place, if the provider said so or its circuit does. */
  readonly retryAfterSeconds?: number;
}

/** Where a load begins that doesn't begin at the start. */
export interface LoadStart {
  readonly cursor?: string;
  readonly checkpoint?: string;
}

export interface LoadChoice extends LoadStart {
  readonly integration: string;
  readonly owner: Owner;
  /** Absent: the latest authorised one. */
  readonly connectionId?: string;
}

export type ChangesOf = (itemType: string) => ItemChanges;

/** One connection's load. */
export interface Load {
  readonly connection: Connection;
  readonly changesOf: ChangesOf;
  readonly start: LoadStart;
}

/** How soon a stream ends whose connection was ended by another replica. */
const CHECK_EVERY_MS = 30_000;

@Injectable()
export class ItemLoader implements OnModuleInit {
  readonly #log = new Logger(ItemLoader.name);

  constructor(
    @Inject(LoadCursors) private readonly cursors: LoadCursors,
    @Inject(LastLoads) private readonly lastLoads: LastLoads,
    @Inject(ConnectionLifecycle) private readonly connections: ConnectionLifecycle,
    @Inject(OpenStreams) private readonly streams: OpenStreams,
  ) {}

  onModuleInit(): void {
    this.connections.onGrantGone((connectionId, isWithdrawn) => {
      this.streams.endThoseOf(connectionId, grantGone(isWithdrawn));
      return Promise.resolve();
    });
  }

  /** @throws PatchbayError `cursor_invalid`, or what kept every item type from loading */
  async page(source: ItemSource, load: Load, request: PageRequest): Promise<LoadAnswer> {
    const { connection, changesOf } = load;
    const from = this.#position(connection, request, load.start);
    const { items, end } = await loadPage(source, request, from);
    const next = isDone(end) ? undefined : { ...end, page: end.page + 1 };
    const as_of = new Date().toISOString();
    const page: KeptPage = { items, ...(next === undefined ? {} : { next }), failures: end.failures, as_of };
    this.lastLoads.keep({ connection, request, from }, page);
    const shown = this.#shown(connection, request, page, false);
    const checkpoint = next === undefined ? this.#lastCheckpoint(load, request, end) : null;
    return { page: { ...shown, checkpoint, changes: changesIn(request.itemTypes, from, changesOf) } };
  }

  /**
   * The same page as it was loaded last, when the provider can't be reached.
   * @throws the failure itself when it is no outage, the grant doesn't stand, or the page isn't kept
   */
  async earlierPage(failure: unknown, choice: LoadChoice, request: PageRequest): Promise<LoadAnswer> {
    if (!isOutage(failure) || request.signal?.aborted === true) throw failure;
    const page = await this.#kept(choice, request).catch((error: unknown) => {
      // What has failed in the first place says more than what failed on the way to help.
      throw error instanceof PatchbayError ? failure : error;
    });
    if (page === undefined) throw failure;
    const { integration, connectionId: connection_id } = choice;
    this.#log.warn({
      msg: 'an earlier load is shown',
      integration,
      connection_id,
      reason: failure.code,
      as_of: page.as_of,
    });
    const { retry_after } = failure.details;
    return { page, ...(retry_after === undefined ? {} : { retryAfterSeconds: retry_after }) };
  }

  /**
   * Writes everything that was asked for as lines.
   * @throws PatchbayError before the first line: as `page`, or `service_unavailable` when there are too many streams
   */
  async stream(
    sourceOf: SourceOf,
    load: Load,
    query: LoadQuery & { readonly signal?: AbortSignal },
    sink: NdjsonSink,
  ): Promise<void> {
    const { connection, changesOf, start } = load;
    const { connectionId, integration } = connection;
    const from = this.#position(connection, query, start);
    const stream = this.streams.open(connectionId, query.signal);
    const { signal } = stream;
    const plan = {
      sourceOf,
      query: { ...query, signal },
      from,
      integration,
      connectionId,
      onItems: (count: number) => this.streams.count(integration, count),
      checkpoint: (position: LoadPosition) => this.cursors.write(connection, query, 'checkpoint', position),
      lastCheckpoint: (position: LoadPosition) => this.#lastCheckpoint(load, query, position),
      changes: changesIn(query.itemTypes, from, changesOf),
    };
    const check = setInterval(() => void this.#endUnlessStanding(connection, stream), CHECK_EVERY_MS);
    try {
      await new StreamedLoad(plan, sink).run();
    } finally {
      clearInterval(check);
      stream.close();
    }
  }

  /** Another replica may have ended the connection; this one is told of those it ends itself. */
  async #endUnlessStanding(connection: Connection, stream: OpenStream): Promise<void> {
    try {
      if (await this.connections.isStanding(connection)) return;
      const { connectionId, integration } = connection;
      const others = await this.connections.list(connection, integration);
      const current = others.find((one) => one.connectionId === connectionId);
      stream.end(grantGone(current?.status === 'reauthorization_required'));
    } catch {
      // While the store is away nobody knows, and the next check comes.
    }
  }

  async #kept(choice: LoadChoice, request: PageRequest): Promise<ItemPage | undefined> {
    const { owner, integration, connectionId } = choice;
    // Read again: while the provider was asked, the grant may have ended.
    const connections = await this.connections.list(owner, integration);
    const connection = connections.find((one) => connectionId === undefined || one.connectionId === connectionId);
    if (connection?.status !== 'active') return undefined;
    const from = this.#position(connection, request, choice);
    const kept = await this.lastLoads.find({ connection, request, from });
    return kept && this.#shown(connection, request, kept, true);
  }

  #position(connection: Connection, query: LoadQuery, { cursor, checkpoint }: LoadStart): LoadPosition {
    if (cursor !== undefined) return this.cursors.read(connection, query, 'cursor', cursor);
    if (checkpoint !== undefined) return this.cursors.read(connection, query, 'checkpoint', checkpoint);
    return startOf(query);
  }

  /** A load that isn't done goes on where it stands; after one that is, the next brings what has changed. */
  #lastCheckpoint({ connection, changesOf }: Load, query: LoadQuery, end: LoadPosition): string {
    const next = nextLoadAfter(end, query, changesOf);
    return this.cursors.write(connection, query, 'checkpoint', next);
  }

  #shown(connection: Connection, request: PageRequest, page: KeptPage, stale: boolean): ItemPage {
    const { integration, connectionId: connection_id } = connection;
    return {
      items: page.items.map((item) => ({ ...item, integration, connection_id })),
      next_cursor: page.next === undefined ? null : this.cursors.write(connection, request, 'cursor', page.next),
      checkpoint: null,
      complete: page.failures.length === 0,
      stale,
      as_of: page.as_of,
      failures: page.failures,
      changes: [],
    };
  }
}

/** Of the types of which only what changed is asked for. */
function changesIn(itemTypes: readonly string[], { types }: LoadPosition, changesOf: ChangesOf): TypeChanges[] {
  const asked = itemTypes.filter((_, index) => types[index]?.since !== undefined);
  return asked.map((item_type) => {
    const { foundBy, showsDeletions } = changesOf(item_type);
    return { item_type, found_by: foundBy, deletions: showsDeletions };
  });
}
