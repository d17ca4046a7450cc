import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import type { ApiClient } from '../callers/api-client.ts';
import { clientSecretContext } from '../callers/client-secrets.ts';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import { KeyRing } from '../crypto/key-ring.ts';
import { Secret } from '../errors/secret.ts';
import { contentsOf } from './backup-contents.ts';
import { Installation, newKey } from './fixtures/installation.ts';

const [OLD, NEW] = [newKey('old'), newKey('new')];

class House extends Installation {
  async create(publicKey?: string): Promise<ApiClient> {
    const asked = { name: 'shop', permissions: ['items:read'], orgs: ['acme'] } as const;
    return (await this.clients.create(publicKey === undefined ? asked : { ...asked, publicKey })).client;
  }

  /** The secrets that are live, in the clear. */
  async secrets(clientId: string): Promise<string[]> {
    const { credential } = (await this.clients.find(clientId)) ?? {};
    if (credential?.algorithm !== 'hmac-sha256') throw new Error('This client has no secret.');
    return credential.secrets.map((sealed) => this.cipher.open(sealed, clientSecretContext(clientId)).reveal());
  }
}

describe('A client that is restored', () => {
  let now: number;
  let real: () => number;
  let from: House;
  let to: House;
  beforeEach(() => {
    real = Date.now;
    now = real();
    Date.now = () => now;
    [from, to] = [new House(OLD), new House(`${NEW},${OLD}`)];
  });
  afterEach(async () => {
    Date.now = real;
    await Promise.all([from.store.close(), to.store.close()]);
  });

  it('is as it was, with both secrets of a rotation, sealed with the key that is active here', async () => {
    const { clientId } = await from.create();
    await from.clients.rotate(clientId);
    expect(await to.restore(await from.backUp())).toEqual(['restored']);
    const [before, after] = [await from.clients.find(clientId), await to.clients.find(clientId)];
    expect({ ...after, credential: undefined }).toEqual({ ...before, credential: undefined });
    expect(JSON.stringify(after?.credential).match(/pb1\.new\./g)).toHaveLength(2);
    expect(await to.secrets(clientId)).toEqual(await from.secrets(clientId));
  });

  it('may have a key pair of its own', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const client = await from.create(publicKey.export({ type: 'spki', format: 'pem' }).toString());
    expect(await to.restore(await from.backUp())).toEqual(['restored']);
    expect(await to.clients.find(client.clientId)).toEqual(client);
  });

  it('keeps a secret that was rotated since, for the one before may have got about', async () => {
    const { clientId } = await from.create();
    const first = await from.backUp();
    await to.restore(first);
    now += 1000;
    await to.clients.rotate(clientId);
    const rotated = await to.clients.find(clientId);
    expect(await to.restore(first)).toEqual(['kept']);
    expect(await to.clients.find(clientId)).toEqual(rotated);
  });

  it('takes the place of an older one, and of what nobody can open', async () => {
    const { clientId } = await from.create();
    await to.restore(await from.backUp());
    now += 1000;
    await from.clients.rotate(clientId);
    const records = await from.backUp();
    expect(await to.restore(records, { dryRun: true })).toEqual(['restored']);
    expect((await to.clients.find(clientId))?.rotatedAt).toBeUndefined();
    expect(await to.restore(records)).toEqual(['restored']);
    expect(await to.restore(records)).toEqual(['kept']);
    expect(await to.secrets(clientId)).toEqual(await from.secrets(clientId));

    await to.store.put({ collection: 'api-client', partition: 'all', id: clientId }, 'rubbish');
    expect(await to.restore(records)).toEqual(['restored']);
    expect(await to.secrets(clientId)).toEqual(await from.secrets(clientId));
  });
});

describe('What can’t be opened when a backup is made', () => {
  it('is named and passed over, and all the rest is had', async () => {
    const from = new House(OLD);
    const { clientId } = await from.create();
    const { clientId: other } = await from.create();
    await from.store.put({ collection: 'api-client', partition: 'all', id: clientId }, 'rubbish');
    const later = new CredentialCipher(KeyRing.parse(new Secret(NEW)));
    const told = async (cipher: CredentialCipher): Promise<[string, string][]> => {
      const all: [string, string][] = [];
      for await (const { id, record } of contentsOf(from.store, cipher)) {
        all.push([id, record instanceof Error ? record.message : 'had']);
      }
      return all;
    };
    expect(await told(from.cipher)).toEqual([
      [clientId, expect.stringContaining('unreadable')],
      [other, 'had'],
    ]);
    expect((await told(later))[1]).toEqual([other, expect.stringContaining('sealed with key old')]);
    await from.store.close();
  });
});
