import type { IntegrationItem } from '../api/types.ts';

const COLUMNS = [
  'id',
  'type',
  'name',
  'parent_id',
  'parent_path_or_name',
  'directory',
  'creation_time',
  'last_modified_time',
  'url',
  'children',
  'mime_type',
  'delta',
  'drive_id',
  'visibility',
  'integration',
  'connection_id',
] as const satisfies readonly (keyof IntegrationItem)[];

const LINE_END = '\r\n';
/**
 * A spreadsheet takes a cell that begins with one of these for a formula, and runs it. Where a separator other than the comma
 * is usual (`;` in much of Europe, a tab, `|`), it may begin a cell after each of those, quotes or not.
 */
const FORMULA = /(^|[\t;|,\r\n])(?=\s*[=+\-@\t\r])/g;
const NEEDS_QUOTES = /[",;\t|\r\n']/;

export const CSV_HEAD = COLUMNS.join(',') + LINE_END;

/** One record of RFC 4180. What isn't told is an empty cell; a list has a line for each. */
export function csvRecord(item: IntegrationItem): string {
  return COLUMNS.map((column) => cell(item[column])).join(',') + LINE_END;
}

function cell(value: IntegrationItem[keyof IntegrationItem]): string {
  if (value === null) return '';
  const text = Array.isArray(value) ? value.join('\n') : String(value);
  const harmless = text.replace(FORMULA, "$1'");
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
