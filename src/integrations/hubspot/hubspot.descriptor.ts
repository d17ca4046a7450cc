import type { ItemChanges } from '../../items/item-source.ts';
import type { IntegrationDescriptor } from '../integration-descriptor.ts';
import { hubspotProblem } from './hubspot.api-problem.ts';
import { hubspotPace } from './hubspot.pace.ts';
import { hubspotTokenAnswer } from './hubspot.token-answer.ts';

/** By "Search", whose index is "a few moments" behind; deletions by the listing of what is archived. */
const SEARCHED: ItemChanges = { foundBy: 'provider', showsDeletions: true, lagSeconds: 60 };

/** HubSpot, by its "OAuth" guides, "Error handling" and "Usage guidelines" (developers.hubspot.com/docs). */
export const hubspotDescriptor: IntegrationDescriptor = {
  name: 'hubspot',
  displayName: 'HubSpot',
  itemTypes: ['contact', 'company', 'deal', 'ticket', 'note', 'task', 'meeting', 'call', 'owner'],
  defaultItemTypes: ['contact', 'company', 'deal', 'ticket'],
  changes: {
    contact: SEARCHED,
    company: SEARCHED,
    deal: SEARCHED,
    ticket: SEARCHED,
    note: SEARCHED,
    task: SEARCHED,
    meeting: SEARCHED,
    call: SEARCHED,
    // There is no search for them. Who left is listed, but not known to be told by a later time of change.
    owner: { foundBy: 'patchbay', showsDeletions: false, lagSeconds: 0 },
  },
  // `oauth` is always asked; `tickets` is how the ticket API's own reference still names its scope. Those of notes, tasks,
  // meetings and calls name the scope of contacts as theirs.
  defaultScopes: [
    'oauth',
    'crm.objects.contacts.read',
    'crm.objects.companies.read',
    'crm.objects.deals.read',
    'tickets',
    'crm.objects.owners.read',
  ],
  endpoints: {
    authorization: 'https://app.hubspot.com/oauth/authorize',
    // Version 1 ends on 16 February 2027 ("OAuth v1 migration guide").
    token: 'https://api.hubapi.com/oauth/2026-03/token',
    revocation: 'https://api.hubapi.com/oauth/2026-03/token/revoke',
    api: 'https://api.hubapi.com',
  },
  oauth: {
    clientAuthentication: 'client_secret_post',
    tokenRequestFormat: 'form',
    pkce: 'S256',
    scopeParameters: (scopes) => ({ scope: scopes.join(' ') }),
    normaliseTokenAnswer: hubspotTokenAnswer,
  },
  api: {
    // "Usage guidelines": the account's window; what ran out is named in the 429.
    throttledWaitSeconds: 10,
    pace: hubspotPace,
    problemOf: hubspotProblem,
  },
};
