import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Grant, GrantedToken } from '../../connections/connection.ts';
import { Secret } from '../../errors/secret.ts';
import { json, startProviderStub, type ProviderStub } from '../../outbound/fixtures/provider-stub.ts';
import { testClient } from '../../outbound/fixtures/test-client.ts';
import type { OutboundClient } from '../../outbound/outbound-client.ts';
import { ProviderApi, type TokenSource } from '../provider-api.ts';
import { slackDescriptor } from './slack.descriptor.ts';
import { revokeTokens } from './slack.revocation.ts';

let slack: ProviderStub;
let outbound: OutboundClient;
/** What auth.revoke says to each token; any other is told that it was revoked. */
let answers: Record<string, unknown>;

beforeEach(async () => {
  slack = await startProviderStub();
  outbound = testClient();
  answers = {};
  slack.answer = (response, request) => {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    json(answers[token] ?? { ok: true, revoked: true })(response, request);
  };
});

afterEach(async () => {
  await outbound.close();
  await slack.close();
});

function token(accessToken: string, refreshToken?: string): GrantedToken {
  const access = { accessToken: new Secret(accessToken), obtainedAt: 0 };
  return refreshToken === undefined ? access : { ...access, refreshToken: new Secret(refreshToken) };
}

function revoke(primary: GrantedToken, user?: GrantedToken): Promise<boolean> {
  const additional: Grant['additional'] = new Map(user === undefined ? [] : [['user', user]]);
  return revokeTokens(
    { primary, additional },
    (source: TokenSource) => new ProviderApi(slackDescriptor, slack.url, outbound, source),
  );
}

function called(): readonly (string | undefined)[] {
  return slack.requests.map(({ url, headers }) => `${url.pathname} ${headers.authorization ?? ''}`);
}

describe('a revocation at Slack', () => {
  it('calls auth.revoke with the bot’s token and the user’s', async () => {
    expect(await revoke(token('bot'), token('user'))).toBe(true);
    expect(called()).toEqual(['/auth.revoke Bearer bot', '/auth.revoke Bearer user']);
  });

  it('takes the refresh tokens first where there are any', async () => {
    await revoke(token('bot', 'bot-refresh'), token('user', 'user-refresh'));
    expect(called().map((call) => call?.split(' ').at(-1))).toEqual(['bot-refresh', 'user-refresh', 'bot', 'user']);
  });

  it('has worked when the first call ended the other tokens too', async () => {
    answers = { user: { ok: false, error: 'token_revoked' } };
    expect(await revoke(token('bot'), token('user'))).toBe(true);
  });

  it.each([
    ['Slack says that it did not', { ok: true, revoked: false }],
    ['Slack has trouble', { ok: false, error: 'internal_error' }],
    ['Slack asks to wait', { ok: false, error: 'ratelimited' }],
  ])('has not worked when one token is left because %s, yet tries the others', async (_why, answer) => {
    answers = { bot: answer };
    expect(await revoke(token('bot'), token('user'))).toBe(false);
    expect(called()).toHaveLength(2);
  });

  it('was not Slack’s doing when every token was dead before', async () => {
    answers = { bot: { ok: false, error: 'token_revoked' } };
    expect(await revoke(token('bot'))).toBe(false);
  });
});
