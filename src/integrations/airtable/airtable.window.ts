import { isJsonObject } from '../../errors/json-object.ts';
import { PositionExpired } from '../../items/item-source.ts';

/** Airtable gives up to 1000 bases, and all tables of a base, in one answer; so many of them go into a cursor. */
const WINDOW_SIZE = 50;

/** The place in a list where a window begins. */
export interface Place {
  /** Of the answer that the list is in; absent: the first, or the only one. */
  readonly offset?: string;
  readonly id?: string;
  /** Where it stood, in case it has left the list since. */
  readonly index: number;
}

export interface Window {
  readonly ids: readonly string[];
  /** Absent: it reaches to the end of the list. */
  readonly following?: Place;
}

export function windowAt(ids: readonly string[], place: Place): Window {
  const found = place.id === undefined ? -1 : ids.indexOf(place.id);
  const start = found === -1 ? place.index : found;
  const end = start + WINDOW_SIZE;
  const id = ids[end];
  const { offset } = place;
  return {
    ids: ids.slice(start, end),
    ...(id === undefined ? {} : { following: { ...(offset === undefined ? {} : { offset }), id, index: end } }),
  };
}

export function writePlace(place: Place): string {
  return JSON.stringify(place);
}

/** @throws PositionExpired for what `writePlace` didn't make: the listing is begun anew */
export function readPlace(position: string | undefined): Place {
  if (position === undefined) return { index: 0 };
  const { offset, id, index } = parsed(position);
  const isWhole = [offset, id].every((member) => member === undefined || typeof member === 'string');
  if (!isWhole || !Number.isSafeInteger(index) || (index as number) < 0) throw new PositionExpired();
  return { ...(offset === undefined ? {} : { offset }), ...(id === undefined ? {} : { id }), index } as Place;
}

function parsed(position: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(position);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
