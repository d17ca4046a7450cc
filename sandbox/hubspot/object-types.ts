export interface ObjectType {
  readonly name: string;
  readonly singular: string;
  readonly typeId: string;
  /** Any one of these lets an app read it. */
  readonly scopes: readonly string[];
  readonly defaultProperties: readonly string[];
  /** The property of when it was made: activities call it otherwise than the rest. */
  readonly createdProperty: string;
  /** The property of the last change: contacts call it otherwise than all the rest. */
  readonly modifiedProperty: string;
}

const CREATED = 'createdate';
const MODIFIED = 'hs_lastmodifieddate';

export const OBJECT_TYPES: readonly ObjectType[] = [
  {
    name: 'contacts',
    singular: 'contact',
    typeId: '0-1',
    scopes: ['crm.objects.contacts.read'],
    defaultProperties: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
    createdProperty: CREATED,
    modifiedProperty: 'lastmodifieddate',
  },
  {
    name: 'companies',
    singular: 'company',
    typeId: '0-2',
    scopes: ['crm.objects.companies.read'],
    defaultProperties: ['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name'],
    createdProperty: CREATED,
    modifiedProperty: MODIFIED,
  },
  {
    name: 'deals',
    singular: 'deal',
    typeId: '0-3',
    scopes: ['crm.objects.deals.read'],
    defaultProperties: [
      'amount',
      'closedate',
      'createdate',
      'dealname',
      'dealstage',
      'hs_lastmodifieddate',
      'hs_object_id',
      'pipeline',
    ],
    createdProperty: CREATED,
    modifiedProperty: MODIFIED,
  },
  {
    name: 'tickets',
    singular: 'ticket',
    typeId: '0-5',
    scopes: ['tickets', 'crm.objects.tickets.read'],
    defaultProperties: [
      'content',
      'createdate',
      'hs_lastmodifieddate',
      'hs_object_id',
      'hs_pipeline',
      'hs_pipeline_stage',
      'hs_ticket_priority',
      'subject',
    ],
    createdProperty: CREATED,
    modifiedProperty: MODIFIED,
  },
  activity('notes', 'note', '0-46'),
  activity('tasks', 'task', '0-27'),
  activity('meetings', 'meeting', '0-47'),
  activity('calls', 'call', '0-48'),
];

/** Activities are read with the scope of contacts, and give next to nothing unless asked for it by name. */
function activity(name: string, singular: string, typeId: string): ObjectType {
  return {
    name,
    singular,
    typeId,
    scopes: ['crm.objects.contacts.read'],
    defaultProperties: ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id'],
    createdProperty: 'hs_createdate',
    modifiedProperty: MODIFIED,
  };
}

/** Every word a path may name a type by: plural, singular and type id. */
export function namesOf(type: ObjectType): string[] {
  return [type.name, type.singular, type.typeId];
}

/** The type that goes by a name; `null` for a name that none goes by. */
export function typeNamed(name: string): ObjectType | null {
  return OBJECT_TYPES.find((type) => namesOf(type).includes(name)) ?? null;
}
