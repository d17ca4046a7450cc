import { Inject, Injectable } from '@nestjs/common';
import type { Connection } from '../connections/connection.ts';
import type { LoadedItem } from './integration-item.ts';
import type { ItemSource } from './item-source.ts';
import { LoadCursors, type LoadFailure } from './load-cursor.ts';
import { loadPage, type PageRequest } from './load-page.ts';

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

@Injectable()
export class ItemLoader {
  constructor(@Inject(LoadCursors) private readonly cursors: LoadCursors) {}

  /** @throws PatchbayError `cursor_invalid`, or what kept every item type from loading */
  async page(source: ItemSource, connection: Connection, request: PageRequest, cursor?: string): Promise<ItemPage> {
    const start = { typeIndex: 0, skip: 0, failures: [] };
    const from = cursor === undefined ? start : this.cursors.read(connection, request, cursor);
    const page = await loadPage(source, request, from);
    const { integration, connectionId: connection_id } = connection;
    return {
      items: page.items.map((item) => ({ ...item, integration, connection_id })),
      next_cursor: page.next === undefined ? null : this.cursors.write(connection, request, page.next),
      complete: page.failures.length === 0,
      stale: false,
      as_of: new Date().toISOString(),
      failures: page.failures,
    };
  }
}
