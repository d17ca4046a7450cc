import { Draw } from '../core/draw.ts';
import { blockId, blockOfPage } from './block-tree.ts';
import type { NotionData, PageRef, Parent } from './data.ts';
import { equation, richText, type RichText } from './text.ts';
import { hasArchived, hasDataSources, type NotionVersion } from './versions.ts';

type Json = Readonly<Record<string, unknown>>;

const STATUSES = [
  { id: 'todo', name: 'Not started', color: 'default' },
  { id: 'doing', name: 'In progress', color: 'blue' },
  { id: 'done', name: 'Done', color: 'green' },
] as const;

export function pageObject(data: NotionData, page: PageRef, version: NotionVersion): Json {
  const { created, edited } = data.times(page);
  const id = data.pageId(page);
  const draw = new Draw(`${data.scope}/page-look/${page.source ?? 'none'}/${page.index}`);
  return {
    object: 'page',
    id,
    created_time: created,
    last_edited_time: edited,
    created_by: { object: 'user', id: data.account.userId },
    last_edited_by: { object: 'user', id: data.account.userId },
    ...trashed(data.isTrashed(page), version),
    is_archived: false,
    is_locked: draw.oneIn(20),
    icon: iconOf(draw),
    cover: null,
    parent: parentObject(data, data.parentOf(page), version),
    properties: page.source === null ? { title: titleValue(data, page) } : rowProperties(data, page),
    url: `https://app.notion.com/p/${id.replaceAll('-', '')}`,
    public_url: null,
  };
}

export function dataSourceObject(data: NotionData, source: number, version: NotionVersion): Json {
  const database = data.databaseOf(source);
  const { created, edited } = data.sourceTimes(source);
  const id = data.sourceId(source);
  return {
    object: 'data_source',
    id,
    title: richText(data.sourceTitle(source)),
    description: [],
    parent: { type: 'database_id', database_id: data.databaseId(database) },
    database_parent: databaseParent(data, database),
    is_inline: false,
    ...trashed(false, version),
    created_time: created,
    last_edited_time: edited,
    created_by: { object: 'user', id: data.account.userId },
    last_edited_by: { object: 'user', id: data.account.userId },
    properties: schemaProperties(),
    icon: null,
    cover: null,
    url: `https://app.notion.com/p/${data.databaseId(database).replaceAll('-', '')}`,
    public_url: null,
  };
}

/** The container; before 2025-09-03 it carries the schema of its only data source itself. */
export function databaseObject(data: NotionData, database: number, version: NotionVersion): Json {
  const sources = data.sourcesOf(database);
  const first = sources[0] ?? 0;
  const { created, edited } = databaseTimes(data, database);
  const id = data.databaseId(database);
  return {
    object: 'database',
    id,
    title: richText(data.sourceTitle(first)),
    description: [],
    parent: databaseParent(data, database),
    is_inline: false,
    ...trashed(false, version),
    is_locked: false,
    created_time: created,
    last_edited_time: edited,
    ...(hasDataSources(version)
      ? { data_sources: sources.map((source) => ({ id: data.sourceId(source), name: data.sourceTitle(source) ?? '' })) }
      : { properties: schemaProperties() }),
    icon: null,
    cover: null,
    url: `https://app.notion.com/p/${id.replaceAll('-', '')}`,
    public_url: null,
  };
}

/** Those of its first data source. */
export function databaseTimes(data: NotionData, database: number) {
  return data.sourceTimes(data.sourcesOf(database)[0] ?? 0);
}

/** `archived` left requests and answers with 2026-03-11. */
export function trashed(inTrash: boolean, version: NotionVersion): Json {
  return hasArchived(version) ? { in_trash: inTrash, archived: inTrash } : { in_trash: inTrash };
}

function iconOf(draw: Draw): Json | null {
  switch (draw.int(4)) {
    case 0:
      return { type: 'emoji', emoji: draw.pick(['📄', '🚀', '🧭', '🪴']) };
    case 1:
      return { type: 'icon', icon: { name: 'document', color: 'gray' } };
    default:
      return null;
  }
}

function parentObject(data: NotionData, parent: Parent, version: NotionVersion): Json {
  switch (parent.kind) {
    case 'workspace':
      return { type: 'workspace', workspace: true };
    case 'page':
      return { type: 'page_id', page_id: data.pageId({ source: null, index: parent.index }) };
    case 'block':
      return { type: 'block_id', block_id: blockId(data, blockOfPage(parent.index)) };
    case 'source': {
      const databaseId = data.databaseId(data.databaseOf(parent.source));
      return hasDataSources(version)
        ? { type: 'data_source_id', data_source_id: data.sourceId(parent.source), database_id: databaseId }
        : { type: 'database_id', database_id: databaseId };
    }
  }
}

function databaseParent(data: NotionData, database: number): Json {
  const index = data.pageOfDatabase(database);
  return index === null
    ? { type: 'workspace', workspace: true }
    : { type: 'page_id', page_id: data.pageId({ source: null, index }) };
}

function titleValue(data: NotionData, page: PageRef): Json {
  return { id: 'title', type: 'title', title: titleRuns(data, page) };
}

function titleRuns(data: NotionData, page: PageRef): RichText[] {
  return page.index % 59 === 21 ? equation('E = mc^2') : richText(data.title(page));
}

function rowProperties(data: NotionData, page: PageRef): Json {
  const draw = new Draw(`${data.scope}/row/${page.source ?? 0}/${page.index}`);
  const due = data.times(page).created.slice(0, 10);
  return {
    Name: titleValue(data, page),
    Status: { id: 'stat', type: 'status', status: draw.pick(STATUSES) },
    Due: { id: 'due%20', type: 'date', date: draw.oneIn(3) ? null : { start: due, end: null, time_zone: null } },
    Score: { id: 'scor', type: 'number', number: draw.oneIn(4) ? null : draw.int(100) },
    Done: { id: 'done', type: 'checkbox', checkbox: draw.oneIn(2) },
    Total: {
      id: 'totl',
      type: 'formula',
      formula: draw.oneIn(9) ? { type: 'unsupported', unsupported: {} } : { type: 'number', number: draw.int(500) },
    },
    Link: { id: 'link', type: 'url', url: draw.oneIn(2) ? null : `https://example.com/${page.index}` },
  };
}

function schemaProperties(): Json {
  return {
    Name: { id: 'title', name: 'Name', type: 'title', title: {} },
    Status: { id: 'stat', name: 'Status', type: 'status', status: { options: STATUSES, groups: [] } },
    Due: { id: 'due%20', name: 'Due', type: 'date', date: {} },
    Score: { id: 'scor', name: 'Score', type: 'number', number: { format: 'number' } },
    Done: { id: 'done', name: 'Done', type: 'checkbox', checkbox: {} },
    Total: { id: 'totl', name: 'Total', type: 'formula', formula: { expression: 'prop("Score") * 5' } },
    Link: { id: 'link', name: 'Link', type: 'url', url: {} },
  };
}
