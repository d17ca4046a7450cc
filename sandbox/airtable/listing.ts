import type { Call } from '../core/message.ts';

/** What a listing of records asks for, from the query or from a JSON body. */
export interface Listing {
  readonly offset: string | null;
  readonly pageSize: string | null;
  readonly maxRecords: string | null;
  readonly fields: readonly string[];
  readonly byFieldId: boolean;
  readonly withCommentCount: boolean;
  readonly formula: string | null;
  /** Whether it asks for an order, which the sandbox doesn't play. */
  readonly isSorted: boolean;
}

export function listingFromQuery({ query }: Call): Listing {
  const all = (name: string) => [...query.getAll(`${name}[]`), ...query.getAll(name)];
  return {
    offset: query.get('offset'),
    pageSize: query.get('pageSize'),
    maxRecords: query.get('maxRecords'),
    fields: all('fields'),
    byFieldId: query.get('returnFieldsByFieldId') === 'true',
    withCommentCount: all('recordMetadata').includes('commentCount'),
    formula: query.get('filterByFormula'),
    isSorted: [...query.keys()].some((name) => name.startsWith('sort')),
  };
}

export function listingFromBody({ json: body }: Call): Listing {
  const text = (name: string): string | null => {
    const value = body?.[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  };
  const all = (name: string): readonly string[] => {
    const value = body?.[name];
    return Array.isArray(value) ? value.map(String) : [];
  };
  return {
    offset: text('offset'),
    pageSize: text('pageSize'),
    maxRecords: text('maxRecords'),
    fields: all('fields'),
    byFieldId: body?.['returnFieldsByFieldId'] === true,
    withCommentCount: all('recordMetadata').includes('commentCount'),
    formula: text('filterByFormula'),
    isSorted: body?.['sort'] !== undefined,
  };
}
