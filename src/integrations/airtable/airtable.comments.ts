import type { ProviderPage, ProviderPageRequest } from '../../items/item-source.ts';
import { objects, text } from '../../items/provider-values.ts';
import { path } from '../../outbound/provider-path.ts';
import { unlessForgotten } from '../forgotten-position.ts';
import type { ProviderApi } from '../provider-api.ts';
import { unlessWithdrawn } from '../withdrawn-object.ts';
import { cancelledBy, FORGOTTEN_OFFSET } from './airtable.calls.ts';
import { commentItem } from './airtable.mapper.ts';
import type { AirtableRecords } from './airtable.records.ts';

const PAGE_SIZE = '100';

/** "List comments", of one record. */
export class AirtableComments {
  readonly #api: ProviderApi;
  readonly #records: AirtableRecords;

  constructor(api: ProviderApi, records: AirtableRecords) {
    this.#api = api;
    this.#records = records;
  }

  /** @throws PositionExpired */
  async page(
    [baseId, tableId, recordId]: readonly [string, string, string],
    { position: offset, signal }: ProviderPageRequest,
  ): Promise<ProviderPage> {
    const query = new URLSearchParams({ pageSize: PAGE_SIZE, ...(offset === undefined ? {} : { offset }) });
    const call = { path: path`/${baseId}/${tableId}/${recordId}/comments`, query, ...cancelledBy(signal) };
    const answer = await unlessForgotten(offset, FORGOTTEN_OFFSET, unlessWithdrawn(this.#api.get(call)));
    const comments = objects(answer?.['comments']);
    if (comments.length === 0) return { items: [], ...nextOf(answer?.['offset']) };
    const record = { baseId, tableId, recordId, name: await this.#records.nameOf(baseId, tableId, recordId, signal) };
    const items = comments.map((comment) => commentItem(comment, record)).filter((item) => item !== undefined);
    return { items, ...nextOf(answer?.['offset']) };
  }
}

/** Null, where other lists leave it out, on the last page. */
function nextOf(offset: unknown): { readonly next?: string } {
  const next = text(offset);
  return next === undefined ? {} : { next };
}
