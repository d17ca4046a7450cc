import { integrationItem, type IntegrationItem } from '../../items/integration-item.ts';
import { joined, object, text, time, webUrl } from '../../items/provider-values.ts';
import { providerId } from '../provider-account.ts';
import { recordItemId, type Relations } from './hubspot.associations.ts';
import { objectTypeOf } from './hubspot.object-types.ts';

type Json = Readonly<Record<string, unknown>>;

/** What others are filed under: contacts below companies, activities below any of them. */
const DIRECTORIES: ReadonlySet<string> = new Set(['contact', 'company', 'deal', 'ticket']);

/** One CRM record. @returns undefined for what has no usable id */
export function recordItem(itemType: string, record: Json, relations?: Relations): IntegrationItem | undefined {
  const type = objectTypeOf(itemType);
  const recordId = providerId(record['id']);
  if (recordId === undefined) return undefined;
  const properties = object(record['properties']);
  return integrationItem({
    id: recordItemId(itemType, recordId),
    type: itemType,
    directory: DIRECTORIES.has(itemType),
    name: nameOf(properties),
    creation_time: time(record['createdAt']) ?? time(properties[type.createdProperty]),
    // First what an increment is found by: an item it finds must not look older than the increment.
    last_modified_time: time(properties[type.modifiedProperty]) ?? time(record['updatedAt']),
    url: webUrl(record['url']),
    visibility: record['archived'] !== true,
    ...relations,
  });
}

/** A record in the bin. Going there is the last that happened to it, and no change of its properties. */
export function deletedRecordItem(itemType: string, record: Json): IntegrationItem | undefined {
  const item = recordItem(itemType, record);
  if (item === undefined) return undefined;
  const last_modified_time = time(record['archivedAt']) ?? item.last_modified_time;
  return { ...item, delta: 'deleted', visibility: false, last_modified_time };
}

/** A user whom records can be assigned to ("Owners"). Archived: who has left the account. */
export function ownerItem(owner: Json): IntegrationItem | undefined {
  const ownerId = providerId(owner['id']);
  if (ownerId === undefined) return undefined;
  return integrationItem({
    id: `owners/${ownerId}`,
    type: 'owner',
    name: joined(owner['firstName'], owner['lastName']) ?? text(owner['email']) ?? null,
    creation_time: time(owner['createdAt']),
    last_modified_time: time(owner['updatedAt']),
    visibility: owner['archived'] !== true,
  });
}

/** The first that is there: a record has the properties of its own type only. */
const NAME_PROPERTIES = [
  'email',
  'name',
  'domain',
  'dealname',
  'subject',
  'hs_task_subject',
  'hs_meeting_title',
  'hs_call_title',
  'hs_body_preview',
];

function nameOf(properties: Json): string | null {
  const person = joined(properties['firstname'], properties['lastname']);
  return person ?? NAME_PROPERTIES.map((name) => text(properties[name])).find((name) => name !== undefined) ?? null;
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
