import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { integrationNames } from '../../src/integrations/registry.ts';
import { type Folder, temporaryFolder } from '../support/built-programs.ts';
import { cli, counts, json, type Environment } from '../support/command-in-process.ts';
import { startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import { hmacSigner } from '../support/request-signer.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { clientsOf, SignedCaller } from '../support/signed-caller.ts';

const OWNER = { user_id: 'canary-user-ann', org_id: 'canary-org-acme' } as const;
const WHO = new URLSearchParams(OWNER).toString();
const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const [K1, K2] = [newKey('k1'), newKey('k2')];

async function ids(caller: SignedCaller, integration: string): Promise<unknown[]> {
  const answer = await caller.call('POST', `/integrations/${integration}/load`, OWNER);
  if (answer.status !== 200) throw new Error(`load answered ${answer.status}: ${answer.text}`);
  return (answer.json['items'] as { id: unknown }[]).map(({ id }) => id);
}

async function connectionsSeenBy(caller: SignedCaller): Promise<Record<string, unknown>[]> {
  return (await caller.call('GET', `/connections?${WHO}`)).json['connections'] as Record<string, unknown>[];
}

/** What never changes about a connection. */
const identity = ({ connection_id, integration, account, created_at }: Record<string, unknown>) =>
  JSON.stringify([connection_id, integration, account, created_at]);

describeWithRedis('A backup of a store that serves', () => {
  let folder: Folder;
  let redis: RedisServer;
  let source: RunningPatchbay;
  let environment: Environment;
  let clientId: string;
  let secrets: string[];
  let items: Map<string, unknown[]>;
  let connections: Record<string, unknown>[];
  const file = (name: string): string => join(folder.path, name);
  const caller = (patchbay: RunningPatchbay, secret = secrets.at(-1) ?? '') =>
    new SignedCaller(patchbay.url, { keyId: clientId, signer: hmacSigner(secret) });

  /** The product over another store, beside the same providers. */
  const serving = async <T>(over: Environment, use: (patchbay: RunningPatchbay) => Promise<T>): Promise<T> => {
    const patchbay = await startPatchbay({ environment: { ...over, SANDBOX_URL: source.sandbox.url } });
    try {
      return await use(patchbay);
    } finally {
      await patchbay.close();
    }
  };

  beforeAll(async () => {
    [folder, redis] = [temporaryFolder(), await startRedis()];
    source = await startPatchbay({
      environment: { ENCRYPTION_KEYS: K1 },
      // What was refreshed is refused at once, as an hour later.
      sandbox: { dataFile: file('sandbox.sqlite'), airtable: { conflictWindowSeconds: 0 } },
    });
    environment = { DATA_DIR: source.dataDir, ENCRYPTION_KEYS: K1 };
    const browser = source.newBrowser();
    for (const name of integrationNames) {
      const page = await browser.connect(name, OWNER);
      if (page.status !== 200) throw new Error(page.text);
    }
    const clients = clientsOf(source);
    const { client, secret } = await clients.create({
      ...{ name: 'a canary shop', permissions: ['connections:read', 'items:read'], orgs: [OWNER.org_id] },
    });
    clientId = client.clientId;
    secrets = [secret, (await clients.rotate(clientId)).secret].map((one) => one?.reveal() ?? '');
    items = new Map();
    for (const name of integrationNames) items.set(name, await ids(caller(source), name));
    connections = await connectionsSeenBy(caller(source));
  });
  afterAll(async () => {
    await source.close();
    await redis.stop();
    folder.remove();
  });

  it('is made while the service runs, for its owner’s eyes alone, and says what it holds', async () => {
    expect(await json(environment, 'backup', file('a.backup'))).toEqual({
      file: file('a.backup'),
      backup_id: expect.stringMatching(/^[\w-]{22}$/),
      key_id: 'k1',
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      connections: integrationNames.length,
      clients: 1,
      failed: 0,
    });
    expect(statSync(file('a.backup')).mode & 0o777).toBe(0o600);
  });

  it('tells nobody who has no key a token, a secret, an account, an owner, an id or what integrations there are', () => {
    const text = readFileSync(file('a.backup'), 'latin1');
    const given = new DatabaseSync(file('sandbox.sqlite'), { readOnly: true });
    const tokens = given
      .prepare('SELECT token FROM tokens')
      .all()
      .map((row) => String(row['token']));
    given.close();
    const accounts = connections.flatMap(({ account }) => Object.values(account as Record<string, string>));
    const known = connections.map(({ connection_id }) => String(connection_id));
    const canaries = [
      ...[...tokens, ...secrets, ...accounts, ...known, ...Object.values(OWNER), clientId],
      ...['a canary shop', 'connection', 'api-client', 'access_token', 'items:read', 'Airtable', 'airtable', 'hubspot'],
    ];
    expect(tokens.length).toBeGreaterThanOrEqual(2 * integrationNames.length);
    for (const canary of canaries) {
      expect(canary.length).toBeGreaterThan(5);
      expect(text.includes(canary)).toBe(false);
      expect(text.includes(Buffer.from(canary).toString('base64url').slice(0, 40))).toBe(false);
    }
  });

  it('shows first what would be done, and changes nothing then', async () => {
    const target = { REDIS_URL: redis.url, ENCRYPTION_KEYS: K1 };
    const { code, output } = await cli(target, ['restore', file('a.backup'), '--dry-run']);
    expect(code).toBe(0);
    expect(output).toMatch(/^Would restore 4 connections and 1 client of the backup made \d{4}-/);
    expect(await json(target, 'restore', file('a.backup'), '--dry-run')).toMatchObject({
      dry_run: true,
      connections: counts({ restored: integrationNames.length }),
      clients: counts({ restored: 1 }),
    });
  });

  it('restored into a store of the other kind, serves from there: the same ids, items and clients', async () => {
    const target = { REDIS_URL: redis.url, ENCRYPTION_KEYS: K1 };
    expect(await json(target, 'restore', file('a.backup'))).toMatchObject({
      key_id: 'k1',
      dry_run: false,
      connections: counts({ restored: integrationNames.length }),
      clients: counts({ restored: 1 }),
    });
    await serving(target, async (patchbay) => {
      const restored = caller(patchbay);
      expect((await connectionsSeenBy(restored)).map(identity)).toEqual(connections.map(identity));
      // Both secrets of the rotation that was under way.
      expect((await connectionsSeenBy(caller(patchbay, secrets[0]))).length).toBe(integrationNames.length);
      for (const name of integrationNames) expect(await ids(restored, name)).toEqual(items.get(name));
      // With the refresh tokens too: the access tokens end, and the loads go on.
      for (const name of integrationNames) await new SandboxControl(source.sandbox).expire(name, 'access');
      for (const name of integrationNames) expect(await ids(restored, name)).toEqual(items.get(name));
      // The account is known: to connect it again renews its connection, and adds none.
      for (const name of integrationNames) await patchbay.newBrowser().connect(name, OWNER);
      const after = await connectionsSeenBy(restored);
      expect(after.map(identity).sort()).toEqual(connections.map(identity).sort());
    });
  });

  it('is restored to the embedded store again, sealed with another key there, which alone is then needed', async () => {
    await json({ REDIS_URL: redis.url, ENCRYPTION_KEYS: K1 }, 'backup', file('b.backup'));
    const target = { DATA_DIR: file('embedded'), ENCRYPTION_KEYS: `${K2},${K1}` };
    await json(target, 'restore', file('b.backup'));
    const again = await json(target, 'restore', file('b.backup'));
    expect(again).toMatchObject({ connections: counts({ kept: 4 }), clients: counts({ kept: 1 }) });
    await serving({ ...target, ENCRYPTION_KEYS: K2 }, async (patchbay) => {
      for (const name of integrationNames) expect(await ids(caller(patchbay), name)).toEqual(items.get(name));
    });
  });

  it('that is too old holds refresh tokens that are used up: such a connection says so, once it is renewed', async () => {
    const target = { DATA_DIR: file('late'), ENCRYPTION_KEYS: K1 };
    await json(target, 'restore', file('a.backup'));
    await serving(target, async (patchbay) => {
      await new SandboxControl(source.sandbox).expire('airtable', 'access');
      const load = await caller(patchbay).call('POST', '/integrations/airtable/load', OWNER);
      expect(load).toMatchObject({ status: 409, json: { error: 'reauthorization_required' } });
      const told = await connectionsSeenBy(caller(patchbay));
      expect(told.find(({ integration }) => integration === 'airtable')).toMatchObject({
        status: 'reauthorization_required',
      });
    });
  });
});
