import type { Context } from '../core/context.ts';
import { Draw } from '../core/draw.ts';
import { uuid } from '../core/identifiers.ts';
import type { Reply } from '../core/message.ts';
import { titleOf } from '../core/names.ts';
import { sharedBlock } from './blocks.ts';
import { objectNotFound, restrictedResource, validationError } from './errors.ts';
import { sharedPage, type Granted } from './granted.ts';
import { listReply, pageRequest } from './paging.ts';
import { richText } from './text.ts';

type Json = Readonly<Record<string, unknown>>;

/** No page or block has more. */
const MAX_COMMENTS = 2;

/**
 * https://developers.notion.com/reference/list-comments: the open ones of a page or of a block, each alone. Up to two at a
 * page, one at a block now and then.
 */
export function listComments(context: Context, granted: Granted): Reply {
  if (context.settings.notion.missingCapabilities.includes('read_comments')) return restrictedResource();
  const { data, call } = granted;
  const id = call.query.get('block_id') ?? '';
  const page = sharedPage(context, granted, id);
  const block = page === null ? sharedBlock(context, granted, id) : null;
  const at = page ?? block?.page;
  if (at === undefined) return objectNotFound('block', id);
  const place = `${data.pageNumber(at)}/${block?.ordinal ?? 'page'}`;
  const draw = new Draw(`${data.scope}/comments/${place}`);
  const count = block === null ? draw.int(MAX_COMMENTS + 1) : Number(draw.oneIn(10));
  const scope = `${data.scope}/comments/${place}`;
  const request = pageRequest(context, call, scope);
  if (typeof request === 'string') return validationError(request);
  const end = Math.min(count, request.start + request.size);
  const found: Json[] = [];
  const parent = block === null ? { type: 'page_id', page_id: data.pageId(at) } : { type: 'block_id', block_id: id };
  for (let index = request.start; index < end; index++) {
    found.push(commentObject(granted, { place, index, parent, created: data.times(at).created }));
  }
  return listReply(context, 'comment', scope, { found, next: end < count ? end : null });
}

function commentObject(
  { data }: Granted,
  { place, index, parent, created }: { place: string; index: number; parent: Json; created: string },
): Json {
  const scope = `${data.scope}/comment/${place}`;
  return {
    object: 'comment',
    id: uuid.make(scope, index),
    parent,
    discussion_id: uuid.make(`${scope}/discussion`, 0),
    created_time: created,
    last_edited_time: created,
    created_by: { object: 'user', id: data.account.userId },
    rich_text: richText(titleOf(scope, index)),
    display_name: { type: 'user', resolved_name: data.account.person },
  };
}
