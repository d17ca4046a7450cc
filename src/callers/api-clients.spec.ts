import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import { keyIdOf } from '../crypto/envelope.ts';
import { KeyRing } from '../crypto/key-ring.ts';
import { Secret } from '../errors/secret.ts';
import { openDatabase } from '../storage/sqlite/sqlite-database.ts';
import { SqliteKeyValueStore } from '../storage/sqlite/sqlite-key-value-store.ts';
import type { ApiClient } from './api-client.ts';
import { ApiClients } from './api-clients.ts';

const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const SHOP = { name: 'shop', permissions: [], orgs: '*' } as const;

describe('API clients while their key is rotated', () => {
  const [OLD, NEW] = [newKey('old'), newKey('new')];
  let store: SqliteKeyValueStore;
  let [before, during, after]: ApiClients[] = [];

  const clientsWith = (keys: string): ApiClients =>
    new ApiClients(store, new CredentialCipher(KeyRing.parse(new Secret(keys))));
  const sealedWith = ({ credential }: ApiClient): unknown[] =>
    credential.algorithm === 'hmac-sha256' ? credential.secrets.map((sealed) => keyIdOf(sealed)) : [];
  const found = async (clients: ApiClients | undefined, { clientId }: ApiClient): Promise<ApiClient> => {
    const client = await clients?.find(clientId);
    if (client === undefined) throw new Error('The client is gone.');
    return client;
  };
  /** What was begun has read by now; and writes are done one after the other. */
  const settled = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    await store.put({ collection: 'test', partition: 'all', id: 'barrier' }, '');
  };

  beforeEach(() => {
    Logger.overrideLogger(false);
    store = new SqliteKeyValueStore(openDatabase(':memory:'));
    [before, during, after] = [OLD, `${NEW},${OLD}`, NEW].map(clientsWith);
  });
  afterEach(() => store.close());

  it('are sealed with the active key in the background once they are used, both secrets of one that changes over', async () => {
    const { client: created } = (await before?.create(SHOP)) ?? {};
    if (created === undefined) throw new Error('No client was made.');
    await before?.rotate(created.clientId);
    const client = await found(during, created);
    during?.resealInBackground(client);
    expect(sealedWith(client)).toEqual(['old', 'old']);
    await settled();

    const resealed = await found(after, created);
    expect(sealedWith(resealed)).toEqual(['new', 'new']);
    expect(resealed).toMatchObject({ name: 'shop', createdAt: created.createdAt });
    expect(after?.keyOf(resealed).algorithm).toBe('hmac-sha256');
  });

  it('are written once, however many use them at once, and not at all when there is nothing to do', async () => {
    const { client } = (await before?.create(SHOP)) ?? {};
    if (client === undefined) throw new Error('No client was made.');
    for (let use = 0; use < 20; use += 1) during?.resealInBackground(client);
    await settled();
    during?.resealInBackground(await found(during, client));
    await settled();
    const key = { collection: 'api-client', partition: 'all', id: client.clientId };
    expect((await store.get(key))?.version).toBe(2);
  });

  it('stay as they are when their key is not in the ring, and when they have a key of their own', async () => {
    const { client: locked } = (await before?.create(SHOP)) ?? {};
    const publicKey = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const { client: own } = (await before?.create({ ...SHOP, publicKey })) ?? {};
    if (locked === undefined || own === undefined) throw new Error('No client was made.');
    for (const client of [locked, own]) after?.resealInBackground(client);
    await settled();
    expect(await found(before, locked)).toEqual(locked);
    expect(await found(before, own)).toEqual(own);
  });
});
