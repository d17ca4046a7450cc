import type { Context } from '../core/context.ts';
import { json, wholeNumber, type Reply as Answer } from '../core/message.ts';
import { argument, flag } from './arguments.ts';
import { makeTsCursor, readTsCursor } from './cursors.ts';
import { missingScope, type Granted } from './granted.ts';
import { slackError } from './errors.ts';
import type { ChannelKind } from './data.ts';
import { SlackMessages } from './messages.ts';
import { repliesTo } from './threads.ts';

const SCOPES: Readonly<Record<ChannelKind, string>> = {
  public_channel: 'channels:history',
  private_channel: 'groups:history',
  mpim: 'mpim:history',
  im: 'im:history',
};

export const HISTORY_SCOPES = Object.values(SCOPES);

/** What apps outside the Marketplace get of either method at once, whatever they ask for. */
const ELSEWHERE_PAGE_SIZE = 15;

/**
 * https://docs.slack.dev/reference/methods/conversations.history. A page that begins with a message whose number can be
 * divided by four is empty first (unless switched off), as when all that was on it has been filtered.
 */
export function history(context: Context, granted: Granted): Answer {
  const { messages, refusal } = readable(granted);
  if (messages === undefined) return refusal;
  const range = readRange(context, granted, { otherwise: 100, max: 999 });
  if ('refusal' in range) return range.refusal;
  const { limit, inclusive, oldest, latest, cursor } = range;
  const end = oldest === null ? messages.count : messages.firstBefore(oldest, !inclusive);
  const from =
    cursor === null ? (latest === null ? 0 : messages.firstBefore(latest, inclusive)) : messages.find(cursor.ts);
  if (from === null) return slackError('invalid_cursor');
  const isAtCut = context.settings.slack.emptyPages && from > 0 && from % 4 === 0 && from < end;
  if (isAtCut && cursor?.isAfterEmptyPage !== true) return page([], makeTsCursor(messages.ts(from), true));
  const stop = Math.max(from, Math.min(end, from + limit));
  const found = Array.from({ length: stop - from }, (_, place) => messages.message(from + place));
  return page(found, stop < end ? makeTsCursor(messages.ts(stop)) : '');
}

/**
 * https://docs.slack.dev/reference/methods/conversations.replies. The message that is replied to comes first on the first
 * page, and counts towards its limit.
 */
export function replies(context: Context, granted: Granted): Answer {
  const { messages, refusal } = readable(granted);
  if (messages === undefined) return refusal;
  const range = readRange(context, granted, { otherwise: 1000, max: 1000 });
  if ('refusal' in range) return range.refusal;
  const { limit, inclusive, oldest, latest, cursor } = range;
  const thread = messages.find(argument(granted.call, 'ts') ?? '');
  if (thread === null) return slackError('thread_not_found');
  const isWithin = ({ ts }: { readonly ts: string }) =>
    (oldest === null || Number(ts) > Number(oldest) || (inclusive && ts === oldest)) &&
    (latest === null || Number(ts) < Number(latest) || (inclusive && ts === latest));
  const all = repliesTo(messages, thread).filter(isWithin);
  const start = cursor === null ? 0 : all.findIndex(({ ts }) => ts === cursor.ts);
  if (start < 0) return slackError('invalid_cursor');
  const first = cursor === null ? [messages.message(thread)] : [];
  const stop = start + limit - first.length;
  const found = all.slice(start, stop).map((reply) => messages.reply(thread, reply));
  return page([...first, ...found], all[stop] === undefined ? '' : makeTsCursor(all[stop].ts));
}

function page(messages: readonly unknown[], nextCursor: string): Answer {
  const hasMore = nextCursor !== '';
  return json(200, {
    ok: true,
    messages,
    has_more: hasMore,
    pin_count: 0,
    channel_actions_ts: null,
    channel_actions_count: 0,
    ...(hasMore ? { response_metadata: { next_cursor: nextCursor } } : {}),
  });
}

type Readable =
  | { readonly messages: SlackMessages; readonly refusal?: undefined }
  | { readonly messages?: undefined; readonly refusal: Answer };

/** A bot reads what it is a member of, a person every public channel too; of a private one outsiders learn nothing. */
function readable({ call, token, data }: Granted): Readable {
  const index = data.findChannel(argument(call, 'channel') ?? '');
  if (index === null) return { refusal: slackError('channel_not_found') };
  const kind = data.kindOf(index);
  if (!token.scopes.includes(SCOPES[kind])) return { refusal: missingScope(token, SCOPES[kind]) };
  if (data.isMember(index, token.actor)) return { messages: new SlackMessages(data, index) };
  return { refusal: slackError(kind === 'public_channel' ? 'not_in_channel' : 'channel_not_found') };
}

interface Range {
  readonly limit: number;
  readonly inclusive: boolean;
  readonly oldest: string | null;
  readonly latest: string | null;
  readonly cursor: ReturnType<typeof readTsCursor>;
}

function readRange(
  context: Context,
  { call }: Granted,
  size: { readonly otherwise: number; readonly max: number },
): Range | { readonly refusal: Answer } {
  const asked = wholeNumber(argument(call, 'limit') ?? String(size.otherwise), 1, size.max);
  if (asked === null) return { refusal: slackError('invalid_limit') };
  const limit = context.settings.slack.marketplace ? asked : Math.min(asked, ELSEWHERE_PAGE_SIZE);
  const [oldest, latest] = [argument(call, 'oldest'), argument(call, 'latest')];
  if (oldest !== null && !isTs(oldest)) return { refusal: slackError('invalid_ts_oldest') };
  if (latest !== null && !isTs(latest)) return { refusal: slackError('invalid_ts_latest') };
  const sent = argument(call, 'cursor') ?? '';
  const cursor = sent === '' ? null : readTsCursor(sent);
  if (sent !== '' && cursor === null) return { refusal: slackError('invalid_cursor') };
  return { limit, inclusive: flag(call, 'inclusive'), oldest, latest, cursor };
}

const isTs = (text: string): boolean => /^\d{1,12}(\.\d{1,6})?$/.test(text);
