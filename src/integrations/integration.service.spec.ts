import { afterEach, expect, it, jest } from '@jest/globals';
import type { Account, OpenConnection } from '../connections/connection.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { Secret } from '../errors/secret.ts';
import type { ItemSource } from '../items/item-source.ts';
import type { IntegrationDescriptor } from './integration-descriptor.ts';
import type { IntegrationKit } from './integration-kit.ts';
import { IntegrationService } from './integration.service.ts';
import type { ProviderApi, TokenSource } from './provider-api.ts';

const OUTAGE = new PatchbayError('provider_unavailable', 'no');

const openWith = (token: string) =>
  ({ connection: {}, version: 1, grant: { primary: { accessToken: new Secret(token) } } }) as unknown as OpenConnection;

class SomeService extends IntegrationService {
  readonly descriptor = { name: 'acme', defaultItemTypes: ['thing'] } as unknown as IntegrationDescriptor;

  protected identify(): Promise<Account> {
    return Promise.reject(new Error('No account is asked for.'));
  }

  protected source(): ItemSource {
    return { page: () => Promise.resolve({ items: [] }) };
  }
}

afterEach(() => void jest.useRealTimers());

/** A load whose token source is handed out, and how often it had its token refreshed. @param failing so many times */
async function loading(failing = 0) {
  let tokens: TokenSource | undefined;
  let refreshes = 0;
  const kit = {
    providers: {
      get: () => ({ client: {} }),
      api: (_descriptor: unknown, source: TokenSource) => {
        tokens = source;
        return {} as ProviderApi;
      },
    },
    connections: {
      use: () => Promise.resolve(openWith('token-0')),
      replaceRejected: () => {
        refreshes += 1;
        return refreshes > failing ? Promise.resolve(openWith(`token-${refreshes}`)) : Promise.reject(OUTAGE);
      },
    },
    loader: { page: () => Promise.resolve({}) },
  } as unknown as IntegrationKit;
  await new SomeService(kit).load({ owner: { orgId: 'acme', userId: 'ann' }, pageSize: 1 });
  if (tokens === undefined) throw new Error('No API was asked for.');
  return { tokens, refreshes: () => refreshes };
}

it('refreshes once for calls that went out with the same token, however late the last of them is refused', async () => {
  const { tokens, refreshes } = await loading();
  const sent = tokens.current();
  const first = await tokens.replace(sent);
  const late = await tokens.replace(sent);
  expect([first.reveal(), late.reveal(), refreshes()]).toEqual(['token-1', 'token-1', 1]);
  expect((await tokens.replace(first)).reveal()).toBe('token-2');
});

// A stream that met an outage of the token endpoint ran into that one failure for ever.
it('refreshes again when that failed, though not for each of the calls that were refused together', async () => {
  jest.useFakeTimers();
  const { tokens, refreshes } = await loading(1);
  const sent = tokens.current();
  const together = await Promise.allSettled([tokens.replace(sent), tokens.replace(sent)]);
  expect([together.map(({ status }) => status), refreshes()]).toEqual([['rejected', 'rejected'], 1]);
  jest.advanceTimersByTime(1_000);
  expect([(await tokens.replace(sent)).reveal(), refreshes()]).toEqual(['token-2', 2]);
});
