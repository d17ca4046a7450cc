import { integrationItem, type IntegrationItem } from '../../items/integration-item.ts';
import { object, objects, text, time, webUrl } from '../../items/provider-values.ts';
import { excerpt, notionId, parentId, plainText, type Json } from './notion.values.ts';

/** Holds blocks, and pages below it. @returns undefined for what has no usable id */
export function pageItem(page: Json): IntegrationItem | undefined {
  return item(page, { type: 'page', directory: true, name: titleProperty(page) });
}

/** The table of a database: its schema and rows. @returns undefined for what has no usable id */
export function dataSourceItem(source: Json): IntegrationItem | undefined {
  return item(source, { type: 'data_source', directory: true, name: plainText(source['title']) });
}

/** The container of data sources. @returns undefined for what has no usable id */
export function databaseItem(database: Json): IntegrationItem | undefined {
  const children = dataSourceIds(database);
  return item(database, { type: 'database', directory: true, name: plainText(database['title']), children });
}

/** "Comment". It has no address of its own. @returns undefined for what has no usable id */
export function commentItem(comment: Json): IntegrationItem | undefined {
  return item(comment, { type: 'comment', name: excerpt(plainText(comment['rich_text'])), url: null });
}

/** "User": a person or a bot. @returns undefined for what has no usable id */
export function userItem(user: Json): IntegrationItem | undefined {
  const id = notionId(user['id']);
  if (id === undefined) return undefined;
  const name = text(user['name']) ?? text(object(user['person'])['email']) ?? null;
  return integrationItem({ id, type: 'user', name });
}

/** What an increment found in the trash. */
export function deleted(found: IntegrationItem): IntegrationItem {
  return { ...found, delta: 'deleted', visibility: false };
}

/** The database a data source lies in. */
export function databaseIdOf(source: Json): string | undefined {
  return notionId(object(source['parent'])['database_id']);
}

/** The data source a page is a row of. */
export function dataSourceIdOf(page: Json): string | undefined {
  const parent = object(page['parent']);
  return parent['type'] === 'data_source_id' ? notionId(parent['data_source_id']) : undefined;
}

/** In the database's own order. */
export function dataSourceIds(database: Json): readonly string[] {
  return objects(database['data_sources'])
    .map((source) => notionId(source['id']))
    .filter((id) => id !== undefined);
}

function item(
  record: Json,
  known: Partial<IntegrationItem> & Pick<IntegrationItem, 'type'>,
): IntegrationItem | undefined {
  const id = notionId(record['id']);
  if (id === undefined) return undefined;
  return integrationItem({
    id,
    parent_id: parentId(record['parent']),
    creation_time: time(record['created_time']),
    last_modified_time: time(record['last_edited_time']),
    url: webUrl(record['url']),
    visibility: record['in_trash'] !== true,
    ...known,
  });
}

/** The one property of type `title`, whatever it is called. */
function titleProperty(page: Json): string | null {
  const title = Object.values(object(page['properties'])).find((property) => object(property)['type'] === 'title');
  return plainText(object(title)['title']);
}
