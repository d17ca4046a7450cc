import { object, objects, text } from '../../items/provider-values.ts';
import type { Json } from './airtable.calls.ts';
import { cellFormat, type CellFormat } from './airtable.cell-text.ts';
import { airtableId } from './airtable.keys.ts';

/** A table, as far as its records need it. */
export interface AirtableTable {
  readonly id: string;
  readonly name: string | null;
  /** The field that names its records. */
  readonly primary?: { readonly id: string; readonly format: CellFormat };
  /** A field that has the time of the record's last change. */
  readonly changedFieldId?: string;
}

/** One of "Get base schema". @returns undefined for what has no usable id */
export function airtableTable(table: Json): AirtableTable | undefined {
  const id = airtableId(table['id']);
  if (id === undefined) return undefined;
  const fields = objects(table['fields']);
  const primary = fields.find((field) => field['id'] === table['primaryFieldId']);
  const primaryId = airtableId(primary?.['id']);
  const changedFieldId = airtableId(fields.find(watchesEverything)?.['id']);
  return {
    id,
    name: text(table['name']) ?? null,
    ...(primary === undefined || primaryId === undefined
      ? {}
      : { primary: { id: primaryId, format: cellFormat(primary['type'], primary['options']) } }),
    ...(changedFieldId === undefined ? {} : { changedFieldId }),
  };
}

/** "Field types", last modified time: one that watches certain fields names them, and isn't moved by the others. */
function watchesEverything({ type, options }: Json): boolean {
  if (type !== 'lastModifiedTime') return false;
  const { referencedFieldIds, isValid, result } = object(options);
  const isUnnamed = !Array.isArray(referencedFieldIds) || referencedFieldIds.length === 0;
  // One that shows the day alone would put every change at midnight.
  return isUnnamed && isValid !== false && object(result)['type'] !== 'date';
}
