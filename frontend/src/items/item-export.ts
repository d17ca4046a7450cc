import type { ItemCollection } from './item-collection.ts';
import { CSV_HEAD, csvRecord } from './csv.ts';
import type { Work } from './slices.ts';

export const EXPORT_FORMATS = ['csv', 'json', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const MEDIA_TYPES: Record<ExportFormat, string> = {
  csv: 'text/csv;charset=utf-8',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
};

const ITEMS_A_PART = 500;

/** A file's text in parts: as one string, a large account would take twice its memory. */
export function* exportParts(collection: ItemCollection, indexes: Uint32Array, format: ExportFormat): Work<string[]> {
  const parts: string[] = [format === 'csv' ? CSV_HEAD : format === 'json' ? '[' : ''];
  for (let from = 0; from < indexes.length; from += ITEMS_A_PART) {
    let part = '';
    for (const [offset, index] of indexes.subarray(from, from + ITEMS_A_PART).entries()) {
      const item = collection.at(index);
      if (format === 'csv') part += csvRecord(item);
      else if (format === 'ndjson') part += `${JSON.stringify(item)}\n`;
      else part += `${from + offset === 0 ? '' : ','}\n${JSON.stringify(item)}`;
    }
    parts.push(part);
    yield;
  }
  if (format === 'json') parts.push('\n]\n');
  return parts;
}

/** Such as `notion-items-2026-11-28.csv`, by the person's own calendar. */
export function exportName(integration: string, format: ExportFormat, now: Date): string {
  const [month, day] = [now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0'));
  return `${integration}-items-${now.getFullYear()}-${month}-${day}.${format}`;
}
