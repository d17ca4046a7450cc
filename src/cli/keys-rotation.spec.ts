import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClients } from '../callers/api-clients.ts';
import { loadConfig } from '../config/load-config.ts';
import { ConnectionRepository } from '../connections/connection-repository.ts';
import { PendingAuthorizations } from '../connections/pending-authorizations.ts';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import { KeyRing } from '../crypto/key-ring.ts';
import { MANY_SEALS } from '../crypto/seal-tally.ts';
import { Secret } from '../errors/secret.ts';
import type { RecordKey, WalkedRecord, WriteOptions } from '../storage/key-value-store.ts';
import { openDatabase } from '../storage/sqlite/sqlite-database.ts';
import { SqliteKeyValueStore } from '../storage/sqlite/sqlite-key-value-store.ts';
import { KeyRotation } from './keys-rotation.ts';
import { sealCountsIn } from './keys-store.ts';
import { run } from './run.ts';

const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const [OLD, NEW] = [newKey('old'), newKey('new')];

/** What a process with these keys does with a store. */
function processWith(store: SqliteKeyValueStore, keys: string) {
  const cipher = new CredentialCipher(KeyRing.parse(new Secret(keys)));
  const connections = new ConnectionRepository(store, cipher, loadConfig({}, []));
  const pendings = new PendingAuthorizations(store, cipher);
  const owner = (user: number) => ({ orgId: 'acme', userId: `user-${user}` });
  return {
    cipher,
    clients: new ApiClients(store, cipher),
    pendings,
    connect: (user: number, token = `token-${user}`) =>
      connections.saveGrant({
        owner: owner(user),
        integration: 'notion',
        clientId: 'app',
        account: { id: 'account', name: null },
        scopes: [],
        requestedScopes: [],
        grant: { primary: { accessToken: new Secret(token), obtainedAt: Date.now() }, additional: new Map() },
      }),
    tokenOf: async (user: number) =>
      (await connections.find(owner(user), 'notion'))?.grant.primary.accessToken.reveal(),
    begin: (state: string) =>
      pendings.add(state, {
        owner: owner(1),
        integration: 'notion',
        redirectUri: 'http://localhost/callback',
        scopes: [],
        expiresAt: Date.now() + 600_000,
        callerId: 'ses_1',
        codeVerifier: new Secret('verifier'),
      }),
  };
}

async function walked(store: SqliteKeyValueStore, collection: string): Promise<readonly WalkedRecord[]> {
  return (await store.walk(collection, 1000)).records;
}

function rotate(store: SqliteKeyValueStore, cipher: CredentialCipher, onProgress: () => void = () => undefined) {
  return new KeyRotation(store, cipher, { onProgress, onSealed: () => Promise.resolve() }).run();
}

