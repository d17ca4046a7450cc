import type { ObjectType } from './object-types.ts';

export const OPERATORS = [
  'EQ',
  'NEQ',
  'LT',
  'LTE',
  'GT',
  'GTE',
  'BETWEEN',
  'IN',
  'NOT_IN',
  'HAS_PROPERTY',
  'NOT_HAS_PROPERTY',
  'CONTAINS_TOKEN',
  'NOT_CONTAINS_TOKEN',
] as const;

export interface Filter {
  readonly property: string;
  readonly operator: (typeof OPERATORS)[number];
  readonly value: string;
  readonly highValue: string;
  readonly values: readonly string[];
}

export interface SearchRequest {
  /** Any of these, each with all its filters. */
  readonly groups: readonly (readonly Filter[])[];
  readonly query: string;
  readonly sort: { readonly property: string; readonly descending: boolean } | null;
  readonly properties: readonly string[];
  readonly limit: number;
  readonly after: number;
}

type Json = Readonly<Record<string, unknown>>;

const MAX_GROUPS = 5;
const MAX_FILTERS_A_GROUP = 6;
const MAX_FILTERS = 18;
const MAX_PAGE = 200;
const MAX_RESULTS = 10_000;
const MAX_QUERY_LENGTH = 3_000;

/** Why a search is refused. */
export class BadSearch extends Error {
  override readonly name = 'BadSearch';
}

/** @param known the type's properties. @throws BadSearch */
export function readSearch(body: Json, type: ObjectType, known: readonly string[]): SearchRequest {
  const groups = list(body['filterGroups'], 'filterGroups').map((group) => list(group['filters'], 'filters'));
  refuseMany(groups.length, MAX_GROUPS, 'filterGroups');
  for (const filters of groups) refuseMany(filters.length, MAX_FILTERS_A_GROUP, 'filters in a group');
  refuseMany(groups.flat().length, MAX_FILTERS, 'filters');
  const query = body['query'] === undefined ? '' : text(body['query'], 'query');
  refuseMany(query.length, MAX_QUERY_LENGTH, 'characters of query');
  const limit = whole(body['limit'], 10, 'limit');
  if (limit < 1 || limit > MAX_PAGE) throw new BadSearch(`limit must be from 1 to ${MAX_PAGE}.`);
  const after = whole(body['after'], 0, 'after');
  if (after + limit > MAX_RESULTS) throw new BadSearch(`Paging past ${MAX_RESULTS} results is not supported.`);
  return {
    groups: groups.map((filters) => filters.map((filter) => readFilter(filter, type, known))),
    query,
    sort: readSort(body['sorts'], type, known),
    properties: Array.isArray(body['properties']) ? body['properties'].map(String) : [],
    limit,
    after,
  };
}

function readFilter(filter: Json, type: ObjectType, known: readonly string[]): Filter {
  const operator = OPERATORS.find((one) => one === filter['operator']);
  if (!operator) throw new BadSearch('A filter has no valid operator.');
  const takesList = operator === 'IN' || operator === 'NOT_IN';
  const takesNone = operator === 'HAS_PROPERTY' || operator === 'NOT_HAS_PROPERTY';
  if (takesList && !Array.isArray(filter['values'])) throw new BadSearch(`${operator} needs values.`);
  return {
    property: propertyNamed(filter['propertyName'], type, known),
    operator,
    value: takesList || takesNone ? '' : text(filter['value'], `value of ${operator}`),
    highValue: operator === 'BETWEEN' ? text(filter['highValue'], 'highValue') : '',
    values: takesList && Array.isArray(filter['values']) ? filter['values'].map(String) : [],
  };
}

/** `["-createdate"]` or `[{propertyName, direction}]`, and one at most. */
function readSort(sorts: unknown, type: ObjectType, known: readonly string[]): SearchRequest['sort'] {
  if (sorts === undefined || sorts === null) return null;
  if (!Array.isArray(sorts)) throw new BadSearch('sorts must be a list.');
  refuseMany(sorts.length, 1, 'sorts');
  const [sort] = sorts as unknown[];
  if (sort === undefined) return null;
  if (typeof sort === 'string') {
    return { property: propertyNamed(sort.replace(/^-/, ''), type, known), descending: sort.startsWith('-') };
  }
  const { propertyName, direction } = sort as Json;
  return { property: propertyNamed(propertyName, type, known), descending: direction === 'DESCENDING' };
}

function propertyNamed(name: unknown, type: ObjectType, known: readonly string[]): string {
  if (typeof name === 'string' && known.includes(name)) return name;
  throw new BadSearch(`There is no such property of ${type.name}.`);
}

function list(value: unknown, what: string): Json[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new BadSearch(`${what} must be a list.`);
  return value as Json[];
}

/** Values are text; numbers are taken for it. */
function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new BadSearch(`There is no ${what}.`);
}

function whole(value: unknown, otherwise: number, what: string): number {
  const number = value === undefined || value === null || value === '' ? otherwise : Number(value);
  if (!Number.isSafeInteger(number) || number < 0) throw new BadSearch(`${what} must be a whole number.`);
  return number;
}

function refuseMany(count: number, most: number, what: string): void {
  if (count > most) throw new BadSearch(`There are ${count} ${what}, and may be ${most}.`);
}
