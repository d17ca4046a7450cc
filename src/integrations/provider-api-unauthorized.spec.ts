import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../errors/secret.ts';
import { json, raw, startProviderStub, type ProviderStub } from '../outbound/fixtures/provider-stub.ts';
import { testClient } from '../outbound/fixtures/test-client.ts';
import type { OutboundClient } from '../outbound/outbound-client.ts';
import { path } from '../outbound/provider-path.ts';
import { ProviderApi } from './provider-api.ts';
import { registry } from './registry.ts';

describe('A 401 of a provider’s API', () => {
  let provider: ProviderStub;
  let outbound: OutboundClient;
  let replaced: number;
  beforeEach(async () => {
    provider = await startProviderStub();
    outbound = testClient();
    replaced = 0;
  });
  afterEach(async () => {
    await outbound.close();
    await provider.close();
  });

  const call = (name: string): Promise<unknown> => {
    const descriptor = registry.map((one) => one.descriptor).find((one) => one.name === name);
    if (descriptor === undefined) throw new Error(`There is no ${name}.`);
    const tokens = {
      current: () => new Secret('token'),
      replace: () => Promise.resolve(new Secret(`token-${(replaced += 1)}`)),
    };
    return new ProviderApi(descriptor, provider.url, outbound, tokens).get({ path: path`/me` });
  };

  it.each(['airtable', 'notion', 'slack'])('in %s’s own words has the token replaced', async (name) => {
    provider.answer = json({}, 401);
    await expect(call(name)).rejects.toMatchObject({ code: 'provider_error' });
    expect(replaced).toBe(1);
  });

  it.each(['airtable', 'notion', 'slack', 'hubspot'])(
    'that is some proxy’s page says nothing of the token: %s',
    async (name) => {
      provider.answer = raw('<html>Log in to the network</html>', 401, { 'content-type': 'text/html' });
      await expect(call(name)).rejects.toMatchObject({ code: 'provider_error', details: { provider_status: 401 } });
      expect(replaced).toBe(0);
    },
  );
});
