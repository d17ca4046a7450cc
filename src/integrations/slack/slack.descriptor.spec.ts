import { describe, expect, it } from '@jest/globals';
import { authorizationRequestUrl } from '../../oauth/authorization-request.ts';
import { oauthClient } from '../../oauth/fixtures/oauth-client.ts';
import { slackTokens, userOnlyTokens, userToken } from './fixtures/slack-answers.ts';
import { slackDescriptor as slack } from './slack.descriptor.ts';

const STATE = 'some-state-of-good-length';

function authorizationParameters(scopes: readonly string[]): Record<string, string> {
  const client = { ...oauthClient('', slack.oauth), authorizationEndpoint: slack.endpoints.authorization };
  const url = authorizationRequestUrl(client, { state: STATE, scopes });
  expect(url.origin + url.pathname).toBe('https://slack.com/oauth/v2/authorize');
  return Object.fromEntries(url.searchParams);
}

describe('Slack’s authorization request', () => {
  const common = {
    client_id: 'client-1',
    redirect_uri: oauthClient('').redirectUri,
    response_type: 'code',
    state: STATE,
  };

  it('asks for a bot’s scopes, separated by commas, and sends no challenge', () => {
    const scope = 'channels:read,groups:read,users:read,channels:history,groups:history';
    expect(authorizationParameters(slack.defaultScopes)).toEqual({ ...common, scope });
    expect(slack.oauth.pkce).toBe('none');
  });

  it('asks for scopes that begin with user: as the user’s', () => {
    expect(authorizationParameters(['channels:read', 'user:search:read', 'user:files:read'])).toEqual({
      ...common,
      scope: 'channels:read',
      user_scope: 'search:read,files:read',
    });
  });

  it('leaves out the list that nothing is asked of', () => {
    expect(authorizationParameters(['user:search:read'])).toEqual({ ...common, user_scope: 'search:read' });
  });
});

describe('Slack’s item types', () => {
  it('are few by default, and each says how its changes are found', () => {
    expect(slack.defaultItemTypes).toEqual(['channel', 'user']);
    expect(Object.keys(slack.changes).sort()).toEqual([...slack.itemTypes].sort());
    expect(slack.changes['message']).toMatchObject({ foundBy: 'provider', showsDeletions: false });
  });
});

