import type { ObjectType } from './object-types.ts';

/** HubSpot's own association types, there and back; where one company is primary, those of the primary one as well. */
interface TypeIds {
  readonly plain: number;
  readonly primary?: number;
}

/** By the singular names, from and to (the official SDK's `AssociationTypes`). */
const TYPE_IDS: Readonly<Record<string, Readonly<Record<string, TypeIds>>>> = {
  contact: {
    company: { plain: 279, primary: 1 },
    deal: { plain: 4 },
    ticket: { plain: 15 },
    note: { plain: 201 },
    task: { plain: 203 },
    meeting: { plain: 199 },
    call: { plain: 193 },
  },
  company: {
    contact: { plain: 280, primary: 2 },
    deal: { plain: 342, primary: 6 },
    ticket: { plain: 340, primary: 25 },
    note: { plain: 189 },
    task: { plain: 191 },
    meeting: { plain: 187 },
    call: { plain: 181 },
  },
  deal: {
    company: { plain: 341, primary: 5 },
    contact: { plain: 3 },
    ticket: { plain: 27 },
    note: { plain: 213 },
    task: { plain: 215 },
    meeting: { plain: 211 },
    call: { plain: 205 },
  },
  ticket: {
    company: { plain: 339, primary: 26 },
    contact: { plain: 16 },
    deal: { plain: 28 },
    note: { plain: 227 },
    task: { plain: 229 },
    meeting: { plain: 225 },
    call: { plain: 219 },
  },
  note: activity(202, 190, 214, 228),
  task: activity(204, 192, 216, 230),
  meeting: activity(200, 188, 212, 226),
  call: activity(194, 182, 206, 220),
};

function activity(contact: number, company: number, deal: number, ticket: number): Record<string, TypeIds> {
  return {
    contact: { plain: contact },
    company: { plain: company },
    deal: { plain: deal },
    ticket: { plain: ticket },
  };
}

const typeIds = (from: ObjectType, to: ObjectType): TypeIds | undefined => TYPE_IDS[from.singular]?.[to.singular];

/** As version 4 tells it: the primary one's label, and the association without a label that goes with it. */
export function associationTypes(from: ObjectType, to: ObjectType, primary: boolean) {
  const { plain = 0, primary: primaryId } = typeIds(from, to) ?? {};
  const type = (typeId: number, label: string | null) => ({ category: 'HUBSPOT_DEFINED', typeId, label });
  return primary && primaryId !== undefined ? [type(primaryId, 'Primary'), type(plain, null)] : [type(plain, null)];
}

/** As version 3 names them beside a record: once for each label. */
export function associationNames(from: ObjectType, to: ObjectType, primary: boolean): readonly string[] {
  const name = `${from.singular}_to_${to.singular}`;
  if (typeIds(from, to)?.primary === undefined) return [name];
  return primary ? [name, `${name}_unlabeled`] : [`${name}_unlabeled`];
}
