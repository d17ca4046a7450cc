import type { IntegrationItem } from '../../items/integration-item.ts';
import type { ProviderPage, ProviderPageRequest } from '../../items/item-source.ts';
import { objects } from '../../items/provider-values.ts';
import { path, type ProviderPath } from '../../outbound/provider-path.ts';
import { nextCursor, type SlackCalls } from './slack.calls.ts';
import { channelListing } from './slack.listings.ts';
import { channelItem, userItem } from './slack.mapper.ts';

/** More is taken, but not advised ("conversations.list", "users.list"). */
const MAX_PAGE_SIZE = 200;
/** Each has messages of its own, and they all go into a cursor. */
const CHANNELS_WITH_MESSAGES_A_PAGE = 50;

interface Directory {
  readonly method: ProviderPath;
  readonly parameters: Readonly<Record<string, string>>;
  /** The answer's member with the list. */
  readonly member: string;
  readonly toItem: (record: Readonly<Record<string, unknown>>) => IntegrationItem | undefined;
}

const CHANNEL_TYPES = { types: 'public_channel,private_channel', exclude_archived: 'false' };

const CHANNELS: Directory = {
  method: path`/conversations.list`,
  parameters: CHANNEL_TYPES,
  member: 'channels',
  toItem: channelItem,
};

const USERS: Directory = { method: path`/users.list`, parameters: {}, member: 'members', toItem: userItem };

/** Who and what there is in a workspace: one list each. */
export async function directoryPage(calls: SlackCalls, request: ProviderPageRequest): Promise<ProviderPage> {
  const { itemType, position: cursor, signal } = request;
  const { method, parameters, member, toItem } = itemType === 'user' ? USERS : CHANNELS;
  const limit = String(pageSize(request));
  const answer = await calls.get({ method, parameters: { ...parameters, limit }, cursor, signal });
  const items = objects(answer?.[member])
    .map(toItem)
    .filter((item) => item !== undefined);
  const next = nextCursor(answer);
  return { items, ...(next === undefined ? {} : { next }) };
}

/**
 * The channels whose messages may be read: those that the app, or the person, is a member of. They may be few among very
 * many, and users.conversations lists no others.
 */
export async function memberChannels(calls: SlackCalls, request: ProviderPageRequest): Promise<ProviderPage> {
  const { position: cursor, signal } = request;
  const parameters = { ...CHANNEL_TYPES, limit: String(CHANNELS_WITH_MESSAGES_A_PAGE) };
  const answer = await calls.get({ method: path`/users.conversations`, parameters, cursor, signal });
  const below = objects(answer?.['channels'])
    .map(channelListing)
    .filter((listing) => listing !== undefined);
  const next = nextCursor(answer);
  return { items: [], below, ...(next === undefined ? {} : { next }) };
}

/** Of what is left out by its time, much may have to be read for few items. */
function pageSize({ limit, modifiedSince }: ProviderPageRequest): number {
  return modifiedSince === undefined ? Math.min(MAX_PAGE_SIZE, limit) : MAX_PAGE_SIZE;
}
