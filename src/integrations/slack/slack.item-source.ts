import type { ItemSource, ProviderPage, ProviderPageRequest } from '../../items/item-source.ts';
import type { ProviderApi } from '../provider-api.ts';
import { SlackCalls } from './slack.calls.ts';
import { SlackConversations } from './slack.conversations.ts';
import { directoryPage, memberChannels } from './slack.directory.ts';
import type { HistoryLimits } from './slack.limits.ts';
import { readListing } from './slack.listings.ts';

/** Lists of a workspace, and below them what was said: channels, their messages, and the threads of those. */
export class SlackItemSource implements ItemSource {
  readonly #calls: SlackCalls;
  readonly #conversations: SlackConversations;

  constructor(api: ProviderApi, limits: HistoryLimits) {
    this.#calls = new SlackCalls(api);
    this.#conversations = new SlackConversations(this.#calls, limits);
  }

  async page(request: ProviderPageRequest): Promise<ProviderPage> {
    const { itemType, listing } = request;
    if (itemType === 'channel' || itemType === 'user') return directoryPage(this.#calls, request);
    if (listing === undefined) return memberChannels(this.#calls, request);
    const below = readListing(listing);
    if ('thread' in below) {
      return itemType === 'file'
        ? this.#conversations.filesOfReplies(below, request)
        : this.#conversations.replies(below, request);
    }
    if (itemType === 'message') return this.#conversations.messages(below, request);
    return itemType === 'file'
      ? this.#conversations.files(below, request)
      : this.#conversations.threads(below, request);
  }
}