describe('Sealing everything with the active key', () => {
  let store: MeddledStore;
  let laterMs: number;
  let before: ReturnType<typeof processWith>;
  let during: ReturnType<typeof processWith>;
  let after: ReturnType<typeof processWith>;

  beforeEach(() => {
    laterMs = 0;
    const now = Date.now();
    store = new MeddledStore(openDatabase(':memory:'), { now: () => now + laterMs });
    [before, during, after] = [OLD, `${NEW},${OLD}`, NEW].map((keys) => processWith(store, keys)) as [
      typeof before,
      typeof before,
      typeof before,
    ];
  });
  afterEach(() => store.close());

  it('leaves connections, clients and pending authorizations that open without the old key', async () => {
    for (let user = 0; user < 30; user += 1) await before.connect(user);
    const { client } = await before.clients.create({ name: 'shop', permissions: [], orgs: '*' });
    await before.clients.rotate(client.clientId);
    await before.begin('a-state');
    await during.connect(100);

    expect(await rotate(store, during.cipher)).toEqual({ examined: 33, resealed: 32, contended: 0, unopenable: [] });
    for (let user = 0; user < 30; user += 1) expect(await after.tokenOf(user)).toBe(`token-${user}`);
    expect(await after.tokenOf(100)).toBe('token-100');
    const kept = await after.clients.find(client.clientId);
    expect(kept && after.clients.keyOf(kept).algorithm).toBe('hmac-sha256');
    expect((await after.pendings.take('a-state'))?.codeVerifier?.reveal()).toBe('verifier');
  });

  it('does nothing the second time', async () => {
    for (let user = 0; user < 10; user += 1) await before.connect(user);
    await rotate(store, during.cipher);
    const standing = await walked(store, 'connection');
    expect(await rotate(store, during.cipher)).toMatchObject({ examined: 10, resealed: 0 });
    expect((await walked(store, 'connection')).map(({ version }) => version)).toEqual(
      standing.map(({ version }) => version),
    );
  });

  it('lengthens no life', async () => {
    await before.begin('a-state');
    laterMs = 300_000;
    const [pending] = await walked(store, 'pending-authorization');
    await rotate(store, during.cipher);
    const [then] = await walked(store, 'pending-authorization');
    expect(then?.version).toBe(2);
    expect(pending?.ttlSeconds).toBe(300);
    expect(then?.ttlSeconds).toBe(300);
  });

  it('keeps what others write in between, be it with the old key', async () => {
    for (let user = 0; user < 5; user += 1) await before.connect(user);
    // Each is written once more by a replica that doesn't seal with the new key yet, just before it would be sealed.
    store.beforeNextWrites = [0, 1, 2, 3, 4].map((user) => async () => {
      await before.connect(user, `renewed-${user}`);
    });
    expect(await rotate(store, during.cipher)).toMatchObject({ resealed: 5, contended: 0, unopenable: [] });
    for (let user = 0; user < 5; user += 1) expect(await after.tokenOf(user)).toBe(`renewed-${user}`);
  });

  it('goes on where it was after it ended in the middle', async () => {
    for (let user = 0; user < 20; user += 1) await before.connect(user);
    store.writesUntilDown = 8;
    await expect(rotate(store, during.cipher)).rejects.toThrow('down');
    store.writesUntilDown = undefined;
    expect(await rotate(store, during.cipher)).toMatchObject({ examined: 20, resealed: 12 });
    for (let user = 0; user < 20; user += 1) expect(await after.tokenOf(user)).toBe(`token-${user}`);
  });

  it('passes by what it can’t open, names it, and does the rest', async () => {
    const lost = await processWith(store, newKey('lost')).connect(1);
    const altered = await before.connect(2);
    await before.connect(3);
    const { client } = await processWith(store, newKey('lost')).clients.create({
      name: 'x',
      permissions: [],
      orgs: '*',
    });
    const record = (await walked(store, 'connection')).find(({ key }) => key.id === altered.connectionId);
    if (record === undefined) throw new Error('It is not stored.');
    // The version it is written with is another than the one it is sealed for.
    await store.put(record.key, record.value);
    await store.put({ collection: 'api-client', partition: 'all', id: 'cli_x' }, '{"clientId":"cli_x","credential":{}');

    const { unopenable, resealed } = await rotate(store, during.cipher);
    expect(resealed).toBe(1);
    expect(unopenable).toEqual(
      expect.arrayContaining([
        { kind: 'connections', title: 'connection', id: lost.connectionId, keyId: 'lost' },
        { kind: 'connections', title: 'connection', id: altered.connectionId, keyId: 'old' },
        { kind: 'client_secrets', title: 'client', id: client.clientId, keyId: 'lost' },
        { kind: 'client_secrets', title: 'client', id: 'cli_x' },
      ]),
    );
    expect(unopenable).toHaveLength(4);
    expect(await after.tokenOf(3)).toBe('token-3');
  });
});

/** A store to which others write at the worst moment, and which can go away. */
class MeddledStore extends SqliteKeyValueStore {
  beforeNextWrites: (() => Promise<void>)[] = [];
  writesUntilDown: number | undefined;

  override async compareAndSet(key: RecordKey, version: number, value: string, options?: WriteOptions) {
    const meddle = this.beforeNextWrites.shift();
    await meddle?.();
    if (this.writesUntilDown !== undefined) {
      if (this.writesUntilDown === 0) throw new Error('The store is down.');
      this.writesUntilDown -= 1;
    }
    return super.compareAndSet(key, version, value, options);
  }
}