describe('Slack’s token answer', () => {
  const normalise = slack.oauth.normaliseTokenAnswer!;
  const described = { team: { id: 'T01', name: 'Acme' }, is_enterprise_install: false, app_id: 'A01' };

  it('for a bot becomes a bearer token', () => {
    expect(normalise({ status: 200, body: slackTokens() })).toEqual({
      status: 200,
      body: {
        access_token: 'xoxb-bot',
        token_type: 'bearer',
        scope: 'channels:read users:read',
        bot_user_id: 'U0BOT',
        ...described,
        authed_user: { id: 'U01' },
      },
    });
  });

  it('keeps what rotation adds', () => {
    const body = slackTokens({ expires_in: 43_200, refresh_token: 'xoxe-1' });
    expect(normalise({ status: 200, body }).body).toMatchObject({ expires_in: 43_200, refresh_token: 'xoxe-1' });
  });

  it('for a bot and a user has the user’s token apart, and nowhere else', () => {
    const rotating = userToken({ expires_in: 43_200, refresh_token: 'xoxe-2' });
    const answer = normalise({ status: 200, body: slackTokens({ authed_user: rotating }) });
    expect(answer.additional).toEqual({
      user: {
        access_token: 'xoxp-user',
        token_type: 'bearer',
        scope: 'user:search:read user:files:read',
        expires_in: 43_200,
        refresh_token: 'xoxe-2',
      },
    });
    expect(answer.body).toMatchObject({
      access_token: 'xoxb-bot',
      scope: 'channels:read users:read user:search:read user:files:read',
      authed_user: { id: 'U01' },
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/xoxp|xoxe/);
  });

  it('for a user alone has that token as the first', () => {
    const answer = normalise({ status: 200, body: userOnlyTokens() });
    expect(answer.additional).toBeUndefined();
    expect(answer.body).toEqual({
      access_token: 'xoxp-user',
      token_type: 'bearer',
      scope: 'user:search:read user:files:read',
      ...described,
      authed_user: { id: 'U01' },
    });
  });

  it('for a user at the top, as a refresh may answer, is the user’s all the same', () => {
    const body = slackTokens({ access_token: 'xoxe.xoxp', token_type: 'user', scope: 'search:read' });
    expect(normalise({ status: 200, body }).body).toMatchObject({ token_type: 'bearer', scope: 'user:search:read' });
  });

  it('lets no webhook’s address through', () => {
    const body = slackTokens({ incoming_webhook: { url: 'https://hooks.slack.com/services/secret' } });
    expect(JSON.stringify(normalise({ status: 200, body }))).not.toContain('secret');
  });

  it('of a type nobody knows keeps it, to be refused', () => {
    const body = slackTokens({ token_type: 'constructor' });
    expect(normalise({ status: 200, body }).body['token_type']).toBe('constructor');
  });

  it.each([
    ['invalid_code', 'invalid_grant'],
    ['code_already_used', 'invalid_grant'],
    ['invalid_refresh_token', 'invalid_grant'],
    ['token_expired', 'invalid_grant'],
    ['token_revoked', 'invalid_grant'],
    ['invalid_client_id', 'invalid_client'],
    ['bad_client_secret', 'invalid_client'],
    ['bad_redirect_uri', 'invalid_request'],
    ['invalid_grant_type', 'unsupported_grant_type'],
    ['no_scopes', 'no_scopes'],
    ['user_email_unverified', 'user_email_unverified'],
  ])('200 with ok: false and %s is a 400 with %s', (error, expected) => {
    const answer = normalise({ status: 200, body: { ok: false, error } });
    expect(answer).toEqual({ status: 400, body: { error: expected } });
  });

  it.each([[{}], [{ ok: 'true', access_token: 'x' }], [{ ok: false }], [{ ok: false, error: 7 }]])(
    '%j is an error too',
    (body) => {
      expect(normalise({ status: 200, body })).toEqual({ status: 400, body: { error: 'server_error' } });
    },
  );
});

describe('Slack’s API', () => {
  const problemOf = slack.api.problemOf!;

  it.each([
    [200, { ok: true, channels: [] }, undefined],
    // "Non-fatal": a warning is no error.
    [200, { ok: true, warning: 'missing_charset' }, undefined],
    [200, { ok: false, error: 'token_expired' }, { kind: 'unauthorized' }],
    [200, { ok: false, error: 'invalid_auth' }, { kind: 'unauthorized' }],
    [200, { ok: false, error: 'token_revoked' }, { kind: 'unauthorized' }],
    [200, { ok: false, error: 'account_inactive' }, { kind: 'unauthorized' }],
    [200, { ok: false, error: 'ratelimited' }, { kind: 'rate-limited' }],
    [429, { ok: false, error: 'ratelimited' }, { kind: 'rate-limited' }],
    [429, {}, { kind: 'rate-limited' }],
    [200, { ok: false, error: 'internal_error' }, { kind: 'unavailable' }],
    [200, { ok: false, error: 'fatal_error' }, { kind: 'unavailable' }],
    [200, { ok: false, error: 'service_unavailable' }, { kind: 'unavailable' }],
    [200, { ok: false, error: 'request_timeout' }, { kind: 'unavailable' }],
    [503, {}, { kind: 'unavailable' }],
    [200, { ok: false, error: 'missing_scope', needed: 'x' }, { kind: 'refused', reason: 'missing_scope' }],
    [200, { ok: false, error: 'invalid_cursor' }, { kind: 'refused', reason: 'invalid_cursor' }],
    [200, { ok: false, error: 'not_in_channel' }, { kind: 'refused', reason: 'not_in_channel' }],
    [400, { ok: false, error: 'thread_not_found' }, { kind: 'refused', reason: 'thread_not_found' }],
    [200, { ok: false, error: 'limit_required' }, { kind: 'refused', reason: 'limit_required' }],
    [200, { ok: false, error: 'not_authed' }, { kind: 'refused', reason: 'not_authed' }],
    [200, { ok: false }, { kind: 'refused' }],
    [200, {}, { kind: 'refused' }],
    [401, {}, { kind: 'unauthorized' }],
    [404, {}, { kind: 'refused' }],
  ])('means by %i %j: %j', (status, body, problem) => {
    expect(problemOf({ status, body })).toEqual(problem);
  });
});
