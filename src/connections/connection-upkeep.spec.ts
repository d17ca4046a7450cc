import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AppConfig } from '../config/app-config.ts';
import { oauthClient, tokenAnswer } from '../oauth/fixtures/oauth-client.ts';
import { json, startProviderStub, type ProviderStub } from '../outbound/fixtures/provider-stub.ts';
import { ConnectionEnding } from './connection-ending.ts';
import { refreshIndexOf } from './connection-schedule.ts';
import { ConnectionUpkeep } from './connection-upkeep.ts';
import { refreshBench } from './fixtures/refresh-bench.ts';
import { IdleConnections } from './idle-connections.ts';
import { RefreshAhead } from './refresh-ahead.ts';

const MINUTE_MS = 60_000;

describe('What is done for connections without anybody asking', () => {
  let provider: ProviderStub;
  let bench: ReturnType<typeof refreshBench>;
  let upkeep: ConnectionUpkeep;
  beforeEach(async () => {
    provider = await startProviderStub();
    bench = refreshBench();
  });
  afterEach(async () => {
    await upkeep.onApplicationShutdown();
    await bench.close();
    await provider.close();
  });

  const start = (refreshAhead = true): void => {
    const config = Object.assign(Object.create(AppConfig.prototype) as AppConfig, { refreshAhead });
    const { store, connections, refresher, uses, revoker, authorities } = bench;
    const ending = new ConnectionEnding(connections, uses, revoker);
    const idle = new IdleConnections(store, connections, ending, uses, authorities);
    const ahead = new RefreshAhead(store, connections, refresher, uses);
    upkeep = new ConnectionUpkeep(store, ahead, idle, authorities, config);
    upkeep.onApplicationBootstrap();
  };
  const configure = (integration: string, path: string): void => {
    const client = { ...oauthClient(provider.url), integration, tokenEndpoint: `${provider.url}${path}` };
    bench.authorities.enter(integration, { client: () => client, revoke: () => Promise.resolve(false) });
  };
  /** So many connections whose token is about to end. */
  const due = async (integration: string, count: number): Promise<void> => {
    const { connection, grant } = await bench.connect('old-token', { expiresAt: Date.now() + 5 * MINUTE_MS });
    await bench.connections.remove(connection);
    for (let number = 0; number < count; number += 1) {
      const owner = { orgId: 'acme', userId: `user-${number}` };
      await bench.connections.saveGrant({ ...connection, owner, integration, grant });
    }
  };
  const leftDue = (integration: string) => bench.store.listDue(refreshIndexOf(integration), Date.now(), 100);

  it('is held up by no integration whose provider is stuck', async () => {
    const renewed = Promise.withResolvers<undefined>();
    const refuse = json({ error: 'invalid_client' }, 401);
    const stuck: (() => void)[] = [];
    provider.answer = (response, request) => {
      if (request.url.pathname === '/stuck') {
        stuck.push(() => {
          refuse(response, request);
        });
        return;
      }
      json(tokenAnswer())(response, request);
      renewed.resolve(undefined);
    };
    for (const name of ['stuck', 'other']) configure(name, `/${name}`);
    await due('stuck', 60);
    await due('other', 1);
    start();
    await renewed.promise;
    upkeep.onModuleDestroy();
    provider.answer = refuse;
    for (const answer of stuck) answer();
  });

  it('leaves due what belongs to an integration that is not configured', async () => {
    bench.authorities.enter('absent', { client: () => undefined, revoke: () => Promise.resolve(false) });
    configure('other', '/other');
    const renewed = Promise.withResolvers<undefined>();
    provider.answer = (response, request) => {
      json(tokenAnswer())(response, request);
      renewed.resolve(undefined);
    };
    await due('absent', 3);
    await due('other', 1);
    start();
    await renewed.promise;
    expect(await leftDue('absent')).toHaveLength(3);
  });

  it('is nothing with REFRESH_AHEAD=false', async () => {
    configure('other', '/other');
    await due('other', 3);
    const claimed = jest.spyOn(bench.store, 'claimDue');
    start(false);
    expect(claimed).not.toHaveBeenCalled();
  });
});
