import type { IntegrationDescriptor } from '../integration-descriptor.ts';
import { hubspotProblem } from './hubspot.api-problem.ts';
import { hubspotPace } from './hubspot.pace.ts';
import { hubspotTokenAnswer } from './hubspot.token-answer.ts';

/** HubSpot, by its "OAuth" guides, "Error handling" and "Usage guidelines" (developers.hubspot.com/docs). */
export const hubspotDescriptor: IntegrationDescriptor = {
  name: 'hubspot',
  displayName: 'HubSpot',
  itemTypes: ['contact', 'company', 'deal', 'ticket'],
  defaultItemTypes: ['contact', 'company', 'deal', 'ticket'],
  changes: {
    contact: { foundBy: 'patchbay', showsDeletions: false, lagSeconds: 60 },
    company: { foundBy: 'patchbay', showsDeletions: false, lagSeconds: 60 },
    deal: { foundBy: 'patchbay', showsDeletions: false, lagSeconds: 60 },
    ticket: { foundBy: 'patchbay', showsDeletions: false, lagSeconds: 60 },
  },
  // `oauth` is always asked; `tickets` is how the ticket API's own reference still names its scope.
  defaultScopes: [
    'oauth',
    'crm.objects.contacts.read',
    'crm.objects.companies.read',
    'crm.objects.deals.read',
    'tickets',
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
