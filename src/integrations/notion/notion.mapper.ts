import { integrationItem, type IntegrationItem } from '../../items/integration-item.ts';
import { object, objects, text, time, webUrl } from '../../items/provider-values.ts';

type Json = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i;

/** @returns undefined for what is no UUID, and has no business in a path */
export function notionId(value: unknown): string | undefined {
  return typeof value === 'string' && UUID.test(value) ? value : undefined;
}

/** @returns undefined for what has no usable id */
export function pageItem(page: Json): IntegrationItem | undefined {
  return item(page, { type: 'page', name: titleProperty(page) });
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

/** The database a data source lies in. */
export function databaseIdOf(source: Json): string | undefined {
  const parent = object(source['parent']);
  return notionId(parent['database_id']);
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
    parent_id: parentId(object(record['parent'])),
    creation_time: time(record['created_time']),
    last_modified_time: time(record['last_edited_time']),
    url: webUrl(record['url']),
    visibility: record['in_trash'] !== true,
    ...known,
  });
}

/** "Parent object": `{type: "page_id", page_id: …}`; the workspace itself has no id. */
function parentId(parent: Json): string | null {
  const type = text(parent['type']);
  return type === undefined || type === 'workspace' ? null : (text(parent[type]) ?? null);
}

/** The one property of type `title`, whatever it is called. */
function titleProperty(page: Json): string | null {
  const title = Object.values(object(page['properties'])).find((property) => object(property)['type'] === 'title');
  return plainText(object(title)['title']);
}

/** "Rich text": a title in pieces. @returns null for one with nothing to read */
function plainText(richText: unknown): string | null {
  const pieces = objects(richText).map((piece) => piece['plain_text']);
  const whole = pieces.filter((piece) => typeof piece === 'string').join('');
  return text(whole)?.trim() ?? null;
}
