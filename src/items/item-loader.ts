import { Inject, Injectable, Logger } from '@nestjs/common';
import { ConnectionLifecycle } from '../connections/connection-lifecycle.ts';
import type { Connection } from '../connections/connection.ts';
import type { Owner } from '../connections/owner.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { LoadedItem } from './integration-item.ts';
import type { ItemSource } from './item-source.ts';
import type { KeptPage } from './kept-page.ts';
import { LastLoads } from './last-loads.ts';
import { LoadCursors, type LoadFailure, type LoadPosition } from './load-cursor.ts';
import { loadPage, type PageRequest } from './load-page.ts';
import { isOutage } from './outage.ts';

/** A page as the wire has it. */
export interface ItemPage {
  readonly items: readonly LoadedItem[];
  readonly next_cursor: string | null;
  /** False when something that was asked for could not be had. */
  readonly complete: boolean;
  /** True when the provider couldn't be reached and an earlier load is shown. */
  readonly stale: boolean;
  readonly as_of: string;
  readonly failures: readonly LoadFailure[];
}

/** What there is to answer a load with. */
export interface LoadAnswer {
  readonly page: ItemPage;
  /** When to ask again for a fresh page in a stale one's place, if the provider said so or its circuit does. */
  readonly retryAfterSeconds?: number;
}

export interface LoadChoice {
  readonly integration: string;
  readonly owner: Owner;
  /** Absent: the latest authorised one. */
  readonly connectionId?: string;
  readonly cursor?: string;
}

const START: LoadPosition = { typeIndex: 0, skip: 0, failures: [], page: 0 };

@Injectable()
export class ItemLoader {
  readonly #log = new Logger(ItemLoader.name);

  constructor(
    @Inject(LoadCursors) private readonly cursors: LoadCursors,
    @Inject(LastLoads) private readonly lastLoads: LastLoads,
    @Inject(ConnectionLifecycle) private readonly connections: ConnectionLifecycle,
  ) {}

  /** @throws PatchbayError `cursor_invalid`, or what kept every item type from loading */
  async page(source: ItemSource, connection: Connection, request: PageRequest, cursor?: string): Promise<LoadAnswer> {
    const from = this.#position(connection, request, cursor);
    const { next, ...loaded } = await loadPage(source, request, from);
    const page: KeptPage = {
      ...loaded,
      ...(next === undefined ? {} : { next: pageAfter(from, next) }),
      as_of: new Date().toISOString(),
    };
    this.lastLoads.keep({ connection, request, from }, page);
    return { page: this.#shown(connection, request, page, false) };
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

  async #kept(choice: LoadChoice, request: PageRequest): Promise<ItemPage | undefined> {
    const { owner, integration, connectionId, cursor } = choice;
    // Read again: while the provider was asked, the grant may have ended.
    const connections = await this.connections.list(owner, integration);
    const connection = connections.find((one) => connectionId === undefined || one.connectionId === connectionId);
    if (connection?.status !== 'active') return undefined;
    const from = this.#position(connection, request, cursor);
    const kept = await this.lastLoads.find({ connection, request, from });
    return kept && this.#shown(connection, request, kept, true);
  }

  #position(connection: Connection, request: PageRequest, cursor: string | undefined): LoadPosition {
    return cursor === undefined ? START : this.cursors.read(connection, request, cursor);
  }

  #shown(connection: Connection, request: PageRequest, page: KeptPage, stale: boolean): ItemPage {
    const { integration, connectionId: connection_id } = connection;
    return {
      items: page.items.map((item) => ({ ...item, integration, connection_id })),
      next_cursor: page.next === undefined ? null : this.cursors.write(connection, request, page.next),
      complete: page.failures.length === 0,
      stale,
      as_of: page.as_of,
      failures: page.failures,
    };
  }
}

/** Cursors of before pages had numbers have none, nor have the pages after them. */
function pageAfter({ page }: LoadPosition, next: LoadPosition): LoadPosition {
  return page === undefined ? next : { ...next, page: page + 1 };
}
