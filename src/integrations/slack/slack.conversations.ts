import { PatchbayError } from '../../errors/patchbay-error.ts';
import type { ProviderPage, ProviderPageRequest } from '../../items/item-source.ts';
import { objects } from '../../items/provider-values.ts';
import type { JsonObject } from '../../oauth/oauth-client.ts';
import { path, type ProviderPath } from '../../outbound/provider-path.ts';
import { nextCursor, type SlackCalls } from './slack.calls.ts';
import type { HistoryLimits } from './slack.limits.ts';
import {
  readPosition,
  slackTs,
  threadListing,
  writePosition,
  type ChannelListing,
  type ThreadListing,
} from './slack.listings.ts';
import {
  fileItems,
  isReply,
  isThread,
  messageId,
  messageItem,
  replyItem,
  type Parent,
  type Place,
} from './slack.message-mapper.ts';
import { messageName } from './slack.message-name.ts';

/** Each may be a thread with replies of its own, and they all go into a cursor. */
const MESSAGES_WITH_THREADS_A_PAGE = 50;

/**
 * 2100. Without "latest", "oldest" has been documented to give the messages closest to it, and not the newest; whose clock
 * is right doesn't matter to this one.
 */
const NO_MESSAGE_IS_LATER = '4102444800.000000';

interface Stretch {
  readonly messages: readonly JsonObject[];
  readonly next?: string;
}

/** What was said: messages, the replies to them, and the files that came with either. */
export class SlackConversations {
  readonly #calls: SlackCalls;
  readonly #limits: HistoryLimits;

  constructor(calls: SlackCalls, limits: HistoryLimits) {
    this.#calls = calls;
    this.#limits = limits;
  }

  /** The messages of a channel, newest first. Those changed since some time are those sent since: edits don't show. */
  async messages(listing: ChannelListing, request: ProviderPageRequest): Promise<ProviderPage> {
    const { limit, modifiedSince } = request;
    const isFiltered = modifiedSince !== undefined;
    const stretch = await this.#history(listing, request, {
      limit: isFiltered ? this.#limits.pageSize : limit,
      ...(isFiltered ? { oldest: tsBefore(modifiedSince) } : {}),
    });
    const place = await this.#place(listing, stretch, request);
    const parent = channelAsParent(listing);
    return pageOf(
      stretch,
      stretch.messages.filter((message) => !isReply(message)).map((message) => messageItem(message, place, parent)),
    );
  }

  /** The threads of a channel, to be read each by itself: replies don't stand among the channel's messages. */
  async threads(listing: ChannelListing, request: ProviderPageRequest): Promise<ProviderPage> {
    const stretch = await this.#history(listing, request, { limit: MESSAGES_WITH_THREADS_A_PAGE });
    return { ...pageOf(stretch, []), below: threadsOf(stretch, listing, request) };
  }

  /** The replies of a thread, oldest first. */
  async replies(listing: ThreadListing, request: ProviderPageRequest): Promise<ProviderPage> {
    const stretch = await this.#thread(listing, request);
    const place = await this.#place(listing, stretch, request);
    const parent = threadAsParent(listing, stretch);
    return pageOf(
      stretch,
      repliesOf(stretch, listing).map((message) => replyItem(message, place, parent)),
    );
  }

  /** The files of a channel's messages, and its threads, whose replies may have some too. */
  async files(listing: ChannelListing, request: ProviderPageRequest): Promise<ProviderPage> {
    const stretch = await this.#history(listing, request, { limit: MESSAGES_WITH_THREADS_A_PAGE });
    const messages = stretch.messages.filter((message) => !isReply(message));
    const items = messages.flatMap((message) => fileItems(message, listing));
    return { ...pageOf(stretch, items), below: threadsOf(stretch, listing, request) };
  }

  async filesOfReplies(listing: ThreadListing, request: ProviderPageRequest): Promise<ProviderPage> {
    const stretch = await this.#thread(listing, request);
    return pageOf(
      stretch,
      repliesOf(stretch, listing).flatMap((message) => fileItems(message, listing)),
    );
  }

  async #place(where: Place, { messages }: Stretch, { signal }: ProviderPageRequest): Promise<Place> {
    const { channel, team } = where;
    return { channel, team, workspaceUrl: messages.length === 0 ? undefined : await this.#calls.workspaceUrl(signal) };
  }

  /** Newest first, and so on from the oldest message of the page before: `latest` is itself left out. */
  async #history(
    { channel }: ChannelListing,
    request: ProviderPageRequest,
    { limit, oldest }: { readonly limit: number; readonly oldest?: string },
  ): Promise<Stretch> {
    const latest = readPosition(request.position).ts ?? (oldest === undefined ? undefined : NO_MESSAGE_IS_LATER);
    return this.#stretch(request, {
      method: path`/conversations.history`,
      parameters: {
        channel,
        limit: String(Math.min(limit, this.#limits.pageSize)),
        ...(oldest === undefined ? {} : { oldest }),
        ...(latest === undefined ? {} : { latest }),
      },
      goesOnFrom: (times) => Math.min(...times),
    });
  }

  /** Oldest first, and so on from the newest reply of the page before: `oldest` is itself left out. */
  async #thread({ channel, thread }: ThreadListing, request: ProviderPageRequest): Promise<Stretch> {
    const { position, modifiedSince } = request;
    const oldest = readPosition(position).ts ?? (modifiedSince === undefined ? undefined : tsBefore(modifiedSince));
    return this.#stretch(request, {
      method: path`/conversations.replies`,
      parameters: {
        channel,
        ts: thread,
        limit: String(this.#limits.pageSize),
        ...(oldest === undefined ? {} : { oldest }),
      },
      // The message that is replied to comes with the first page, or with every one.
      leftOut: thread,
      goesOnFrom: (times) => Math.max(...times),
    });
  }

  async #stretch({ position, signal }: ProviderPageRequest, walk: Walk): Promise<Stretch> {
    const at = readPosition(position);
    const { method, parameters } = walk;
    const answer = await this.#calls.get({ method, parameters, cursor: at.cursor, signal });
    const messages = objects(answer?.['messages']);
    const cursor = nextCursor(answer);
    if (answer === undefined || (cursor === undefined && answer['has_more'] !== true)) return { messages };
    const times = messages.map(({ ts }) => slackTs(ts)).filter((ts) => ts !== undefined && ts !== walk.leftOut);
    if (times.length > 0) {
      const edge = walk.goesOnFrom(times.map(Number));
      return { messages, next: writePosition({ ts: times.find((ts) => Number(ts) === edge) }) };
    }
    if (cursor === undefined) throw nowhereToGoOn();
    // A page that was filtered until nothing was left: only the cursor leads on from there.
    return { messages, next: writePosition({ ts: at.ts, cursor }) };
  }
}

