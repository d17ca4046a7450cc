import type { Context } from '../core/context.ts';
import { json, wholeNumber, type Call, type Reply } from '../core/message.ts';
import type { Route } from '../core/route.ts';
import { scan } from '../core/scan.ts';
import { commentCount, commentPage } from './comments.ts';
import type { AirtableData, AirtableRecord, TableSpot } from './data.ts';
import { airtableError, invalidPermissions } from './errors.ts';
import { filterOf, type Filter } from './formula.ts';
import { grantedBase, withToken, type Granted } from './granted.ts';
import { overLimit } from './limits.ts';
import { listingFromBody, listingFromQuery, type Listing } from './listing.ts';
import { makeOffset, positionOf } from './offsets.ts';

const RECORDS = 'data.records:read';
const COMMENTS = 'data.recordComments:read';
/** Of records that a formula leaves out, so many are looked at for one page. */
const MAX_LOOKS = 5_000;

/** Records in the order they were made, and their comments. Sorting and views are still to come. */
export function recordRoutes(context: Context): Route[] {
  const inTable =
    (scope: string, handle: (granted: Granted, spot: TableSpot) => Reply) =>
    (call: Call): Reply =>
      withToken(context, call, scope, (granted) => {
        const baseId = call.params['baseId'] ?? '';
        const baseIndex = grantedBase(context, granted, baseId);
        if (baseIndex === null) return invalidPermissions();
        const limited = overLimit(context, granted.token, baseId);
        if (limited) return limited;
        const spot = granted.data.tableCalled(baseIndex, call.params['table'] ?? '');
        return spot ? handle(granted, spot) : invalidPermissions();
      });
  const list = (listing: (call: Call) => Listing) =>
    inTable(RECORDS, (granted, spot) => listRecords(context, granted, spot, listing(granted.call)));
  const comments = inTable(COMMENTS, (granted, spot) => listComments(context, granted, spot));
  return [
    { method: 'GET', path: '/v0/{baseId}/{table}', kind: 'api', handle: list(listingFromQuery) },
    { method: 'POST', path: '/v0/{baseId}/{table}/listRecords', kind: 'api', handle: list(listingFromBody) },
    { method: 'GET', path: '/v0/{baseId}/{table}/{recordId}', kind: 'api', handle: inTable(RECORDS, oneRecord) },
    { method: 'GET', path: '/v0/{baseId}/{table}/{recordId}/comments', kind: 'api', handle: comments },
  ];
}

function listRecords(context: Context, { data }: Granted, spot: TableSpot, listing: Listing): Reply {
  const all = data.sizes.recordsPerTable;
  const pageSize = wholeNumber(listing.pageSize ?? '100', 1, 100);
  const maxRecords = wholeNumber(listing.maxRecords ?? String(Math.max(1, all)), 1, Number.MAX_SAFE_INTEGER);
  const filter = listing.formula === null ? () => true : filterOf(listing.formula);
  const what = unusable(listing, pageSize, maxRecords, filter);
  if (what !== null || pageSize === null || maxRecords === null || filter === null) return cantUse(what ?? '');
  const scope = `${data.user.id}/${spot.table.id}`;
  const start = positionOf(context, scope, listing.offset);
  if (start === null) return iteratorGone();
  const end = Math.min(all, maxRecords);
  const pick = (index: number) => (filter(data.times(spot, index)) ? shaped(data, spot, index, listing) : null);
  const { found: records, next } = scan({ start, end }, pageSize, MAX_LOOKS, pick);
  if (next === null) return json(200, { records });
  return json(200, { records, offset: `${makeOffset(context, scope, next)}/${data.recordId(spot, next)}` });
}

function unusable(listing: Listing, pageSize: number | null, maxRecords: number | null, filter: Filter | null) {
  if (listing.isSorted) return 'sort';
  if (filter === null) return 'filterByFormula';
  if (pageSize === null) return 'pageSize';
  return maxRecords === null || (listing.maxRecords !== null && listing.formula !== null) ? 'maxRecords' : null;
}

function cantUse(what: string): Reply {
  return airtableError(422, 'INVALID_REQUEST_UNKNOWN', `The sandbox can't use this ${what}.`);
}

function iteratorGone(): Reply {
  return airtableError(422, 'LIST_RECORDS_ITERATOR_NOT_AVAILABLE', 'The iterator is no longer available.');
}

function shaped(data: AirtableData, spot: TableSpot, index: number, listing: Listing): AirtableRecord {
  const record = data.record(spot, index);
  const wanted = new Set(listing.fields);
  const entries = spot.table.fields
    .filter(({ id, name }) => name in record.fields && (wanted.size === 0 || wanted.has(name) || wanted.has(id)))
    .map(({ id, name }) => [listing.byFieldId ? id : name, record.fields[name]] as const);
  return {
    ...record,
    ...(listing.withCommentCount ? { commentCount: commentCount(spot, index) } : {}),
    fields: Object.fromEntries(entries),
  };
}

function oneRecord({ call, data }: Granted, spot: TableSpot): Reply {
  const index = data.recordIndex(spot, call.params['recordId'] ?? '');
  if (index === null) return noSuchRecord();
  return json(200, shaped(data, spot, index, { ...listingFromQuery(call), fields: [], withCommentCount: false }));
}

function listComments(context: Context, { call, data }: Granted, spot: TableSpot): Reply {
  const recordId = call.params['recordId'] ?? '';
  const index = data.recordIndex(spot, recordId);
  if (index === null) return noSuchRecord();
  const scope = `${data.user.id}/${spot.table.id}/${recordId}/comments`;
  const start = positionOf(context, scope, call.query.get('offset'));
  if (start === null) return airtableError(422, 'INVALID_OFFSET_VALUE', 'The offset is not valid any more.');
  const offsetOf = (position: number) => makeOffset(context, scope, position);
  return commentPage(data, spot, index, { start, pageSize: call.query.get('pageSize'), offsetOf });
}

function noSuchRecord(): Reply {
  return airtableError(404, 'NOT_FOUND', 'Could not find the record.');
}
