import { path, type ProviderPath } from '../../outbound/provider-path.ts';

export interface HubspotObjectType {
  readonly itemType: string;
  /** As its paths name it. */
  readonly plural: string;
  readonly list: ProviderPath;
  readonly search: ProviderPath;
  /** Asked by name: what comes without asking is HubSpot's to change. */
  readonly properties: readonly string[];
  readonly createdProperty: string;
  readonly modifiedProperty: string;
  /** Item types whose records it may belong to. The first that it is associated with has it. */
  readonly parents: readonly string[];
  /** Item types whose records are listed as its children. */
  readonly children: readonly string[];
}

type Kin = Partial<Pick<HubspotObjectType, 'parents' | 'children'>>;

/** Contacts alone call it otherwise ("Search the CRM"). */
const MODIFIED = 'hs_lastmodifieddate';

const RECORDS = [
  record('contact', 'contacts', ['firstname', 'lastname', 'email'], { parents: ['company'] }, 'lastmodifieddate'),
  record('company', 'companies', ['name', 'domain'], { children: ['contact'] }),
  record('deal', 'deals', ['dealname'], { parents: ['company'] }),
  record('ticket', 'tickets', ['subject'], { parents: ['company'] }),
  activity('note', 'notes'),
  activity('task', 'tasks', 'hs_task_subject'),
  activity('meeting', 'meetings', 'hs_meeting_title'),
  activity('call', 'calls', 'hs_call_title'),
];

/** By item type ("CRM objects", "Activities"). */
export const HUBSPOT_OBJECT_TYPES: ReadonlyMap<string, HubspotObjectType> = new Map(
  RECORDS.map((type) => [type.itemType, type]),
);

/** @throws TypeError for an item type that is no CRM object */
export function objectTypeOf(itemType: string): HubspotObjectType {
  const type = HUBSPOT_OBJECT_TYPES.get(itemType);
  if (type === undefined) throw new TypeError(`No such item type: ${itemType}`);
  return type;
}

function record(
  itemType: string,
  plural: string,
  names: readonly string[],
  kin: Kin,
  modifiedProperty = MODIFIED,
): HubspotObjectType {
  return objectType({ itemType, plural, createdProperty: 'createdate', modifiedProperty, ...kin }, names);
}

/** Its text is up to 64 KB of HTML, so that only HubSpot's own plain beginning of it is asked for. */
function activity(itemType: string, plural: string, ...title: readonly string[]): HubspotObjectType {
  const parents = ['contact', 'company', 'deal', 'ticket'];
  const known = { itemType, plural, createdProperty: 'hs_createdate', modifiedProperty: MODIFIED, parents };
  return objectType(known, [...title, 'hs_body_preview']);
}

function objectType(
  known: Pick<HubspotObjectType, 'itemType' | 'plural' | 'createdProperty' | 'modifiedProperty'> & Kin,
  names: readonly string[],
): HubspotObjectType {
  return {
    parents: [],
    children: [],
    ...known,
    list: path`/crm/v3/objects/${known.plural}`,
    search: path`/crm/v3/objects/${known.plural}/search`,
    properties: [...names, known.createdProperty, known.modifiedProperty],
  };
}
