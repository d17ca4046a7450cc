import { integrationItem, type IntegrationItem } from '../../items/integration-item.ts';
import { object, text, time, webUrl } from '../../items/provider-values.ts';
import { fileNameIn, mimeTypeOf } from './notion.files.ts';
import { excerpt, notionId, parentId, plainText, type Json } from './notion.values.ts';

/** "Block": the types whose content is a file, Notion's own or somebody else's. */
const FILE_TYPES: ReadonlySet<string> = new Set(['image', 'video', 'pdf', 'file', 'audio']);
/** Those that stand for something with an address on the web. */
const LINK_TYPES: ReadonlySet<string> = new Set(['bookmark', 'embed', 'link_preview']);

/** A block that is a page or a database, under that one's own id: it is an item already, and no block of ours. */
export function isItemOfItsOwn(block: Json): boolean {
  return block['type'] === 'child_page' || block['type'] === 'child_database';
}

/**
 * Whether a block's children are worth a call. A synced copy has those of its original, which are listed there.
 */
export function hasOwnChildren(block: Json): boolean {
  if (block['has_children'] !== true || isItemOfItsOwn(block)) return false;
  const syncedFrom = object(block['synced_block'])['synced_from'];
  return syncedFrom === null || syncedFrom === undefined;
}

/** @returns undefined for what has no usable id */
export function blockItem(block: Json): IntegrationItem | undefined {
  const id = notionId(block['id']);
  if (id === undefined) return undefined;
  const type = text(block['type']) ?? '';
  const content = object(block[type]);
  const file = FILE_TYPES.has(type) ? fileOf(content) : undefined;
  return integrationItem({
    id,
    type: 'block',
    directory: block['has_children'] === true,
    parent_id: parentId(block['parent']),
    name: excerpt(nameOf(type, content, file)),
    creation_time: time(block['created_time']),
    last_modified_time: time(block['last_edited_time']),
    url: file === undefined ? (LINK_TYPES.has(type) ? webUrl(content['url']) : null) : file.lastingUrl,
    mime_type: file === undefined ? null : mimeTypeOf(file.name ?? file.path),
    visibility: block['in_trash'] !== true,
  });
}

interface File {
  readonly name: string | undefined;
  /** The path of its address alone: no query, and so no signature. */
  readonly path: string;
  /** Somebody else's address. Notion's own ends within the hour and is signed, so it is nobody's to keep. */
  readonly lastingUrl: string | null;
}

/** "File object": `{type: "file", file: {url, expiry_time}}` or `{type: "external", external: {url}}`. */
function fileOf(content: Json): File {
  const external = webUrl(object(content['external'])['url']);
  const url = external ?? webUrl(object(content['file'])['url']);
  return { name: text(content['name']), path: url === null ? '' : new URL(url).pathname, lastingUrl: external };
}

function nameOf(type: string, content: Json, file: File | undefined): string | null {
  if (file !== undefined) return file.name ?? plainText(content['caption']) ?? fileNameIn(file.path);
  const written = plainText(content['rich_text']) ?? plainText(content['title']) ?? plainText(content['caption']);
  if (written !== null) return written;
  if (type === 'equation') return text(content['expression']) ?? null;
  if (type === 'table_row') return cells(content['cells']);
  return LINK_TYPES.has(type) ? webUrl(content['url']) : null;
}

function cells(row: unknown): string | null {
  if (!Array.isArray(row)) return null;
  const readable = row.map(plainText).filter((cell) => cell !== null);
  return readable.length === 0 ? null : readable.join(' | ');
}
