import type { IntegrationDescriptor } from '../integration-descriptor.ts';
import type { TokenAnswer } from '../../oauth/oauth-client.ts';
import { airtableProblem } from './airtable.api-problem.ts';
import { airtablePace } from './airtable.pace.ts';

/** Airtable, by its "OAuth reference", "Rate limits" and "Scopes" pages (airtable.com/developers/web/api). */
export const airtableDescriptor: IntegrationDescriptor = {
  name: 'airtable',
  displayName: 'Airtable',
  itemTypes: ['base', 'table', 'record', 'comment'],
  defaultItemTypes: ['base', 'table'],
  changes: {
    base: { foundBy: 'nobody', showsDeletions: false, lagSeconds: 60 },
    table: { foundBy: 'nobody', showsDeletions: false, lagSeconds: 60 },
    // By LAST_MODIFIED_TIME() in a formula. What was deleted is seen by webhooks alone.
    record: { foundBy: 'provider', showsDeletions: false, lagSeconds: 60 },
    // A comment doesn't touch its record's time of change, so that all records that have any are gone through.
    comment: { foundBy: 'patchbay', showsDeletions: false, lagSeconds: 60 },
  },
  // schema.bases:read lists bases and tables; user.email:read lets the account be shown by a name people know. Comments
  // need data.recordComments:read, which whoever wants them adds.
  defaultScopes: ['data.records:read', 'schema.bases:read', 'user.email:read'],
  endpoints: {
    authorization: 'https://airtable.com/oauth2/v1/authorize',
    token: 'https://airtable.com/oauth2/v1/token',
    // No revocation endpoint is documented: a grant is ended in the user's account settings.
    api: 'https://api.airtable.com/v0',
  },
  oauth: {
    // "OAuth reference": the header is required from a client with a secret; PKCE is required from every client.
    clientAuthentication: 'client_secret_basic',
    tokenRequestFormat: 'form',
    pkce: 'S256',
    scopeParameters: (scopes) => ({ scope: scopes.join(' ') }),
    normaliseTokenAnswer: airtableTokenAnswer,
    // "Changelog", 25 November 2024: above 10 refreshes a second, tokens that were just handed out may be taken back.
    refreshesAheadPerSecond: 8,
  },
  api: {
    // "Rate limits": after a 429 nothing succeeds for 30 s, and no Retry-After is promised.
    throttledWaitSeconds: 30,
    pace: airtablePace,
    problemOf: airtableProblem,
  },
};

/**
 * "Changelog", 12 June 2023: a refresh token that was used a moment ago is answered with 409. Somebody else has the new
 * pair then, so whatever code stands in that answer must not be read as the end of the grant.
 */
function airtableTokenAnswer(answer: TokenAnswer): TokenAnswer {
  return answer.status === 409 ? { status: 409, body: { error: 'temporarily_unavailable' } } : answer;
}
