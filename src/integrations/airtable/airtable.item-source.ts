import { isJsonObject } from '../../errors/json-object.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { ItemSource, ProviderPage, ProviderPageRequest } from '../../items/item-source.ts';
import { objects, text } from '../../items/provider-values.ts';
import { path } from '../../outbound/provider-path.ts';
import type { ProviderApi } from '../provider-api.ts';
import { unlessWithdrawn } from '../withdrawn-object.ts';
import { airtableBase, baseItem, tableItem, type AirtableBase } from './airtable.mapper.ts';

/** One page of the list of bases: up to 1000 ("List bases"). */
interface BaseList {
  readonly offset: string | undefined;
  readonly bases: readonly AirtableBase[];
  readonly next: string | undefined;
}

/** Tables are listed base by base: the page of bases, and the base on it whose tables come next. */
interface TablePosition {
  readonly offset?: string;
  readonly baseId?: string;
  /** Where the base stood, in case it has left the list since. */
  readonly index: number;
}

type Cancel = ProviderPageRequest['signal'];

export class AirtableItemSource implements ItemSource {
  readonly #api: ProviderApi;
  /** The tables of a page of bases are many calls that all need that one page. */
  #latest: BaseList | undefined;

  constructor(api: ProviderApi) {
    this.#api = api;
  }

  page(request: ProviderPageRequest): Promise<ProviderPage> {
    return request.itemType === 'table' ? this.#tables(request) : this.#bases(request);
  }

  async #bases({ position, signal }: ProviderPageRequest): Promise<ProviderPage> {
    const { bases, next } = await this.#baseList(position, signal);
    return { items: bases.map(baseItem), ...(next === undefined ? {} : { next }) };
  }

  async #tables({ position, signal }: ProviderPageRequest): Promise<ProviderPage> {
    const at = readPosition(position);
    const list = await this.#baseList(at.offset, signal);
    const index = indexOf(list, at);
    const base = list.bases[index];
    const next = positionAfter(list, index);
    const items = base === undefined ? [] : await this.#tablesOf(base, signal);
    return { items, ...(next === undefined ? {} : { next }) };
  }

  /** "Get base schema" has no pages. */
  async #tablesOf(base: AirtableBase, signal: Cancel) {
    const call = { path: path`/meta/bases/${base.id}/tables`, ...cancelledBy(signal) };
    const schema = await unlessWithdrawn(this.#api.get(call));
    return objects(schema?.['tables'])
      .map((table) => tableItem(table, base))
      .filter((item) => item !== undefined);
  }

  async #baseList(offset: string | undefined, signal: Cancel): Promise<BaseList> {
    if (this.#latest !== undefined && this.#latest.offset === offset) return this.#latest;
    const query = new URLSearchParams(offset === undefined ? {} : { offset });
    const answer = await this.#api.get({ path: path`/meta/bases`, query, ...cancelledBy(signal) });
    const bases = objects(answer['bases'])
      .map(airtableBase)
      .filter((base) => base !== undefined);
    const next = text(answer['offset']);
    if (next !== undefined && next === offset) {
      throw new PatchbayError('provider_protocol_error', 'Airtable gave the same page of bases twice.');
    }
    this.#latest = { offset, bases, next };
    return this.#latest;
  }
}

function indexOf(list: BaseList, at: TablePosition): number {
  const found = list.bases.findIndex(({ id }) => id === at.baseId);
  return found === -1 ? at.index : found;
}

function positionAfter(list: BaseList, index: number): string | undefined {
  const following = list.bases[index + 1];
  if (following !== undefined) {
    return JSON.stringify({ offset: list.offset, baseId: following.id, index: index + 1 } satisfies PositionJson);
  }
  return list.next === undefined ? undefined : JSON.stringify({ offset: list.next, index: 0 } satisfies PositionJson);
}

/** As `JSON.stringify` takes it: undefined members are left out. */
type PositionJson = { readonly [Member in keyof TablePosition]: TablePosition[Member] | undefined };

function readPosition(position: string | undefined): TablePosition {
  if (position === undefined) return { index: 0 };
  const parsed: unknown = JSON.parse(position);
  const { offset, baseId, index } = isJsonObject(parsed) ? parsed : {};
  return {
    index: typeof index === 'number' ? index : 0,
    ...(typeof offset === 'string' ? { offset } : {}),
    ...(typeof baseId === 'string' ? { baseId } : {}),
  };
}

function cancelledBy(signal: Cancel): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
