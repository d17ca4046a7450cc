import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Secret } from '../errors/secret.ts';
import { oauthClient, tokenAnswer } from '../oauth/fixtures/oauth-client.ts';
import { json, startProviderStub, type ProviderStub } from '../outbound/fixtures/provider-stub.ts';
import { AuthorizationFlow } from './authorization-flow.ts';
import { OWNER, refreshBench } from './fixtures/refresh-bench.ts';

let provider: ProviderStub;
let bench: ReturnType<typeof refreshBench>;

beforeEach(async () => {
  provider = await startProviderStub();
  provider.answer = json(tokenAnswer());
  bench = refreshBench();
});
afterEach(async () => {
  await bench.close();
  await provider.close();
});

it('tells the browser that it is connected even when the store failed to note the outcome', async () => {
  const flow = new AuthorizationFlow(bench.pendings, bench.connections, bench.outbound, bench.revoker);
  const client = oauthClient(provider.url);
  const { state } = await flow.begin(client, { owner: OWNER, scopes: [], callerId: 'ses_1' });
  bench.store.failsToPut = 'authorization-outcome';
  const response = { kind: 'code', state, code: new Secret('some-code') } as const;
  const result = await flow.complete(client, response, undefined, () => Promise.resolve({ id: 'a', name: null }));
  expect(result).toMatchObject({ status: 'connected' });
  expect(await bench.connections.list(OWNER)).toMatchObject([{ connectionId: result.connectionId }]);
});
