import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PatchbayError } from '../errors/patchbay-error.ts';
import { Secret } from '../errors/secret.ts';
import { json, raw, startProviderStub, type ProviderStub } from '../outbound/fixtures/provider-stub.ts';
import { testClient } from '../outbound/fixtures/test-client.ts';
import type { OutboundClient } from '../outbound/outbound-client.ts';
import { path, type ProviderPath } from '../outbound/provider-path.ts';
import type { IntegrationDescriptor } from './integration-descriptor.ts';
import { ProviderApi } from './provider-api.ts';

const descriptor = {
  name: 'acme',
  displayName: 'Acme',
  api: { throttledWaitSeconds: 30 },
} as unknown as IntegrationDescriptor;

let provider: ProviderStub;
let elsewhere: ProviderStub;
let outbound: OutboundClient;
let api: ProviderApi;

beforeEach(async () => {
  provider = await startProviderStub();
  elsewhere = await startProviderStub();
  outbound = testClient();
  const token = new Secret('canary');
  api = new ProviderApi(descriptor, `${provider.url}/v1`, outbound, {
    current: () => token,
    replace: () => Promise.resolve(token),
  });
});

afterEach(async () => {
  await outbound.close();
  await provider.close();
  await elsewhere.close();
});

describe('a call to a provider’s API', () => {
  // What a provider's own answers (ids, cursors) could smuggle into the next path.
  it.each([
    ['//{host}/x'],
    ['/\\{host}/x'],
    ['\\\\{host}/x'],
    ['@{host}/x'],
    ['.{host}'],
    [':80@{host}/'],
    ['http://{host}/x'],
    ['/../admin'],
    ['/a/../../admin'],
    ['/%2e%2e/admin'],
    ['/.%2E/admin'],
    ['/a%2f..%2f..%2fadmin'],
    ['/a%5c..%5cadmin'],
    ['/x%00'],
    ['/x%0d%0aHost: evil'],
    ['/x?y'],
    ['/x#y'],
  ])('never goes where a path like %s leads: nothing is sent, neither there nor to the provider', async (text) => {
    const escape = text.replace('{host}', new URL(elsewhere.url).host);
    await expect(api.get({ path: escape as ProviderPath })).rejects.toThrow(TypeError);
    expect([provider.requests.length, elsewhere.requests.length]).toEqual([0, 0]);
  });

  it.each([['../admin'], ['//evil'], ['a/b'], ['..%2fadmin'], ['@evil'], ['x?y#z']])(
    'takes %s in a path’s place for a value for what it is, or not at all',
    async (value) => {
      await api.get({ path: path`/items/${value}/list` }).catch(() => undefined);
      expect(provider.requests.filter(({ url }) => !/^\/v1\/items\/[^/]+\/list$/.test(url.pathname))).toEqual([]);
      expect(elsewhere.requests).toHaveLength(0);
    },
  );

  it('takes its token nowhere else, whatever it is redirected to', async () => {
    provider.answer = raw('', 307, { location: `${elsewhere.url}/v1/x` });
    await expect(api.get({ path: path`/x` })).rejects.toMatchObject({ code: 'provider_protocol_error' });
    expect([provider.requests.length, elsewhere.requests.length]).toEqual([1, 0]);
  });

  it.each([
    ['missing_scope', 'Acme refused the call (missing_scope).', 'missing_scope'],
    ['no: your token canary', 'Acme refused the call.', undefined],
    ['x'.repeat(65), 'Acme refused the call.', undefined],
    [undefined, 'Acme refused the call.', undefined],
  ])('says the provider’s own code of a refusal, where it looks like one: %s', async (reason, message, said) => {
    const problemOf = () => ({ kind: 'refused' as const, ...(reason === undefined ? {} : { reason }) });
    const refusing = { ...descriptor, api: { ...descriptor.api, problemOf } };
    const tokens = { current: () => new Secret('canary'), replace: () => Promise.reject(new Error('none')) };
    const refused = new ProviderApi(refusing, `${provider.url}/v1`, outbound, tokens).get({ path: path`/x` });
    const details = {
      integration: 'acme',
      provider_status: 200,
      ...(said === undefined ? {} : { provider_reason: said }),
    };
    await expect(refused).rejects.toMatchObject({ code: 'provider_error', message });
    await expect(refused.catch((error: unknown) => (error as PatchbayError).details)).resolves.toEqual(details);
  });

  it('repeats a list that is asked for with POST like any read', async () => {
    provider.answer = json({}, 502);
    await expect(api.post({ path: path`/search`, json: {} })).rejects.toMatchObject({ code: 'provider_error' });
    expect(provider.requests).toHaveLength(3);
  });

  it('tells when a provider that is not well wants to be asked again, when we can’t wait for it', async () => {
    provider.answer = json({}, 503, { 'retry-after': '60' });
    const details = { integration: 'acme', provider_status: 503, retry_after: 60 };
    await expect(api.get({ path: path`/x` })).rejects.toMatchObject({ code: 'provider_unavailable', details });
    expect(provider.requests).toHaveLength(1);
  });

  it('tells the same of a date, by the provider’s own clock', async () => {
    provider.answer = json({}, 429, {
      date: 'Sat, 21 Nov 2026 09:00:00 GMT',
      'retry-after': 'Sat, 21 Nov 2026 09:01:30 GMT',
    });
    const details = { integration: 'acme', provider_status: 429, retry_after: 90 };
    await expect(api.get({ path: path`/x` })).rejects.toMatchObject({ code: 'provider_rate_limited', details });
    expect(provider.requests).toHaveLength(1);
  });
});
