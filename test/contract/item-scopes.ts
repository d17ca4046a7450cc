import type { IntegrationDescriptor } from '../../src/integrations/integration-descriptor.ts';

/** Beyond those that are asked for anyway. */
const EXTRA_SCOPES: Readonly<Record<string, readonly string[]>> = {
  airtable: ['data.recordComments:read'],
};

const HISTORY = ['channels:read', 'channels:history'];
const CONTACTS = ['crm.objects.contacts.read'];

/**
 * The scopes without which an item type can't be loaded, by integration. Notion has none to ask for: what a connection may
 * do is fixed where it was registered.
 */
export const NEEDED_SCOPES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  airtable: {
    base: ['schema.bases:read'],
    table: ['schema.bases:read'],
    record: ['schema.bases:read', 'data.records:read'],
    comment: ['schema.bases:read', 'data.records:read', 'data.recordComments:read'],
  },
  hubspot: {
    contact: CONTACTS,
    company: ['crm.objects.companies.read'],
    deal: ['crm.objects.deals.read'],
    ticket: ['tickets'],
    note: CONTACTS,
    task: CONTACTS,
    meeting: CONTACTS,
    call: CONTACTS,
    owner: ['crm.objects.owners.read'],
  },
  slack: { channel: ['channels:read'], user: ['users:read'], message: HISTORY, reply: HISTORY, file: HISTORY },
};

/** Everything that any of its item types needs, as `authorize` takes it. */
export function askingForAll({ name, defaultScopes }: IntegrationDescriptor): { readonly scopes?: readonly string[] } {
  const scopes = [...defaultScopes, ...(EXTRA_SCOPES[name] ?? [])];
  return scopes.length === 0 ? {} : { scopes };
}
