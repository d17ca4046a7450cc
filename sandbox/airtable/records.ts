import type { Context } from '../core/context.ts';
import { json, wholeNumber, type Call, type Reply } from '../core/message.ts';
import type { Route } from '../core/route.ts';
import type { AirtableRecord, Table } from './data.ts';
import { airtableError, invalidPermissions } from './errors.ts';
import { grantedBase, withToken, type Granted } from './granted.ts';
import { overLimit } from './limits.ts';
import { makeOffset, positionOf } from './offsets.ts';

const SCOPE = 'data.records:read';

/** What a listing of records asks for, from the query or from a JSON body. */
interface Listing {
  readonly offset: string | null;
  readonly pageSize: string | null;
  readonly maxRecords: string | null;
  readonly fields: readonly string[];
  readonly byFieldId: boolean;
  /** A parameter the sandbox doesn't evaluate. */
  readonly unsupported: string | null;
}

/** Records in the order they were made. Formulas, sorting and comments are still to come. */
export function recordRoutes(context: Context): Route[] {
  const inTable =
    (handle: (granted: Granted, baseIndex: number, table: Table) => Reply) =>
    (call: Call): Reply =>
      withToken(context, call, SCOPE, (granted) => {
        const baseId = call.params['baseId'] ?? '';
        const baseIndex = grantedBase(context, granted, baseId);
        if (baseIndex === null) return invalidPermissions();
        const limited = overLimit(context, granted.token, baseId);
        if (limited) return limited;
        const wanted = call.params['table'];
        const table = granted.data.tables(baseIndex).find(({ id, name }) => id === wanted || name === wanted);
        return table ? handle(granted, baseIndex, table) : invalidPermissions();
      });
  const list = (listing: (call: Call) => Listing) =>
    inTable((granted, baseIndex, table) => listRecords(context, granted, { baseIndex, table }, listing(granted.call)));
  return [
    { method: 'GET', path: '/v0/{baseId}/{table}', kind: 'api', handle: list(listingFromQuery) },
    { method: 'POST', path: '/v0/{baseId}/{table}/listRecords', kind: 'api', handle: list(listingFromBody) },
    { method: 'GET', path: '/v0/{baseId}/{table}/{recordId}', kind: 'api', handle: inTable(oneRecord) },
  ];
}

function listingFromQuery({ query }: Call): Listing {
  const names = [...query.keys()];
  return {
    offset: query.get('offset'),
    pageSize: query.get('pageSize'),
    maxRecords: query.get('maxRecords'),
    fields: [...query.getAll('fields[]'), ...query.getAll('fields')],
    byFieldId: query.get('returnFieldsByFieldId') === 'true',
    unsupported: names.find((name) => name === 'filterByFormula' || name.startsWith('sort')) ?? null,
  };
}

function listingFromBody({ json: body }: Call): Listing {
  const text = (name: string): string | null => {
    const value = body?.[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  };
  const fields = body?.['fields'];
  return {
    offset: text('offset'),
    pageSize: text('pageSize'),
    maxRecords: text('maxRecords'),
    fields: Array.isArray(fields) ? fields.map(String) : [],
    byFieldId: body?.['returnFieldsByFieldId'] === true,
    unsupported: ['filterByFormula', 'sort'].find((name) => body?.[name] !== undefined) ?? null,
  };
}

function listRecords(
  context: Context,
  { data }: Granted,
  { baseIndex, table }: { baseIndex: number; table: Table },
  listing: Listing,
): Reply {
  const pageSize = wholeNumber(listing.pageSize ?? '100', 1, 100);
  const maxRecords = wholeNumber(listing.maxRecords ?? String(data.items), 1, Number.MAX_SAFE_INTEGER);
  if (listing.unsupported !== null || pageSize === null || (maxRecords === null && data.items > 0)) {
    const what = listing.unsupported ?? (pageSize === null ? 'pageSize' : 'maxRecords');
    return airtableError(422, 'INVALID_REQUEST_UNKNOWN', `The sandbox can't use this ${what}.`);
  }
  const scope = `${data.user.id}/${table.id}`;
  const start = positionOf(context, scope, listing.offset);
  if (start === null) {
    return airtableError(422, 'LIST_RECORDS_ITERATOR_NOT_AVAILABLE', 'The iterator is no longer available.');
  }
  const last = Math.min(data.items, maxRecords ?? 0);
  const end = Math.min(last, start + pageSize);
  const records: AirtableRecord[] = [];
  for (let index = start; index < end; index++) {
    records.push(shaped(data.record(baseIndex, table, index), table, listing));
  }
  const next = end < last ? `${makeOffset(context, scope, end)}/${data.record(baseIndex, table, end).id}` : null;
  return json(200, next === null ? { records } : { records, offset: next });
}

function shaped(record: AirtableRecord, table: Table, listing: Listing): AirtableRecord {
  const wanted = new Set(listing.fields);
  const entries = table.fields
    .filter(({ id, name }) => name in record.fields && (wanted.size === 0 || wanted.has(name) || wanted.has(id)))
    .map(({ id, name }) => [listing.byFieldId ? id : name, record.fields[name]] as const);
  return { ...record, fields: Object.fromEntries(entries) };
}

function oneRecord({ call, data }: Granted, baseIndex: number, table: Table): Reply {
  const index = data.recordIndex(baseIndex, table, call.params['recordId'] ?? '');
  if (index === null) return airtableError(404, 'NOT_FOUND', 'Could not find the record.');
  const byFieldId = call.query.get('returnFieldsByFieldId') === 'true';
  const everything = { offset: null, pageSize: null, maxRecords: null, fields: [], byFieldId, unsupported: null };
  return json(200, shaped(data.record(baseIndex, table, index), table, everything));
}
