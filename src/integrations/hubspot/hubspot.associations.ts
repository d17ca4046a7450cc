import { object, objects, text } from '../../items/provider-values.ts';
import { path, type ProviderPath } from '../../outbound/provider-path.ts';
import { providerId } from '../provider-account.ts';
import { objectTypeOf, type HubspotObjectType } from './hubspot.object-types.ts';

type Json = Readonly<Record<string, unknown>>;

/** One record that another is associated with. */
export interface Association {
  readonly id: string;
  /** Whether it is the company's, of those that a contact, deal or ticket may have. */
  readonly primary: boolean;
}

/** Of one record, by item type. */
export type Associations = ReadonlyMap<string, readonly Association[]>;

/** What places an item among the others. */
export interface Relations {
  readonly parent_id: string | null;
  readonly children: readonly string[] | null;
}

/** A company may have more than 100,000 contacts. */
const MAX_CHILDREN = 100;

/** HubSpot's own types of association with the primary company ("Associations v4"). */
const PRIMARY_TYPE_IDS: ReadonlySet<unknown> = new Set([1, 5, 26]);

/** The item types that a type's items are placed by. */
export function relatives(type: HubspotObjectType): readonly string[] {
  return [...type.parents, ...type.children];
}

/** The id of an item: records are numbered, each object type for itself. */
export function recordItemId(itemType: string, recordId: string): string {
  return `${objectTypeOf(itemType).plural}/${recordId}`;
}

/** As "List" has them with each record, when it was asked to. */
export function listedAssociations(type: HubspotObjectType, record: Json): Associations {
  const listed = object(record['associations']);
  return new Map(
    relatives(type).map((relative) => {
      const { results } = object(listed[objectTypeOf(relative).plural]);
      // The same company comes once for each label of the association; the primary one's has no suffix.
      const primary = `${type.itemType}_to_${relative}`;
      return [relative, associations(objects(results), 'id', (entry) => entry['type'] === primary)];
    }),
  );
}

export function associationsPath(type: HubspotObjectType, relative: string): ProviderPath {
  return path`/crm/v4/associations/${type.plural}/${objectTypeOf(relative).plural}/batch/read`;
}

/** "Read associations" of version 4, by the record asked about. Those without any are among its errors, and not here. */
export function readAssociations(answer: Json): ReadonlyMap<string, readonly Association[]> {
  const found = new Map<string, readonly Association[]>();
  for (const { from, to } of objects(answer['results'])) {
    const recordId = providerId(object(from)['id']);
    if (recordId !== undefined) found.set(recordId, associations(objects(to), 'toObjectId', hasPrimaryType));
  }
  return found;
}

function hasPrimaryType(entry: Json): boolean {
  return objects(entry['associationTypes']).some(
    ({ category, typeId }) => text(category) === 'HUBSPOT_DEFINED' && PRIMARY_TYPE_IDS.has(typeId),
  );
}

function associations(entries: readonly Json[], member: string, isPrimary: (entry: Json) => boolean): Association[] {
  return entries.flatMap((entry) => {
    const id = providerId(entry[member]);
    return id === undefined ? [] : [{ id, primary: isPrimary(entry) }];
  });
}

export function relationsOf(type: HubspotObjectType, known: Associations): Relations {
  const parentType = type.parents.find((parent) => (known.get(parent) ?? []).length > 0);
  const parents = parentType === undefined ? [] : (known.get(parentType) ?? []);
  const children = type.children.flatMap((child) => (known.get(child) ?? []).map(({ id }) => recordItemId(child, id)));
  return {
    parent_id: parentType === undefined ? null : recordItemId(parentType, best(parents).id),
    children: children.length === 0 ? null : [...new Set(children)].slice(0, MAX_CHILDREN),
  };
}

/** The primary one, or the one that is longest there: in whatever order they come, it is the same in every load. */
function best(candidates: readonly Association[]): Association {
  return candidates.reduce((chosen, one) => {
    if (one.primary !== chosen.primary) return one.primary ? one : chosen;
    return isBefore(one.id, chosen.id) ? one : chosen;
  });
}

/** Ids are whole numbers of any length. */
export function isBefore(id: string, other: string): boolean {
  return id.length === other.length ? id < other : id.length < other.length;
}
