import type { Context } from '../core/context.ts';
import type { Reply } from '../core/message.ts';
import { contentOf } from './block-content.ts';
import {
  blockId,
  childrenOfBlock,
  childrenOfPage,
  findBlock,
  lookOf,
  parentBlock,
  type BlockRef,
  type Child,
} from './block-tree.ts';
import type { PageRef } from './data.ts';
import { objectNotFound, success, validationError } from './errors.ts';
import { sharedPage, type Granted } from './granted.ts';
import { databaseObject, databaseTimes, pageObject, trashed } from './objects.ts';
import { listReply, pageRequest } from './paging.ts';

type Json = Readonly<Record<string, unknown>>;

/** https://developers.notion.com/reference/retrieve-a-block */
export function block(context: Context, granted: Granted): Reply {
  const id = granted.call.params['id'] ?? '';
  const page = sharedPage(context, granted, id);
  if (page !== null) return success(pageAsBlock(granted, page));
  const database = granted.data.findDatabase(id);
  if (database !== null) return success(databaseAsBlock(granted, database));
  const found = sharedBlock(context, granted, id);
  return found === null ? objectNotFound('block', id) : success(blockObject(granted, found));
}

/** https://developers.notion.com/reference/get-block-children: one level, of a page or a block. */
export function listChildren(context: Context, granted: Granted): Reply {
  const { data, call } = granted;
  const id = call.params['id'] ?? '';
  const page = sharedPage(context, granted, id);
  const found = page === null ? sharedBlock(context, granted, id) : null;
  if (page === null && found === null) return objectNotFound('block', id);
  const scope = `${data.scope}/children/${id.replaceAll('-', '')}`;
  const request = pageRequest(context, call, scope);
  if (typeof request === 'string') return validationError(request);
  const children = page === null ? (found === null ? [] : childrenOfBlock(data, found)) : childrenOfPage(data, page);
  const end = request.start + request.size;
  const next = end < children.length ? end : null;
  const here = children.slice(request.start, end).map((child) => childObject(granted, child));
  return listReply(context, 'block', scope, { found: here, next });
}

export function sharedBlock(context: Context, granted: Granted, id: string): BlockRef | null {
  const found = findBlock(granted.data, id);
  return found === null || sharedPage(context, granted, granted.data.pageId(found.page)) === null ? null : found;
}

function childObject(granted: Granted, child: Child): Json {
  if (child.kind === 'block') return blockObject(granted, child.block);
  if (child.kind === 'page') return pageAsBlock(granted, child.page);
  return databaseAsBlock(granted, child.database);
}

/** A database in its page's content, under its own id. */
function databaseAsBlock(granted: Granted, database: number): Json {
  const { data, version } = granted;
  const { id, parent } = databaseObject(data, database, version);
  const title = data.sourceTitle(data.sourcesOf(database)[0] ?? 0) ?? '';
  const { created, edited } = databaseTimes(data, database);
  const its = { id, parent, has_children: false, type: 'child_database', child_database: { title } };
  return { ...common(granted, created, edited), ...its };
}

function blockObject(granted: Granted, block: BlockRef): Json {
  const { data, version } = granted;
  const { created, edited } = data.times(block.page);
  const around = parentBlock(block);
  return {
    ...common(granted, created, block.ordinal === 0 ? edited : created),
    id: blockId(data, block),
    parent:
      around === null
        ? { type: 'page_id', page_id: data.pageId(block.page) }
        : { type: 'block_id', block_id: blockId(data, around) },
    has_children: childrenOfBlock(data, block).length > 0,
    ...contentOf(data, block, lookOf(data, block), version),
  };
}

/** A page in its parent's content, under its own id. */
function pageAsBlock(granted: Granted, page: PageRef): Json {
  const { data, version } = granted;
  const { id, parent, in_trash, created_time, last_edited_time } = pageObject(data, page, version);
  const times = { created_time, last_edited_time, in_trash };
  const has_children = childrenOfPage(data, page).length > 0;
  const child_page = { title: data.title(page) ?? '' };
  return { ...common(granted, '', ''), ...times, id, parent, has_children, type: 'child_page', child_page };
}

function common({ data, version }: Granted, created_time: string, last_edited_time: string): Json {
  const by = { object: 'user', id: data.account.userId };
  const times = { created_time, last_edited_time, created_by: by, last_edited_by: by };
  return { object: 'block', ...times, ...trashed(false, version) };
}
