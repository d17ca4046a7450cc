import type { HubspotData } from './data.ts';
import type { ObjectType } from './object-types.ts';

/** Eight bytes a record, for the listings that were searched last. */
const KEPT_LISTINGS = 8;

const kept = new Map<string, Float64Array>();

/** When each record of a type changed last, by position: the one thing that a search of a million must not make anew. */
export function modifiedTimes(data: HubspotData, type: ObjectType): Float64Array {
  const key = `${data.key}/${type.name}`;
  const times =
    kept.get(key) ?? Float64Array.from({ length: data.items }, (_, index) => data.times(type, index).updatedMs);
  // Put in again so that the map stays in order of use, and the one that was longest not used goes first.
  kept.delete(key);
  kept.set(key, times);
  if (kept.size > KEPT_LISTINGS) kept.delete(kept.keys().next().value ?? '');
  return times;
}
