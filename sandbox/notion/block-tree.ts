import { Draw } from '../core/draw.ts';
import { uuid } from '../core/identifiers.ts';
import type { NotionData, PageRef } from './data.ts';

/*
 * Blocks of a page as numbers: up to 16 at the top, up to 8 in each of those, one in each of these. What lies in what is
 * drawn from the number, so that any block can be found again by its id.
 */
const ORDINALS = 512;
const SECOND = 16;
const THIRD = 144;
/** The child of the original of all synced blocks, and that original; both on the workspace's first page. */
const SYNCED_CHILD = 509;
const SYNCED = 510;
/** A toggle with the page of the next group in it. */
const TOGGLE_WITH_PAGE = 511;
const GROUP = 5;

export interface BlockRef {
  readonly page: PageRef;
  readonly ordinal: number;
}

/** What lies in a page or a block: blocks, and the pages and databases that are listed as blocks under their own id. */
export type Child =
  | { readonly kind: 'block'; readonly block: BlockRef }
  | { readonly kind: 'page'; readonly page: PageRef }
  | { readonly kind: 'database'; readonly database: number };

/** `synced_copy` is Notion's `synced_block` with a `synced_from`. */
const TOP_TYPES = [
  'paragraph', 'heading_1', 'heading_4', 'bulleted_list_item', 'numbered_list_item', 'to_do', 'toggle', 'quote', 'callout',
  'code', 'divider', 'image', 'hosted_image', 'video', 'pdf', 'file', 'audio', 'bookmark', 'embed', 'link_preview', 'equation',
  'table', 'column_list', 'synced_copy', 'table_of_contents', 'meeting_notes', 'link_to_page', 'unsupported',
] as const; // prettier-ignore

export type BlockLook = (typeof TOP_TYPES)[number] | 'synced_block' | 'table_row' | 'column';

const HOLDING: ReadonlySet<BlockLook> = new Set(['toggle', 'bulleted_list_item', 'table', 'column_list', 'column']);

const FIRST_PAGE: PageRef = { source: null, index: 1 };

const isFirstPage = ({ source, index }: PageRef): boolean => source === null && index === FIRST_PAGE.index;

export function blockId(data: NotionData, { page, ordinal }: BlockRef): string {
  return uuid.make(`${data.scope}/block`, data.pageNumber(page) * ORDINALS + ordinal);
}

export function findBlock(data: NotionData, id: string): BlockRef | null {
  const number = uuid.index(`${data.scope}/block`, id);
  const page = number === null ? null : data.pageNumbered(Math.floor(number / ORDINALS));
  if (number === null || page === null) return null;
  const block = { page, ordinal: number % ORDINALS };
  return isThere(data, block) ? block : null;
}

/** The block that a page of the third, seventh… group lies in. */
export function blockOfPage(index: number): BlockRef {
  return { page: { source: null, index: index - GROUP }, ordinal: TOGGLE_WITH_PAGE };
}

export function syncedOriginal(): BlockRef {
  return { page: FIRST_PAGE, ordinal: SYNCED };
}

/** The block a block lies in; `null`: right on its page. */
export function parentBlock({ page, ordinal }: BlockRef): BlockRef | null {
  if (ordinal === SYNCED_CHILD) return { page, ordinal: SYNCED };
  if (ordinal < SECOND || ordinal >= SYNCED) return null;
  return { page, ordinal: ordinal < THIRD ? Math.floor((ordinal - SECOND) / 8) : ordinal - THIRD + SECOND };
}

export function lookOf(data: NotionData, block: BlockRef): BlockLook {
  const { ordinal } = block;
  if (ordinal === SYNCED) return 'synced_block';
  if (ordinal === TOGGLE_WITH_PAGE) return 'toggle';
  if (ordinal < SECOND) return drawOf(data, block, 'look').pick(TOP_TYPES);
  const parent = parentBlock(block);
  if (parent === null || ordinal >= THIRD) return 'paragraph';
  const around = lookOf(data, parent);
  if (around === 'column_list') return 'column';
  if (around === 'table') return 'table_row';
  return drawOf(data, block, 'look').pick(['paragraph', 'toggle', 'to_do'] as const);
}

export function childrenOfPage(data: NotionData, page: PageRef): Child[] {
  const count = new Draw(`${data.scope}/blocks/${data.pageNumber(page)}`).int(page.source === null ? 7 : 3);
  const ordinals = Array.from({ length: count }, (_none, ordinal) => ordinal);
  if (isFirstPage(page)) ordinals.push(SYNCED);
  if (pageInToggle(data, page) !== null) ordinals.push(TOGGLE_WITH_PAGE);
  return [...ordinals.map((ordinal): Child => ({ kind: 'block', block: { page, ordinal } })), ...itemsOn(data, page)];
}

export function childrenOfBlock(data: NotionData, block: BlockRef): Child[] {
  const { page, ordinal } = block;
  const child = (at: number): Child => ({ kind: 'block', block: { page, ordinal: at } });
  if (ordinal === SYNCED) return [child(SYNCED_CHILD)];
  if (ordinal === TOGGLE_WITH_PAGE) {
    const held = pageInToggle(data, page);
    return held === null ? [] : [{ kind: 'page', page: held }];
  }
  const look = lookOf(data, block);
  if (look === 'synced_copy') return childrenOfBlock(data, syncedOriginal());
  if (!HOLDING.has(look)) return [];
  if (ordinal >= SECOND) return ordinal < THIRD ? [child(ordinal - SECOND + THIRD)] : [];
  const count = look === 'column_list' ? 2 : drawOf(data, block, 'children').int(3);
  return Array.from({ length: count }, (_none, index) => child(SECOND + ordinal * 8 + index));
}

/** Pages below a page, and the database on it. */
function itemsOn(data: NotionData, { source, index }: PageRef): Child[] {
  if (source !== null || index % GROUP !== 1) return [];
  const group = Math.floor(index / GROUP);
  const pages = [index + 1, index + GROUP].map((at): PageRef => ({ source: null, index: at }));
  const below = pages.filter((page) => isPageOn(data, page, index));
  const database = data.databaseOf(group);
  const isHere =
    group < data.sources && data.sourcesOf(database)[0] === group && data.pageOfDatabase(database) === index;
  return [
    ...below.map((page): Child => ({ kind: 'page', page })),
    ...(isHere ? [{ kind: 'database', database } as const] : []),
  ];
}

function isPageOn(data: NotionData, page: PageRef, index: number): boolean {
  if (page.index >= data.items || data.isTrashed(page)) return false;
  const parent = data.parentOf(page);
  return parent.kind === 'page' && parent.index === index;
}

function pageInToggle(data: NotionData, { source, index }: PageRef): PageRef | null {
  const held: PageRef = { source: null, index: index + GROUP };
  if (source !== null || index % GROUP !== 1 || held.index >= data.items || data.isTrashed(held)) return null;
  return data.parentOf(held).kind === 'block' ? held : null;
}

function isThere(data: NotionData, block: BlockRef): boolean {
  const parent = parentBlock(block);
  if (parent !== null && (lookOf(data, parent) === 'synced_copy' || !isThere(data, parent))) return false;
  const beside = parent === null ? childrenOfPage(data, block.page) : childrenOfBlock(data, parent);
  return beside.some((child) => child.kind === 'block' && child.block.ordinal === block.ordinal);
}

function drawOf(data: NotionData, { page, ordinal }: BlockRef, what: string): Draw {
  return new Draw(`${data.scope}/block-${what}/${data.pageNumber(page)}/${ordinal}`);
}
