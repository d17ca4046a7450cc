import type { ItemSource, ProviderPage, ProviderPageRequest } from '../../items/item-source.ts';
import { object, objects, text } from '../../items/provider-values.ts';
import type { ProviderApi } from '../provider-api.ts';
import { recordItem } from './hubspot.mapper.ts';
import { HUBSPOT_OBJECT_TYPES } from './hubspot.object-types.ts';

const MAX_PAGE_SIZE = 100;

/** "List" of a CRM object type: by id ascending, with no filter by time. */
export class HubspotItemSource implements ItemSource {
  readonly #api: ProviderApi;

  constructor(api: ProviderApi) {
    this.#api = api;
  }

  async page(request: ProviderPageRequest): Promise<ProviderPage> {
    const { itemType, position, signal } = request;
    const type = HUBSPOT_OBJECT_TYPES[itemType];
    if (type === undefined) throw new TypeError(`No such item type: ${itemType}`);
    const query = new URLSearchParams({
      limit: String(pageSize(request)),
      properties: type.properties.join(','),
      ...(position === undefined ? {} : { after: position }),
    });
    const answer = await this.#api.get({ path: type.list, query, ...(signal === undefined ? {} : { signal }) });
    const items = objects(answer['results'])
      .map((record) => recordItem(itemType, record))
      .filter((item) => item !== undefined);
    const next = text(object(object(answer['paging'])['next'])['after']);
    return { items, ...(next === undefined ? {} : { next }) };
  }
}

/** Of what is left out by its time, much may have to be read for few items. */
function pageSize({ limit, modifiedSince }: ProviderPageRequest): number {
  return modifiedSince === undefined ? Math.min(MAX_PAGE_SIZE, limit) : MAX_PAGE_SIZE;
}
