import type { HubspotData } from './data.ts';
import { modifiedTimes } from './modified-times.ts';
import type { ObjectType } from './object-types.ts';
import type { Filter, SearchRequest } from './search-request.ts';

/** A property as it is compared: times and numbers as numbers, all else as lower-case text; `null`: it has none. */
type Value = number | string | null;

export type Matches = (index: number) => boolean;

/** What tells a record's property by its position. Times of change and ids cost next to nothing. */
export function propertyReader(data: HubspotData, type: ObjectType, property: string): (index: number) => Value {
  if (property === 'hs_object_id') {
    const first = data.firstId(type);
    return (index) => first + index;
  }
  if (property === type.modifiedProperty) {
    const times = modifiedTimes(data, type);
    return (index) => times[index] ?? null;
  }
  return (index) => comparable(data.allProperties(type, index)[property] ?? null);
}

/** Where the first match can be, at the earliest: ids grow with the position. */
export function firstMatch(data: HubspotData, type: ObjectType, { groups }: SearchRequest): number {
  const starts = groups.map((filters) =>
    filters.map(({ property, operator, value }) => {
      const isFrom = property === 'hs_object_id' && (operator === 'GT' || operator === 'GTE');
      return isFrom && /^\d{1,15}$/.test(value) ? Number(value) - data.firstId(type) : 0;
    }),
  );
  return starts.length === 0 ? 0 : Math.min(...starts.map((ofGroup) => Math.max(0, ...ofGroup)));
}

/** Whether a record is among the results: not in the bin, all filters of one group, and every word of the query. */
export function matcher(data: HubspotData, type: ObjectType, search: SearchRequest): Matches {
  const groups = search.groups.map((filters) => filters.map((filter) => filterMatcher(data, type, filter)));
  const words = search.query.toLowerCase().split(/\s+/).filter(Boolean);
  const hasWords = (index: number): boolean => {
    const text = Object.values(data.allProperties(type, index)).join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const inGroup = (index: number): boolean => {
    if (groups.length === 0) return true;
    // A million times a search: without a function for each look.
    nextGroup: for (const filters of groups) {
      for (const matches of filters) if (!matches(index)) continue nextGroup;
      return true;
    }
    return false;
  };
  return (index) => !data.isArchived(index) && inGroup(index) && (words.length === 0 || hasWords(index));
}

function filterMatcher(data: HubspotData, type: ObjectType, filter: Filter): Matches {
  const read = propertyReader(data, type, filter.property);
  const value = comparable(filter.value);
  const high = comparable(filter.highValue);
  const values = new Set(filter.values.map(comparable));
  const compared =
    (test: (order: number) => boolean): Matches =>
    (index) => {
      const found = read(index);
      if (typeof found === 'number' && typeof value === 'number') return test(found - value);
      const order = compare(found, value);
      return order !== null && test(order);
    };
  const tokens = tokenPattern(filter.value);
  const hasToken = (index: number): boolean => tokens.test(String(read(index) ?? ''));
  const matchers: Readonly<Record<Filter['operator'], Matches>> = {
    EQ: (index) => read(index) === value,
    NEQ: (index) => read(index) !== value,
    LT: compared((order) => order < 0),
    LTE: compared((order) => order <= 0),
    GT: compared((order) => order > 0),
    GTE: compared((order) => order >= 0),
    BETWEEN: (index) => (compare(read(index), value) ?? -1) >= 0 && (compare(read(index), high) ?? 1) <= 0,
    IN: (index) => values.has(read(index)),
    NOT_IN: (index) => !values.has(read(index)),
    HAS_PROPERTY: (index) => read(index) !== null,
    NOT_HAS_PROPERTY: (index) => read(index) === null,
    CONTAINS_TOKEN: hasToken,
    NOT_CONTAINS_TOKEN: (index) => !hasToken(index),
  };
  return matchers[filter.operator];
}

/** @returns null when one can't be put before or after the other */
export function compare(one: Value, other: Value): number | null {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one !== 'string' || typeof other !== 'string') return null;
  return one < other ? -1 : Number(one > other);
}

function comparable(value: string | null): Value {
  if (value === null) return null;
  if (/^-?\d{1,15}(\.\d+)?$/.test(value)) return Number(value);
  if (/^\d{4}-\d\d-\d\d/.test(value)) {
    const ms = Date.parse(value);
    if (!Number.isNaN(ms)) return ms;
  }
  return value.toLowerCase();
}

/** Whole words, with `*` for any part of one. */
function tokenPattern(value: string): RegExp {
  const escaped = value.toLowerCase().replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped.replaceAll('*', '[^\\s]*')}(?![\\p{L}\\p{N}])`, 'u');
}
