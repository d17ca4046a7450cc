export interface ObjectType {
  readonly name: string;
  readonly typeId: string;
  /** Any one of these lets an app read it. */
  readonly scopes: readonly string[];
  readonly defaultProperties: readonly string[];
  /** The property of the last change: contacts call it otherwise than all the rest. */
  readonly modifiedProperty: string;
}

export const OBJECT_TYPES: readonly ObjectType[] = [
  {
    name: 'contacts',
    typeId: '0-1',
    scopes: ['crm.objects.contacts.read'],
    defaultProperties: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
    modifiedProperty: 'lastmodifieddate',
  },
  {
    name: 'companies',
    typeId: '0-2',
    scopes: ['crm.objects.companies.read'],
    defaultProperties: ['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name'],
    modifiedProperty: 'hs_lastmodifieddate',
  },
  {
    name: 'deals',
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
    modifiedProperty: 'hs_lastmodifieddate',
  },
  {
    name: 'tickets',
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
    modifiedProperty: 'hs_lastmodifieddate',
  },
];

const SINGULARS: Readonly<Record<string, string>> = {
  contact: 'contacts',
  company: 'companies',
  deal: 'deals',
  ticket: 'tickets',
};

/** Every word a path may name a type by: plural, singular and type id. */
export function namesOf(type: ObjectType): string[] {
  const singulars = Object.keys(SINGULARS).filter((singular) => SINGULARS[singular] === type.name);
  return [type.name, ...singulars, type.typeId];
}
