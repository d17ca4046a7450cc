import type { Context } from '../core/context.ts';
import { json, wholeNumber, type Reply } from '../core/message.ts';
import { argument } from './arguments.ts';
import { issuedNow, makeCursor, readCursor } from './cursors.ts';
import { slackError } from './errors.ts';
import type { Granted } from './granted.ts';

/** The most users one answer without a limit can carry. */
const UNPAGED_MAX = 1000;

/** https://docs.slack.dev/reference/methods/users.list */
export function listUsers(context: Context, { call, token, data }: Granted): Reply {
  const limit = wholeNumber(argument(call, 'limit') ?? '0', 0, 1000);
  if (limit === null) return slackError('invalid_limit');
  if (limit === 0 && data.items > UNPAGED_MAX) return slackError('limit_required');
  const cursor = argument(call, 'cursor') ?? '';
  const target = cursor === '' ? null : readCursor(context, 'user', cursor);
  const start = target ? data.findUser(target.id) : 0;
  if ((cursor !== '' && !target) || start === null) return slackError('invalid_cursor');
  const end = Math.min(data.items, start + (limit === 0 ? UNPAGED_MAX : limit));
  const withEmail = token.scopes.includes('users:read.email');
  const members = [];
  for (let index = start; index < end; index++) members.push(data.user(index, withEmail));
  const next = end < data.items ? makeCursor('user', data.userId(end), { issuedMs: issuedNow(context) }) : '';
  return json(200, { ok: true, members, cache_ts: 1_793_361_600, response_metadata: { next_cursor: next } });
}

/** https://docs.slack.dev/reference/methods/users.info */
export function userInfo({ call, token, data }: Granted): Reply {
  const index = data.findUser(argument(call, 'user') ?? '');
  if (index === null) return slackError('user_not_found');
  return json(200, { ok: true, user: data.user(index, token.scopes.includes('users:read.email')) });
}
