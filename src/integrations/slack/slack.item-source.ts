import type { IntegrationItem } from '../../items/integration-item.ts';
import type { ItemSource, ProviderPage, ProviderPageRequest } from '../../items/item-source.ts';
import { object, objects, text } from '../../items/provider-values.ts';
import { path, type ProviderPath } from '../../outbound/provider-path.ts';
import type { ProviderApi } from '../provider-api.ts';
import { channelItem, userItem } from './slack.mapper.ts';

/** More is taken, but not advised ("conversations.list", "users.list"). */
const MAX_PAGE_SIZE = 200;

interface Listing {
  readonly method: ProviderPath;
  readonly parameters: Readonly<Record<string, string>>;
  /** The answer's member with the list. */
  readonly member: string;
  readonly toItem: (record: Readonly<Record<string, unknown>>) => IntegrationItem | undefined;
}

const CHANNELS: Listing = {
  method: path`/conversations.list`,
  parameters: { types: 'public_channel,private_channel', exclude_archived: 'false' },
  member: 'channels',
  toItem: channelItem,
};

const USERS: Listing = { method: path`/users.list`, parameters: {}, member: 'members', toItem: userItem };

export class SlackItemSource implements ItemSource {
  readonly #api: ProviderApi;

  constructor(api: ProviderApi) {
    this.#api = api;
  }

  /** "Pagination": the cursor alone tells the end, since a page is filtered after it was cut and may hold nothing. */
  async page(request: ProviderPageRequest): Promise<ProviderPage> {
    const { itemType, position, signal } = request;
    const { method, parameters, member, toItem } = itemType === 'user' ? USERS : CHANNELS;
    const query = new URLSearchParams({
      ...parameters,
      limit: String(pageSize(request)),
      ...(position === undefined ? {} : { cursor: position }),
    });
    const answer = await this.#api.get({ path: method, query, ...(signal === undefined ? {} : { signal }) });
    const items = objects(answer[member])
      .map(toItem)
      .filter((item) => item !== undefined);
    const next = text(object(answer['response_metadata'])['next_cursor']);
    return { items, ...(next === undefined ? {} : { next }) };
  }
}

/** Of what is left out by its time, much may have to be read for few items. */
function pageSize({ limit, modifiedSince }: ProviderPageRequest): number {
  return modifiedSince === undefined ? Math.min(MAX_PAGE_SIZE, limit) : MAX_PAGE_SIZE;
}
