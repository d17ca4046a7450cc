import type { ItemSource, ProviderPage, ProviderPageRequest } from '../../items/item-source.ts';
import type { ProviderApi } from '../provider-api.ts';
import { ownerPage } from './hubspot.owner-list.ts';
import { readPosition } from './hubspot.position.ts';
import { changedPage } from './hubspot.record-changes.ts';
import { HubspotRecordList } from './hubspot.record-list.ts';

/** A listing a type, with none below it. With a time to go back to: what "Search" finds changed, then what is in the bin. */
export class HubspotItemSource implements ItemSource {
  readonly #api: ProviderApi;
  readonly #records: HubspotRecordList;

  constructor(api: ProviderApi) {
    this.#api = api;
    this.#records = new HubspotRecordList(api);
  }

  async page(request: ProviderPageRequest): Promise<ProviderPage> {
    if (request.itemType === 'owner') return ownerPage(this.#api, request);
    const start = request.modifiedSince === undefined ? 'current' : 'changed';
    const { stage, after } = readPosition(request.position, start);
    if (stage === 'changed') return changedPage(this.#api, request, after);
    if (stage === 'archived') return this.#records.deletedPage(request, after);
    return this.#records.currentPage(request, after);
  }
}
