import { integrationItem, type IntegrationItem } from '../../items/integration-item.ts';
import { joined, object, text, time, webUrl } from '../../items/provider-values.ts';
import { providerId } from '../provider-account.ts';
import { HUBSPOT_OBJECT_TYPES } from './hubspot.object-types.ts';

type Json = Readonly<Record<string, unknown>>;

/** One CRM record. @returns undefined for what has no usable id */
export function recordItem(itemType: string, record: Json): IntegrationItem | undefined {
  const type = HUBSPOT_OBJECT_TYPES[itemType];
  const recordId = providerId(record['id']);
  if (type === undefined || recordId === undefined) return undefined;
  const properties = object(record['properties']);
  return integrationItem({
    // Record ids are numbers that each object type counts for itself.
    id: `${type.plural}/${recordId}`,
    type: itemType,
    name: nameOf(properties),
    creation_time: time(record['createdAt']) ?? time(properties['createdate']),
    last_modified_time: time(record['updatedAt']) ?? time(properties[type.modifiedProperty]),
    url: webUrl(record['url']),
    visibility: record['archived'] !== true,
  });
}

/** A record has the properties of its own type only, so that the first that is there is its name. */
function nameOf(properties: Json): string | null {
  const { firstname, lastname, email, name, domain, dealname, subject } = properties;
  return joined(firstname, lastname) ?? [email, name, domain, dealname, subject].map(text).find(Boolean) ?? null;
}

const ACCOUNT_KINDS: ReadonlyMap<unknown, string> = new Map([
  ['DEVELOPER_TEST', 'test'],
  ['SANDBOX', 'sandbox'],
  ['APP_DEVELOPER', 'developer'],
]);

/** People tell HubSpot accounts apart by the number in every address of theirs. */
export function accountName(id: string | undefined, details: Json): string | null {
  if (id === undefined) return null;
  const kind = ACCOUNT_KINDS.get(details['accountType']);
  return kind === undefined ? `HubSpot account ${id}` : `HubSpot ${kind} account ${id}`;
}
