import { integrationItem, type IntegrationItem } from '../../items/integration-item.ts';
import { text } from '../../items/provider-values.ts';

type Json = Readonly<Record<string, unknown>>;

export interface AirtableBase {
  readonly id: string;
  readonly name: string | null;
}

const ID = /^[A-Za-z0-9]{1,64}$/;

/** Ids are a kind's three letters and letters or digits; anything else has no business in a path or a link. */
function airtableId(value: unknown): string | undefined {
  return typeof value === 'string' && ID.test(value) ? value : undefined;
}

/** @returns undefined for what has no usable id */
export function airtableBase(base: Json): AirtableBase | undefined {
  const id = airtableId(base['id']);
  return id === undefined ? undefined : { id, name: text(base['name']) ?? null };
}

/** Airtable gives neither times nor counts for bases and tables. */
export function baseItem(base: AirtableBase): IntegrationItem {
  const { id, name } = base;
  return integrationItem({ id, type: 'base', directory: true, name, url: `https://airtable.com/${id}` });
}

/** @returns undefined for what has no usable id */
export function tableItem(table: Json, base: AirtableBase): IntegrationItem | undefined {
  const tableId = airtableId(table['id']);
  if (tableId === undefined) return undefined;
  return integrationItem({
    // A copy of a base may keep the ids of its tables: only with its base is a table's id its own.
    id: `${base.id}/${tableId}`,
    type: 'table',
    directory: true,
    parent_id: base.id,
    parent_path_or_name: base.name,
    name: text(table['name']) ?? null,
    url: `https://airtable.com/${base.id}/${tableId}`,
  });
}
