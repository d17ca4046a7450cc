import { notionId } from './notion.values.ts';

/** What a listing below the first holds. */
export type ListingKind =
  /** The rows of a data source. */
  | 'rows'
  /** What lies in a page or a block: blocks, or comments. */
  | 'in'
  /** Nothing: it stands for rows of a data source that can't be listed, or for pages, and says so. */
  | 'cut';

export interface ListingKey {
  readonly kind: ListingKind;
  readonly id: string;
}

const KEY = /^(rows|in|cut):([\w-]{22})$/;
/** For what isn't of one data source. */
export const NO_ID = '00000000-0000-0000-0000-000000000000';

/** Cursors hold many of these, so a UUID goes in as its 16 bytes. */
export function listingKey(kind: ListingKind, id: string): string {
  return `${kind}:${Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')}`;
}

/** @throws TypeError for what {@link listingKey} didn't make */
export function readListingKey(text: string): ListingKey {
  const [, kind, bytes] = KEY.exec(text) ?? [];
  const hex = Buffer.from(bytes ?? '', 'base64url').toString('hex');
  const id = notionId(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
  if (kind === undefined || id === undefined) throw new TypeError('Not a listing of Notion’s.');
  return { kind: kind as ListingKind, id };
}
