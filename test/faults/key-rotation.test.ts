import { afterAll, beforeAll, expect } from '@jest/globals';
import { randomBytes, randomInt } from 'node:crypto';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { ConnectionRepository } from '../../src/connections/connection-repository.ts';
import { CredentialCipher } from '../../src/crypto/credential-cipher.ts';
import { KeyRing } from '../../src/crypto/key-ring.ts';
import { Secret } from '../../src/errors/secret.ts';
import { integrationNames } from '../../src/integrations/registry.ts';
import type { RecordKey } from '../../src/storage/key-value-store.ts';
import { RedisKeyValueStore } from '../../src/storage/redis/redis-key-value-store.ts';
import { ensureBuilt, temporaryFolder, type Folder } from '../support/built-programs.ts';
import { CommandLine, type Started } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { Browser } from '../support/http-browser.ts';
import { preloaded } from '../support/preloaded.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import { Replica } from '../support/replica.ts';
import { hmacSigner } from '../support/request-signer.ts';
import { SignedCaller } from '../support/signed-caller.ts';
import { SteadyLoad } from '../support/steady-load.ts';
import { textOfRedis } from '../support/stored-text.ts';
import { fault, isShort } from './fault-row.ts';

/** KEY_ROTATION_KILLS=50 makes a long night of it. */
const KILLS = Number(process.env['KEY_ROTATION_KILLS'] ?? (isShort ? 1 : 2));
const CONNECTIONS = isShort ? 8 : 50;
/** Further ones that nobody uses. */
const UNUSED = 1_000;
const SAMPLE_EVERY = 50;
/** Redis's answers to a rotation that is to be killed come so late: however fast the machine is, it is killed in the middle. */
const REDIS_DELAY_MS = 25;

const [OLD, NEW] = ['old', 'new'].map((id) => `${id}:${randomBytes(32).toString('base64')}`) as [string, string];
const STEP_1 = { ENCRYPTION_KEYS: `${OLD},${NEW}` };
const STEP_2 = { ENCRYPTION_KEYS: `${NEW},${OLD}` };
const STEP_5 = { ENCRYPTION_KEYS: NEW };

interface Account {
  readonly integration: string;
  readonly owner: { readonly user_id: string; readonly org_id: string };
}

interface KeyShown {
  readonly key_id: string;
  readonly state: string;
  readonly records: Readonly<Record<string, number>>;
  readonly may_retire: boolean;
}

