import type { ProviderPage, ProviderPageRequest } from '../../items/item-source.ts';
import { objects, time } from '../../items/provider-values.ts';
import type { JsonObject } from '../../oauth/oauth-client.ts';
import { unlessForgotten } from '../forgotten-position.ts';
import type { ProviderApi } from '../provider-api.ts';
import { unlessWithdrawn } from '../withdrawn-object.ts';
import { FORGOTTEN_AFTER, MAX_PAGE_SIZE, nextAfter, signalOf, totalOf } from './hubspot.answers.ts';
import { listedAssociations, relationsOf, relatives } from './hubspot.associations.ts';
import { deletedRecordItem, recordItem } from './hubspot.mapper.ts';
import { objectTypeOf, type HubspotObjectType } from './hubspot.object-types.ts';
import { positionText } from './hubspot.position.ts';

/** How long a number is waited for that only a progress bar needs. */
const COUNT_PATIENCE_MS = 5_000;

/** "List" of a CRM object type: by id ascending, so that its places don't expire. It has no filter by time. */
export class HubspotRecordList {
  readonly #api: ProviderApi;
  /** Item types whose associations this grant may not see. */
  readonly #unrelated = new Set<string>();
  readonly #totals = new Map<string, number>();

  constructor(api: ProviderApi) {
    this.#api = api;
  }

  /** Records that aren't in the bin, with what they are associated with. */
  async currentPage(request: ProviderPageRequest, after: string | undefined): Promise<ProviderPage> {
    const type = objectTypeOf(request.itemType);
    const answer = await unlessForgotten(after, FORGOTTEN_AFTER, this.#related(request, type, after));
    const items = objects(answer['results'])
      .map((record) => recordItem(type.itemType, record, relationsOf(type, listedAssociations(type, record))))
      .filter((item) => item !== undefined);
    const next = nextAfter(answer);
    if (next === undefined) return { items };
    if (request.wantsTotal === true && after === undefined) void this.#count(request, type);
    const total = this.#totals.get(type.itemType);
    const page = { items, next: positionText({ stage: 'current', after: next }) };
    return total === undefined ? page : { ...page, total };
  }

  /** Of the bin, what went there since. The bin has no order by time, so it is read whole. */
  async deletedPage(request: ProviderPageRequest, after: string | undefined): Promise<ProviderPage> {
    const type = objectTypeOf(request.itemType);
    const query = listQuery(type, MAX_PAGE_SIZE, after);
    query.set('archived', 'true');
    const call = this.#api.get({ path: type.list, query, ...signalOf(request) });
    const answer = await unlessForgotten(after, FORGOTTEN_AFTER, call);
    const items = objects(answer['results'])
      .filter((record) => wasArchivedSince(record, request.modifiedSince))
      .map((record) => deletedRecordItem(type.itemType, record))
      .filter((item) => item !== undefined);
    const next = nextAfter(answer);
    return next === undefined ? { items } : { items, next: positionText({ stage: 'archived', after: next }) };
  }

  /** A grant without the scope of one associated type still lists the records themselves. */
  async #related(
    request: ProviderPageRequest,
    type: HubspotObjectType,
    after: string | undefined,
  ): Promise<JsonObject> {
    const query = listQuery(type, Math.min(MAX_PAGE_SIZE, request.limit), after);
    const call = { path: type.list, query, ...signalOf(request) };
    if (this.#unrelated.has(type.itemType)) return this.#api.get(call);
    const associations = relatives(type).map((relative) => objectTypeOf(relative).plural);
    const related = new URLSearchParams([...query, ['associations', associations.join(',')]]);
    const answer = await unlessWithdrawn(this.#api.get({ ...call, query: related }));
    if (answer !== undefined) return answer;
    const alone = await this.#api.get(call);
    this.#unrelated.add(type.itemType);
    return alone;
  }

  /** How many records there are: "List" doesn't say, "Search" does. Asked once a load, beside it, and of no consequence. */
  async #count({ signal }: ProviderPageRequest, type: HubspotObjectType): Promise<void> {
    const patience = AbortSignal.timeout(COUNT_PATIENCE_MS);
    const bounded = signal === undefined ? patience : AbortSignal.any([signal, patience]);
    const json = { filterGroups: [], properties: [type.createdProperty], limit: 1 };
    const answer = await this.#api.post({ path: type.search, json, signal: bounded }).catch(() => undefined);
    const total = answer === undefined ? undefined : totalOf(answer);
    if (total !== undefined) this.#totals.set(type.itemType, total);
  }
}

function listQuery(type: HubspotObjectType, limit: number, after: string | undefined): URLSearchParams {
  return new URLSearchParams({
    limit: String(limit),
    properties: type.properties.join(','),
    ...(after === undefined ? {} : { after }),
  });
}

/** What doesn't say when it went might have gone since. */
function wasArchivedSince(record: JsonObject, since: Date | undefined): boolean {
  const archivedAt = time(record['archivedAt']);
  return since === undefined || archivedAt === null || Date.parse(archivedAt) >= since.getTime();
}
