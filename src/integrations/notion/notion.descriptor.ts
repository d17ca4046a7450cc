import type { IntegrationDescriptor } from '../integration-descriptor.ts';
import { notionProblem } from './notion.api-problem.ts';
import { notionPace } from './notion.pace.ts';
import { notionTokenAnswer } from './notion.token-answer.ts';

/** Required with every call ("Versioning"): since 2025-09-03 a database holds data sources, since 2026-03-11 `archived` is `in_trash`. */
const NOTION_VERSION = '2026-03-11';
/** "Search optimizations and limitations" says that its index is behind, not how far. */
const SEARCH_LAG_SECONDS = 300;

/** Notion, by its "Authorization" guide and API reference (developers.notion.com). */
export const notionDescriptor: IntegrationDescriptor = {
  name: 'notion',
  displayName: 'Notion',
  itemTypes: ['page', 'database', 'data_source', 'block', 'comment', 'user'],
  // The others cost a call for every page, or need a capability that not every connection has.
  defaultItemTypes: ['page', 'database', 'data_source'],
  changes: {
    page: { foundBy: 'provider', showsDeletions: true, lagSeconds: SEARCH_LAG_SECONDS },
    database: { foundBy: 'patchbay', showsDeletions: false, lagSeconds: SEARCH_LAG_SECONDS },
    data_source: { foundBy: 'provider', showsDeletions: true, lagSeconds: SEARCH_LAG_SECONDS },
    // A page's time of change is that of what is on it.
    block: { foundBy: 'provider', showsDeletions: false, lagSeconds: SEARCH_LAG_SECONDS },
    comment: { foundBy: 'patchbay', showsDeletions: false, lagSeconds: SEARCH_LAG_SECONDS },
    user: { foundBy: 'nobody', showsDeletions: false, lagSeconds: 0 },
  },
  // What a connection may do is fixed where it was registered; there is nothing to ask for.
  defaultScopes: [],
  endpoints: {
    authorization: 'https://api.notion.com/v1/oauth/authorize',
    token: 'https://api.notion.com/v1/oauth/token',
    revocation: 'https://api.notion.com/v1/oauth/revoke',
    api: 'https://api.notion.com/v1',
  },
  oauth: {
    clientAuthentication: 'client_secret_basic',
    // "Create a token": a JSON body, where RFC 6749 has a form.
    tokenRequestFormat: 'json',
    // Not documented for this authorization server.
    pkce: 'none',
    scopeParameters: () => ({}),
    authorizationParameters: { owner: 'user' },
    tokenHeaders: { 'notion-version': NOTION_VERSION },
    normaliseTokenAnswer: notionTokenAnswer,
  },
  api: {
    headers: { 'notion-version': NOTION_VERSION },
    // "Request limits": a window of 60 s. Every 429 names its Retry-After; this is for one that doesn't.
    throttledWaitSeconds: 30,
    pace: notionPace,
    problemOf: notionProblem,
  },
};
