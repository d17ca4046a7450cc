import { PatchbayError } from '../../errors/patchbay-error.ts';

const ID = /^[A-Za-z0-9]{1,64}$/;
const MAX_DEPTH = 3;

/** Ids are a kind's three letters and letters or digits; anything else has no business in a path or a link. */
export function airtableId(value: unknown): string | undefined {
  return typeof value === 'string' && ID.test(value) ? value : undefined;
}

/**
 * What a thing below a base is known by: a copy of a base may keep the ids of its tables and records, so that only with
 * their base they are their own. The listing below that thing has the same key.
 */
export function keyOf(...ids: readonly string[]): string {
  return ids.join('/');
}

/** @returns the ids of base, table and record, as far as the key goes. @throws PatchbayError `cursor_invalid` */
export function idsIn(key: string): readonly string[] {
  const ids = key.split('/');
  if (ids.length > MAX_DEPTH || ids.some((id) => airtableId(id) === undefined)) throw noSuchListing();
  return ids;
}

export function noSuchListing(): PatchbayError {
  return new PatchbayError('cursor_invalid', 'This cursor leads to no listing of Airtable’s. Load from the start.');
}
