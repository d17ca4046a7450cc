import { integrationItem, type IntegrationItem } from '../../items/integration-item.ts';
import { object, text, time } from '../../items/provider-values.ts';
import type { Json } from './airtable.calls.ts';
import { cellText } from './airtable.cell-text.ts';
import { airtableId, keyOf } from './airtable.keys.ts';
import type { AirtableTable } from './airtable.table.ts';

export interface AirtableBase {
  readonly id: string;
  readonly name: string | null;
}

/** Where a record lies. */
export interface TablePlace {
  readonly baseId: string;
  readonly table: AirtableTable;
}

/** The record that a comment is about. */
export interface CommentedRecord {
  readonly baseId: string;
  readonly tableId: string;
  readonly recordId: string;
  readonly name: string | null;
}

/** @returns undefined for what has no usable id */
export function airtableBase(base: Json): AirtableBase | undefined {
  const id = airtableId(base['id']);
  return id === undefined ? undefined : { id, name: text(base['name']) ?? null };
}

/** Airtable gives neither times nor counts for bases and tables. */
export function baseItem({ id, name }: AirtableBase): IntegrationItem {
  return integrationItem({ id, type: 'base', directory: true, name, url: webPage(id) });
}

export function tableItem({ id: tableId, name }: AirtableTable, base: AirtableBase): IntegrationItem {
  const id = keyOf(base.id, tableId);
  return integrationItem({
    id,
    type: 'table',
    directory: true,
    parent_id: base.id,
    parent_path_or_name: base.name,
    name,
    url: webPage(id),
  });
}

/**
 * @param foundSince what the provider's filter was asked for: a time of change before that is the field's mistake, and
 * nobody's reason to leave the record out
 * @returns undefined for what has no usable id
 */
export function recordItem(record: Json, place: TablePlace, foundSince?: Date): IntegrationItem | undefined {
  const { baseId, table } = place;
  const recordId = airtableId(record['id']);
  if (recordId === undefined) return undefined;
  const id = keyOf(baseId, table.id, recordId);
  const changed = table.changedFieldId === undefined ? null : time(object(record['fields'])[table.changedFieldId]);
  const isMistaken = changed !== null && foundSince !== undefined && Date.parse(changed) < foundSince.getTime();
  return integrationItem({
    id,
    type: 'record',
    parent_id: keyOf(baseId, table.id),
    parent_path_or_name: table.name,
    name: recordName(record, table),
    creation_time: time(record['createdTime']),
    last_modified_time: isMistaken ? null : changed,
    url: webPage(id),
  });
}

/** What the primary field says. Empty cells are left out of an answer. */
export function recordName(record: Json, { primary }: AirtableTable): string | null {
  return primary === undefined ? null : cellText(object(record['fields'])[primary.id], primary.format);
}

/** @returns undefined for what has no usable id */
export function commentItem(comment: Json, record: CommentedRecord): IntegrationItem | undefined {
  const commentId = airtableId(comment['id']);
  if (commentId === undefined) return undefined;
  const recordKey = keyOf(record.baseId, record.tableId, record.recordId);
  const repliedTo = airtableId(comment['parentCommentId']);
  const creation_time = time(comment['createdTime']);
  return integrationItem({
    id: keyOf(recordKey, commentId),
    type: 'comment',
    parent_id: repliedTo === undefined ? recordKey : keyOf(recordKey, repliedTo),
    parent_path_or_name: record.name,
    name: commentText(comment),
    creation_time,
    last_modified_time: time(comment['lastUpdatedTime']) ?? creation_time,
    // A comment has no page of its own.
    url: webPage(recordKey),
  });
}

/** "User mentioned": in the text stands `@[usr…]`, and beside it who that is. */
function commentText(comment: Json): string | null {
  const mentioned = object(comment['mentioned']);
  const shown = text(comment['text'])?.replace(/@\[([A-Za-z0-9]{1,64})\]/g, (token, id: string) => {
    const { displayName, email } = object(Object.hasOwn(mentioned, id) ? mentioned[id] : undefined);
    const name = text(displayName) ?? text(email);
    return name === undefined ? token : `@${name}`;
  });
  return shown ?? null;
}

function webPage(key: string): string {
  return `https://airtable.com/${key}`;
}