describe('On the command line', () => {
  let folder: string;
  const path = (): string => join(folder, 'patchbay.sqlite');

  const cli = async (keys: string, args: readonly string[]) => {
    let [output, errors] = ['', ''];
    const code = await run(args, {
      environment: { DATA_DIR: folder, ENCRYPTION_KEYS: keys },
      directory: folder,
      write: (text) => void (output += text),
      pour: () => Promise.resolve(true),
      say: (line) => void (errors += `${line}\n`),
      input: () => Promise.resolve(''),
    });
    return { code, output, errors };
  };
  const inStore = async <T>(use: (store: SqliteKeyValueStore) => Promise<T>): Promise<T> => {
    const store = SqliteKeyValueStore.open(path());
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  };
  const connectUnder = (keys: string, ...users: number[]) =>
    inStore(async (store) => {
      for (const user of users) await processWith(store, keys).connect(user);
    });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-keys-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('status says which key seals what, and retires none that is needed', async () => {
    await connectUnder(OLD, 1, 2);
    const before = await cli(`${NEW},${OLD}`, ['keys', 'status']);
    expect(before).toEqual({
      code: 0,
      output: 'new  active   seals, and opens nothing\nold  opens    still opens 2 connections: run keys rotate\n',
      errors: '',
    });
    const rotated = await cli(`${NEW},${OLD}`, ['keys', 'rotate']);
    expect(rotated).toEqual({ code: 0, output: 'Sealed 2 of 2 records with key new.\n', errors: '' });
    const { output } = await cli(`${NEW},${OLD}`, ['keys', 'status', '--json']);
    const nothing = { connections: 0, client_secrets: 0, pending_authorizations: 0 };
    expect(JSON.parse(output)).toEqual({
      active_key: 'new',
      keys: [
        { key_id: 'new', state: 'active', records: { ...nothing, connections: 2 }, may_retire: false, seals: 2 },
        { key_id: 'old', state: 'opens', records: nothing, may_retire: true, seals: 0 },
      ],
      unreadable: nothing,
      max_seals: 2 ** 32,
    });
  });

  it('status fails when records are sealed with a key that is gone', async () => {
    await connectUnder(OLD, 1);
    expect(await cli(NEW, ['keys', 'status'])).toMatchObject({
      code: 1,
      output: expect.stringMatching(
        /^old {2}missing {2}is not in ENCRYPTION_KEYS, and alone opens 1 connection: put it back$/m,
      ),
    });
  });

  it('rotate fails when something can’t be opened, says what and why, and shows no secret', async () => {
    await connectUnder(OLD, 1);
    await connectUnder(NEW, 2);
    const { code, output, errors } = await cli(NEW, ['keys', 'rotate']);
    expect([code, output]).toEqual([1, 'Sealed 0 of 2 records with key new. 1 had nothing to seal.\n']);
    expect(errors).toMatch(/^The connection con_[\w-]{22} can't be opened: key old is not in ENCRYPTION_KEYS\.\n$/);
    const json = await cli(NEW, ['keys', 'rotate', '--json']);
    expect(JSON.parse(json.output)).toMatchObject({
      unopenable: [{ kind: 'connections', id: expect.stringMatching(/^con_/), key_id: 'old' }],
    });
    expect(output + errors + json.output).not.toMatch(/token-|pb1\./);
  });

  it('a key that has sealed a quarter of what it may is warned of, by the doctor too', async () => {
    await inStore((store) => sealCountsIn(store).add('new', MANY_SEALS));
    const status = await cli(NEW, ['keys', 'status']);
    expect(status.errors).toMatch(/^Key new has sealed about 1,074 million times, of 4,295 million it may\. Rotate it/);
    const { output } = await cli(NEW, ['doctor', '--json']);
    const { findings } = JSON.parse(output) as { findings: readonly Record<string, unknown>[] };
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'keys', status: 'warn', message: expect.stringContaining('1,074 million') }),
    );
    expect(existsSync(path())).toBe(true);
  });
});
