import { path, type ProviderPath } from '../../outbound/provider-path.ts';

export interface HubspotObjectType {
  /** As its paths name it. */
  readonly plural: string;
  readonly list: ProviderPath;
  /** Asked by name: what comes without asking is HubSpot's to change. */
  readonly properties: readonly string[];
  readonly modifiedProperty: string;
}

/** By item type ("CRM objects"). */
export const HUBSPOT_OBJECT_TYPES: Readonly<Record<string, HubspotObjectType>> = {
  contact: objectType('contacts', ['firstname', 'lastname', 'email'], 'lastmodifieddate'),
  company: objectType('companies', ['name', 'domain'], 'hs_lastmodifieddate'),
  deal: objectType('deals', ['dealname'], 'hs_lastmodifieddate'),
  ticket: objectType('tickets', ['subject'], 'hs_lastmodifieddate'),
};

function objectType(plural: string, names: readonly string[], modifiedProperty: string): HubspotObjectType {
  const properties = [...names, 'createdate', modifiedProperty];
  return { plural, list: path`/crm/v3/objects/${plural}`, properties, modifiedProperty };
}