/** One way through messages. */
interface Walk {
  readonly method: ProviderPath;
  readonly parameters: Readonly<Record<string, string>>;
  /** The `ts` of a message that doesn't count as met. */
  readonly leftOut?: string;
  /** Which of a page's messages is the one the next page lies behind, by its time. */
  readonly goesOnFrom: (times: readonly number[]) => number;
}

/** To end there would look as if it were all. */
function nowhereToGoOn(): PatchbayError {
  const message = 'Slack has more messages, but says neither where nor which was the last.';
  return new PatchbayError('provider_protocol_error', message, { integration: 'slack' });
}

function pageOf<Item>({ next }: Stretch, items: readonly (Item | undefined)[]) {
  return { items: items.filter((item) => item !== undefined), ...(next === undefined ? {} : { next }) };
}

/** With a time to go back to, those that were replied to since; a thread that doesn't say when might have been. */
function threadsOf(
  { messages }: Stretch,
  listing: ChannelListing,
  { modifiedSince }: ProviderPageRequest,
): readonly string[] {
  const from = modifiedSince === undefined ? 0 : Number(tsBefore(modifiedSince));
  return messages
    .filter((message) => isThread(message) && Number(slackTs(message['latest_reply']) ?? from) >= from)
    .map(({ ts }) => slackTs(ts))
    .filter((ts) => ts !== undefined)
    .map((ts) => threadListing(listing, ts));
}

function repliesOf({ messages }: Stretch, { thread }: ThreadListing): readonly JsonObject[] {
  return messages.filter(({ ts }) => ts !== thread);
}

function channelAsParent({ channel, name }: ChannelListing): Parent {
  return { id: channel, name };
}

function threadAsParent({ channel, thread }: ThreadListing, { messages }: Stretch): Parent {
  const parent = messages.find(({ ts }) => ts === thread);
  return { id: messageId(channel, thread), name: parent === undefined ? null : messageName(parent) };
}

/** A time as Slack writes it, and a millisecond earlier, since `oldest` is itself left out. */
function tsBefore(time: Date): string {
  return (Math.max(0, time.getTime() - 1) / 1000).toFixed(6);
}
