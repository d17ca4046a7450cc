import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../errors/secret.ts';
import { oauthClient } from '../oauth/fixtures/oauth-client.ts';
import { ConnectionEnding } from './connection-ending.ts';
import { PRIMARY, type OpenConnection } from './connection.ts';
import { OWNER, refreshBench, type RefreshBench } from './fixtures/refresh-bench.ts';
import { GrantRevoker, REVOKE_WITHIN_MS } from './grant-revoker.ts';

const CLIENT = oauthClient('http://provider.test');

class ImpatientRevoker extends GrantRevoker {
  protected override readonly patienceMs = 1;
}

describe('Disconnecting', () => {
  let bench: RefreshBench;
  let revoked: string[];
  /** What the provider does when it is asked, and whether it says that it did. */
  let asked: () => Promise<boolean>;
  beforeEach(() => {
    bench = refreshBench();
    revoked = [];
    asked = () => Promise.resolve(true);
    bench.authorities.enter('acme', {
      client: () => CLIENT,
      revoke: (_client, grant) => {
        revoked.push(grant.primary.accessToken.reveal());
        return asked();
      },
    });
  });
  afterEach(() => bench.close());

  const end = ({ connection }: OpenConnection, revoker = bench.revoker) =>
    new ConnectionEnding(bench.connections, bench.uses, revoker).end(connection, CLIENT);
  const renew = async (read: OpenConnection): Promise<void> => {
    const token = { accessToken: new Secret('renewed'), refreshToken: new Secret('refresh'), obtainedAt: Date.now() };
    await bench.renewed.save(read, { name: PRIMARY, token });
  };

  it('revokes once, and tells whether the provider said so', async () => {
    expect(await end(await bench.connect('token'))).toMatchObject({ revoked: true });
    asked = () => Promise.resolve(false);
    expect(await end(await bench.connect('another'))).toMatchObject({ revoked: false });
    expect(revoked).toEqual(['token', 'another']);
    expect(await bench.connections.list(OWNER)).toEqual([]);
  });

  it.each([true, false])(
    'revokes what a refresh stored while the provider was asked, and tells %s of that',
    async (last) => {
      const read = await bench.connect('token');
      asked = async () => {
        asked = () => Promise.resolve(last);
        await renew(read);
        return !last;
      };
      expect(await end(read)).toMatchObject({ revoked: last });
      expect(revoked).toEqual(['token', 'renewed']);
      expect(await bench.connections.list(OWNER)).toEqual([]);
    },
  );

  it('is done again when the store failed: what could not be read is not deleted before it is revoked', async () => {
    const read = await bench.connect('token');
    const failNext = () => Promise.resolve((bench.store.failingReads = 1));
    bench.store.afterNextGet = { collection: 'connection-account', then: failNext };
    await expect(end(read)).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(await bench.connections.list(OWNER)).toHaveLength(1);
    expect(await end(read)).toMatchObject({ revoked: true });
    expect(revoked).toEqual(['token']);
    expect(await bench.connections.list(OWNER)).toEqual([]);
  });

  it('waits for no provider that says nothing, and deletes', async () => {
    const never = Promise.withResolvers<boolean>();
    asked = () => never.promise;
    const read = await bench.connect('token');
    expect(await end(read, new ImpatientRevoker(bench.authorities))).toMatchObject({ revoked: false });
    expect(await bench.connections.list(OWNER)).toEqual([]);
    expect(REVOKE_WITHIN_MS).toBeLessThanOrEqual(10_000);
  });
});
