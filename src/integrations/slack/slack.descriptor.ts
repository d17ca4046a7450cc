import type { IntegrationDescriptor } from '../integration-descriptor.ts';
import { slackProblem } from './slack.api-problem.ts';
import { slackPace } from './slack.pace.ts';
import { scopeParameters } from './slack.scopes.ts';
import { slackTokenAnswer } from './slack.token-answer.ts';

/** Slack, by "Installing with OAuth", "Rate limits" and the method references (docs.slack.dev). */
export const slackDescriptor: IntegrationDescriptor = {
  name: 'slack',
  displayName: 'Slack',
  itemTypes: ['channel', 'user'],
  defaultItemTypes: ['channel', 'user'],
  changes: {
    channel: { foundBy: 'patchbay', showsDeletions: false, lagSeconds: 60 },
    user: { foundBy: 'patchbay', showsDeletions: false, lagSeconds: 60 },
  },
  // What conversations.list (public and private) and users.list need, and no more.
  defaultScopes: ['channels:read', 'groups:read', 'users:read'],
  endpoints: {
    authorization: 'https://slack.com/oauth/v2/authorize',
    token: 'https://slack.com/api/oauth.v2.access',
    // No RFC 7009 endpoint: see SlackService.revoke.
    api: 'https://slack.com/api',
  },
  oauth: {
    clientAuthentication: 'client_secret_basic',
    tokenRequestFormat: 'form',
    // "Using PKCE": switching it on makes the app a public client, and can't be undone.
    pkce: 'none',
    scopeParameters,
    normaliseTokenAnswer: slackTokenAnswer,
  },
  api: {
    // "Rate limits": counted by the minute. Every 429 names its Retry-After; this is for the 200 that says `ratelimited`.
    throttledWaitSeconds: 30,
    pace: slackPace,
    problemOf: slackProblem,
  },
};