describeWithRedis('The encryption key of two replicas that serve', () => {
  let folder: Folder;
  let redis: RedisServer;
  let proxy: FaultProxy;
  let sandbox: Sandbox;
  let environment: Record<string, string>;
  let replicas: Replica[];
  let callers: SignedCaller[];
  let accounts: readonly Account[];
  let store: RedisKeyValueStore;
  let unused: readonly RecordKey[];
  let running: SteadyLoad | undefined;

  const cli = (changes: Record<string, string>): CommandLine =>
    new CommandLine({ environment: { ...environment, ...changes }, cwd: folder.path });
  const keys = async (changes: Record<string, string>): Promise<readonly KeyShown[]> =>
    ((await cli(changes).json(['keys', 'status'])) as { keys: readonly KeyShown[] }).keys;
  const sealedUnder = (id: string, among: readonly KeyShown[]): number =>
    Object.values(among.find(({ key_id }) => key_id === id)?.records ?? {}).reduce((sum, count) => sum + count, 0);
  const oneByOne = async (load: SteadyLoad, changes: Record<string, string>): Promise<void> => {
    for (const replica of replicas) {
      const before = load.answered;
      await replica.restart(changes);
      await eventually(
        () => load.answered,
        (answered) => answered > before + 50,
      );
    }
  };
  const callerOf = (replica: number): SignedCaller => callers[replica] ?? fail('There is no such replica.');
  const credentials = (replica: number, { integration, owner }: Account) =>
    callerOf(replica).call('POST', `/integrations/${integration}/credentials`, { ...owner, include: ['access_token'] });
  /** Of a few of the unused, the share that is sealed with the new key. */
  const shareDone = async (): Promise<number> => {
    const sample = unused.filter((_key, at) => at % SAMPLE_EVERY === 0);
    const records = await Promise.all(sample.map((key) => store.get(key)));
    return records.filter((record) => record?.value.includes('"pb1.new.') === true).length / sample.length;
  };

  beforeAll(ensureBuilt);
  beforeAll(async () => {
    folder = temporaryFolder();
    redis = await startRedis();
    sandbox = await startSandbox({ rateLimits: false, items: 3 });
    environment = {
      DEMO: 'true',
      DATA_DIR: folder.path,
      SANDBOX_URL: sandbox.url,
      REDIS_URL: redis.url,
      ENCRYPTION_KEYS: OLD,
      RATE_LIMIT_PER_MINUTE: '0',
      RATE_LIMIT_PER_MINUTE_USER: '0',
      NODE_OPTIONS: preloaded('patient-store'),
    };
    replicas = [await Replica.start(environment, folder.path), await Replica.start(environment, folder.path)];
    const permissions = 'tokens:read,connections:read,items:read';
    const create = ['clients', 'create', 'a backend', '--permissions', permissions, '--org', '*'];
    const { client_id, secret = '' } = await cli({}).issue(create);
    callers = replicas.map(({ url }) => new SignedCaller(url, { keyId: client_id, signer: hmacSigner(secret) }));
    store = RedisKeyValueStore.open({ mode: 'url', url: redis.url });
    accounts = await connectAll(replicas[0]?.url ?? '');
    unused = await addUnused(store);
    proxy = await startFaultProxy({ host: '127.0.0.1', port: redis.port });
    proxy.spoil({ delayMs: REDIS_DELAY_MS });
  });
  afterAll(async () => {
    await running?.stop().catch(() => undefined);
    await Promise.all(replicas.map((replica) => replica.stop('SIGKILL')));
    await store.close();
    await proxy.close();
    await sandbox.close();
    await redis.stop();
    folder.remove();
  });

  fault(
    'keys are changed under load, the rotation and replicas killed at random',
    'five steps, and not one request fails to open a connection',
    async (report) => {
      const load = new SteadyLoad(replicas.length, (replica, call) => {
        const account = accounts[call % accounts.length];
        if (account === undefined) throw new Error('Nothing is connected.');
        return credentials(replica, account);
      });
      running = load;

      // 1. Every replica can open what the new key seals, before anything is.
      await oneByOne(load, STEP_1);
      expect(sealedUnder('new', await keys(STEP_1))).toBe(0);
      // 2. The new key seals.
      await oneByOne(load, STEP_2);
      // 3. What the old one sealed is sealed anew, however often it is interrupted.
      let struckInTheMiddle = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        if (await killedRotation(kill / (KILLS + 1))) struckInTheMiddle += 1;
      }
      report.say(`${struckInTheMiddle} of ${KILLS} rotations killed in the middle`);
      expect(struckInTheMiddle).toBeGreaterThan(0);
      expect(await cli(STEP_2).json(['keys', 'rotate'])).toMatchObject({ unopenable: [], contended: 0 });
      // 4. Nothing needs the old key any more.
      const found = await keys(STEP_2);
      expect(found).toContainEqual(expect.objectContaining({ key_id: 'old', state: 'opens', may_retire: true }));
      expect([sealedUnder('old', found), sealedUnder('new', found)]).toEqual([0, CONNECTIONS + UNUSED + 1]);
      expect(await textOfRedis(redis.url)).not.toContain('pb1.old.');
      // 5. It goes.
      await oneByOne(load, STEP_5);

      const statuses = await load.stop();
      report.say(`${statuses[200] ?? 0} requests answered 200`);
      expect(load.refused).toEqual([]);
      expect(Object.keys(statuses)).toEqual(['200']);
      for (const account of accounts) await expectWorks(account);
      await expectUnusedOpen();
    },
  );

  /** Kills a rotation once it has done more than this share, and a replica with it. @returns whether it was in the middle */
  async function killedRotation(share: number): Promise<boolean> {
    const late = { ...STEP_2, REDIS_URL: `redis://127.0.0.1:${proxy.port}` };
    const rotation: Started = cli(late).start(['keys', 'rotate']);
    await eventually(shareDone, (done) => done > share || rotation.hasEnded);
    rotation.kill();
    const replica = replicas[randomInt(replicas.length)];
    await replica?.stop('SIGKILL');
    await rotation.ended();
    const done = await shareDone();
    await replica?.start();
    return done > 0 && done < 1;
  }

  async function expectWorks({ integration, owner }: Account): Promise<void> {
    const answer = await callerOf(0).call('POST', `/integrations/${integration}/load`, owner);
    expect([integration, owner.user_id, answer.status, answer.json['complete']]).toEqual([
      integration,
      owner.user_id,
      200,
      true,
    ]);
  }

  async function expectUnusedOpen(): Promise<void> {
    const connections = repositoryWith(store, NEW);
    for (let user = 0; user < UNUSED; user += SAMPLE_EVERY) {
      const found = await connections.find(ownerOfUnused(user), 'notion');
      expect(found?.grant.primary.accessToken.reveal()).toBe(`token-${user}`);
    }
  }
});

async function connectAll(url: string): Promise<readonly Account[]> {
  const browser = new Browser(url);
  const accounts = Array.from({ length: CONNECTIONS }, (_, at) => ({
    integration: integrationNames[at % integrationNames.length] ?? '',
    owner: { user_id: `user-${at}`, org_id: 'acme' },
  }));
  for (const { integration, owner } of accounts) {
    const page = await browser.connect(integration, owner);
    if (page.status !== 200) throw new Error(page.text);
  }
  return accounts;
}

function repositoryWith(store: RedisKeyValueStore, key: string): ConnectionRepository {
  return new ConnectionRepository(store, new CredentialCipher(KeyRing.parse(new Secret(key))), loadConfig({}, []));
}

const ownerOfUnused = (user: number) => ({ orgId: 'unused', userId: `user-${user}` });

async function addUnused(store: RedisKeyValueStore): Promise<readonly RecordKey[]> {
  const connections = repositoryWith(store, OLD);
  const users = Array.from({ length: UNUSED }, (_, user) => user).values();
  const add = async (): Promise<void> => {
    for (const user of users) {
      await connections.saveGrant({
        owner: ownerOfUnused(user),
        integration: 'notion',
        clientId: 'app',
        account: { id: 'account', name: null },
        scopes: [],
        requestedScopes: [],
        grant: { primary: { accessToken: new Secret(`token-${user}`), obtainedAt: Date.now() }, additional: new Map() },
      });
    }
  };
  await Promise.all(Array.from({ length: 50 }, add));
  const keys: RecordKey[] = [];
  let from: string | undefined;
  do {
    const page = await store.walk('connection', 1000, from);
    keys.push(...page.records.filter(({ value }) => value.includes('"orgId":"unused"')).map(({ key }) => key));
    from = page.next;
  } while (from !== undefined);
  return keys;
}

function fail(message: string): never {
  throw new Error(message);
}
