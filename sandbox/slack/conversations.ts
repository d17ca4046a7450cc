import type { Context } from '../core/context.ts';
import { json, wholeNumber, type Reply } from '../core/message.ts';
import { scan } from '../core/scan.ts';
import { argument, flag } from './arguments.ts';
import { issuedNow, makeCursor, readCursor } from './cursors.ts';
import type { ChannelKind } from './data.ts';
import { slackError } from './errors.ts';
import { missingScope, type Granted } from './granted.ts';

const SCOPES: Readonly<Record<ChannelKind, string>> = {
  public_channel: 'channels:read',
  private_channel: 'groups:read',
  mpim: 'mpim:read',
  im: 'im:read',
};

export const CONVERSATION_SCOPES = Object.values(SCOPES);

/** https://docs.slack.dev/reference/methods/conversations.list */
export function listConversations(context: Context, granted: Granted): Reply {
  const { token, data } = granted;
  return listed(context, granted, (index) => {
    if (data.kindOf(index) !== 'public_channel' && !data.isMember(index, token.actor)) return null;
    return data.channel(index, token.actor);
  });
}

/** https://docs.slack.dev/reference/methods/users.conversations, of the token's own owner. */
export function memberConversations(context: Context, granted: Granted): Reply {
  const { token, data } = granted;
  return listed(context, granted, (index) => {
    if (!data.isMember(index, token.actor)) return null;
    const members = Object.entries(data.channel(index, token.actor));
    return Object.fromEntries(members.filter(([name]) => name !== 'num_members' && name !== 'is_member'));
  });
}

/**
 * What doesn't fit is left out after the page is cut, so
 * pages are short, and the second one (unless switched off) is empty though more follow.
 */
function listed(
  context: Context,
  { call, token, data }: Granted,
  pick: (index: number) => Readonly<Record<string, unknown>> | null,
): Reply {
  const kinds = readTypes(argument(call, 'types'));
  if (kinds === null) return slackError('invalid_types');
  const lacking = kinds.find((kind) => !token.scopes.includes(SCOPES[kind]));
  if (lacking !== undefined) return missingScope(token, SCOPES[lacking]);
  const limit = wholeNumber(argument(call, 'limit') ?? '100', 0, 999);
  if (limit === null) return slackError('invalid_limit');
  const cursor = argument(call, 'cursor') ?? '';
  const target = cursor === '' ? null : readCursor(context, 'team', cursor);
  const start = target ? data.findChannel(target.id) : 0;
  if ((cursor !== '' && !target) || start === null) return slackError('invalid_cursor');
  const issuedMs = issuedNow(context);
  if (target?.isEmptyPage) return conversationsReply([], makeCursor('team', target.id, { issuedMs }));
  const size = limit === 0 ? 100 : limit;
  const skipArchived = flag(call, 'exclude_archived');
  const page = scan({ start, end: data.items }, size, size, (index) => {
    const kind = data.kindOf(index);
    if (!kinds.includes(kind) || (skipArchived && data.isArchived(index))) return null;
    return pick(index);
  });
  if (page.next === null) return conversationsReply(page.found, '');
  const isEmptyPage = context.settings.slack.emptyPages && cursor === '';
  return conversationsReply(page.found, makeCursor('team', data.channelId(page.next), { isEmptyPage, issuedMs }));
}

/** https://docs.slack.dev/reference/methods/conversations.info */
export function conversationInfo({ call, token, data }: Granted): Reply {
  const index = data.findChannel(argument(call, 'channel') ?? '');
  if (index === null) return slackError('channel_not_found');
  const kind = data.kindOf(index);
  if (!token.scopes.includes(SCOPES[kind])) return missingScope(token, SCOPES[kind]);
  if (kind !== 'public_channel' && !data.isMember(index, token.actor)) return slackError('channel_not_found');
  const { num_members: members, ...channel } = data.channel(index, token.actor);
  const counted = flag(call, 'include_num_members') ? { num_members: members } : {};
  return json(200, { ok: true, channel: { ...channel, ...counted } });
}

/** https://docs.slack.dev/reference/methods/conversations.members */
export function conversationMembers(context: Context, { call, token, data }: Granted): Reply {
  const index = data.findChannel(argument(call, 'channel') ?? '');
  if (index === null) return slackError('channel_not_found');
  const kind = data.kindOf(index);
  if (!token.scopes.includes(SCOPES[kind])) return missingScope(token, SCOPES[kind]);
  if (kind !== 'public_channel' && !data.isMember(index, token.actor)) return slackError('channel_not_found');
  const limit = wholeNumber(argument(call, 'limit') ?? '100', 1, 1000);
  if (limit === null) return slackError('invalid_limit');
  const people = Array.from({ length: data.memberCount(index) }, (_, place) => data.member(index, place));
  const members = data.isMember(index, 'bot') ? [...people, data.team.botUserId] : people;
  const cursor = argument(call, 'cursor') ?? '';
  const target = cursor === '' ? members[0] : readCursor(context, 'user', cursor)?.id;
  const start = members.indexOf(target ?? '');
  if (cursor !== '' && start < 0) return slackError('invalid_cursor');
  const following = members[start + limit];
  const next = following === undefined ? '' : makeCursor('user', following, { issuedMs: issuedNow(context) });
  const found = members.slice(Math.max(0, start), start + limit);
  return json(200, { ok: true, members: found, response_metadata: { next_cursor: next } });
}

function conversationsReply(channels: readonly unknown[], nextCursor: string): Reply {
  return json(200, { ok: true, channels, response_metadata: { next_cursor: nextCursor } });
}

function readTypes(types: string | null): ChannelKind[] | null {
  const names = (types ?? 'public_channel').split(',').map((name) => name.trim());
  const known = Object.keys(SCOPES) as ChannelKind[];
  const kinds = known.filter((kind) => names.includes(kind));
  return kinds.length === new Set(names).size ? kinds : null;
}
