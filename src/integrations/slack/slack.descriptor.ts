import type { IntegrationDescriptor } from '../integration-descriptor.ts';
import { slackProblem } from './slack.api-problem.ts';
import { SLACK_SWITCHES } from './slack.limits.ts';
import { slackPace } from './slack.pace.ts';
import { scopeParameters } from './slack.scopes.ts';
import { slackTokenAnswer } from './slack.token-answer.ts';

/** Slack, by "Installing with OAuth", "Rate limits" and the method references (docs.slack.dev). */
export const slackDescriptor: IntegrationDescriptor = {
  name: 'slack',
  displayName: 'Slack',
  itemTypes: ['channel', 'message', 'reply', 'user', 'file'],
  defaultItemTypes: ['channel', 'user'],
  switches: SLACK_SWITCHES,
  changes: {
    channel: { foundBy: 'patchbay', showsDeletions: false, lagSeconds: 60 },
    user: { foundBy: 'patchbay', showsDeletions: false, lagSeconds: 60 },
    // "oldest" goes by when a message was sent: one that was edited or deleted later shows in events only.
    message: { foundBy: 'provider', showsDeletions: false, lagSeconds: 60 },
    // An old message may have a new reply: all are read, and of the threads those that were replied to since.
    reply: { foundBy: 'patchbay', showsDeletions: false, lagSeconds: 60 },
    file: { foundBy: 'patchbay', showsDeletions: false, lagSeconds: 60 },
  },
  // What channels and users need (public and private), then messages, replies and files; and no more.
  defaultScopes: ['channels:read', 'groups:read', 'users:read', 'channels:history', 'groups:history'],
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
