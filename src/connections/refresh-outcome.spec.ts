import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { Secret } from '../errors/secret.ts';
import { oauthClient, tokenAnswer } from '../oauth/fixtures/oauth-client.ts';
import { refreshGrant } from '../oauth/refresh-token-grant.ts';
import { json, raw, startProviderStub, type Answer, type ProviderStub } from '../outbound/fixtures/provider-stub.ts';
import { testClient } from '../outbound/fixtures/test-client.ts';
import type { OutboundClient } from '../outbound/outbound-client.ts';
import { asksToWait, outcomeOf } from './refresh-outcome.ts';

const SILENCE: Answer = () => undefined;

describe('What came of presenting a refresh token', () => {
  let provider: ProviderStub;
  let outbound: OutboundClient;
  beforeEach(async () => {
    provider = await startProviderStub();
    outbound = testClient();
  });
  afterEach(async () => {
    await outbound.close();
    await provider.close();
  });

  const failure = async (answer: Answer, timeoutMs = 10_000): Promise<unknown> => {
    provider.answer = answer;
    const refreshed = refreshGrant(outbound, oauthClient(provider.url), new Secret('refresh'), timeoutMs);
    return refreshed.then(
      () => new TypeError('It worked.'),
      (error: unknown) => error,
    );
  };

  it.each<readonly [what: string, answer: Answer, outcome: string]>([
    ['a reset', (response) => response.socket?.resetAndDestroy(), 'unknown'],
    ['a failure', json({ error: 'server_error' }, 500), 'unknown'],
    ['a gateway that gave up', raw('', 504), 'unknown'],
    ['a page', raw('<!doctype html>', 200, { 'content-type': 'text/html' }), 'unknown'],
    ['a refusal by a page', raw('<!doctype html>', 403, { 'content-type': 'text/html' }), 'unknown'],
    ['a redirect', raw('', 307, { location: 'https://elsewhere.test/' }), 'unknown'],
    ['no token', json({ token_type: 'Bearer' }), 'unknown'],
    ['a token of no kind we can use', json(tokenAnswer({ token_type: 'mac' })), 'unknown'],
    ['a limit', json({}, 429), 'not-done'],
    ['a refusal in a word of no meaning to us', json({ error: 'try_later' }, 400), 'not-done'],
    ['invalid_grant', json({ error: 'invalid_grant' }, 400), 'dead'],
    ['invalid_grant, be it with 401', json({ error: 'invalid_grant' }, 401), 'dead'],
    ['invalid_client', json({ error: 'invalid_client' }, 401), 'misconfigured'],
    ['unauthorized_client', json({ error: 'unauthorized_client' }, 400), 'misconfigured'],
    ['a conflict', json({ error: 'invalid_grant' }, 409), 'elsewhere'],
  ])('is told from %s', async (_what, answer, outcome) => {
    const error = await failure(answer);
    expect(error).toBeInstanceOf(PatchbayError);
    expect(outcomeOf(error)).toBe(outcome);
    expect(JSON.stringify(error)).not.toContain('canary');
  });

  it('isn’t known when no answer comes in time', async () => {
    const error = await failure(SILENCE, 50);
    expect(error).toMatchObject({ code: 'provider_timeout' });
    expect(outcomeOf(error)).toBe('unknown');
  });

  it('is nothing when the provider was never reached', async () => {
    await provider.close();
    const error = await failure(SILENCE);
    expect(error).toMatchObject({ code: 'provider_unavailable' });
    expect(outcomeOf(error)).toBe('not-done');
    // How long to stay away is our own guess then.
    expect(asksToWait(error)).toBe(false);
  });

  it('isn’t asked about before the time that the provider names', async () => {
    const error = await failure(raw('', 503, { 'retry-after': '7' }));
    expect([outcomeOf(error), asksToWait(error)]).toEqual(['unknown', true]);
    expect(asksToWait(await failure(raw('', 503)))).toBe(false);
  });

  it('is not for errors of our own to say', () => {
    expect(outcomeOf(new PatchbayError('storage_unavailable', 'No.'))).toBeUndefined();
    expect(outcomeOf(new TypeError('No.'))).toBeUndefined();
  });
});
