import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, type Folder, Program, temporaryFolder } from '../support/built-programs.ts';
import { CommandLineInProcess } from '../support/command-in-process.ts';
import { CommandLine, type Issued } from '../support/command-line.ts';
import { freePort } from '../support/free-port.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';

const WHO = 'user_id=ann&org_id=acme';
const SESSION = JSON.stringify({ user_id: 'ann', org_id: 'acme' });

interface Answered {
  readonly status: number;
  readonly request_id: string;
  readonly body: Record<string, unknown>;
}

/** A service in a process of its own and a command line beside it, over one store. */
class Installation {
  readonly cli: CommandLine;
  /** In a process of its own, as people call it. */
  readonly program: CommandLine;
  readonly service: Program;
  readonly folder: Folder;
  #files = 0;

  private constructor(environment: Record<string, string>, folder: Folder) {
    this.folder = folder;
    this.cli = new CommandLineInProcess({ environment, cwd: folder.path });
    this.program = new CommandLine({ environment, cwd: folder.path });
    this.service = new Program('dist/src/main.js', { LOG_LEVEL: 'trace', ...environment }, folder.path);
  }

  static async start(extra: Record<string, string> = {}): Promise<Installation> {
    const folder = temporaryFolder();
    const environment = {
      PORT: String(await freePort()),
      DATA_DIR: join(folder.path, 'data'),
      RATE_LIMIT_PER_MINUTE: '0',
      RATE_LIMIT_PER_MINUTE_USER: '0',
      ...extra,
    };
    const installation = new Installation(environment, folder);
    await installation.service.said('Patchbay is ready');
    return installation;
  }

  /** A file only its owner can read. @returns its name, relative to where the command line is called */
  keep(secret: string): string {
    const name = `secret-${(this.#files += 1)}`;
    writeFileSync(join(this.folder.path, name), `${secret}\n`, { mode: 0o600 });
    return name;
  }

  async request(method: string, url: string, by: Issued, data?: string): Promise<Answered> {
    const { output, errors } = await this.cli.run(
      [
        ...['request', method, url, '--client', by.client_id, '--secret-file', '-', '--json'],
        ...(data === undefined ? [] : ['--data', data]),
      ],
      by.secret,
    );
    if (output === '') throw new Error(errors);
    return JSON.parse(output) as Answered;
  }

  async end(): Promise<void> {
    await this.service.stop();
    this.folder.remove();
  }
}

const create = (permissions: string, ...orgs: string[]): string[] => [
  ...['clients', 'create', 'shop', '--permissions', permissions],
  ...orgs.flatMap((org) => ['--org', org]),
];

describe('An API client made on the command line, beside a running service', () => {
  let installation: Installation;
  const issued: Issued[] = [];

  const created = async (permissions: string, ...orgs: string[]): Promise<Issued> => {
    const client = await installation.cli.issue(create(permissions, ...orgs));
    issued.push(client);
    return client;
  };
  const rotated = async ({ client_id }: Issued): Promise<Issued> => {
    const client = await installation.cli.issue(['clients', 'rotate', client_id]);
    issued.push(client);
    return client;
  };

  beforeAll(ensureBuilt);
  beforeAll(async () => {
    installation = await Installation.start();
  });
  afterAll(() => installation.end());

  it('is shown once as its id, its algorithm and a secret of 32 bytes', async () => {
    const client = await created('items:read', 'acme');
    expect(client).toEqual({
      client_id: expect.stringMatching(/^cli_[A-Za-z0-9_-]{22}$/),
      algorithm: 'hmac-sha256',
      secret: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    });
  });

  it('signs a request: the body on standard output, the status on standard error, 0 for success', async () => {
    const client = await created('sessions:create,connections:read', 'acme');
    const file = installation.keep(client.secret ?? '');
    const by = ['--client', client.client_id, '--secret-file', file];
    const answer = await installation.program.run(['request', 'post', '/sessions', '--data', SESSION, ...by]);
    expect(answer).toMatchObject({ code: 0, errors: '201 Created\n' });
    expect(JSON.parse(answer.output)).toMatchObject({ expires_in: 600 });

    const query = await installation.program.run(['request', 'GET', `/connections?${WHO}`, ...by]);
    expect(query).toEqual({ code: 0, errors: '200 OK\n', output: '{"connections":[]}\n' });
  });

  it('signs for an absolute URL too', async () => {
    const client = await created('connections:read', '*');
    const answer = await installation.cli.run(['doctor', '--json']);
    const { findings } = JSON.parse(answer.output) as { findings: { check: string; message: string }[] };
    const url = /http:\/\/\S+/.exec(findings.find(({ check }) => check === 'address')?.message ?? '')?.[0];
    expect(await installation.request('GET', `${url}/connections?${WHO}`, client)).toMatchObject({ status: 200 });
  });

  it('may do what it has the permission for, and nothing else', async () => {
    const client = await created('connections:read', 'acme');
    expect(await installation.request('GET', `/connections?${WHO}`, client)).toMatchObject({ status: 200 });
    const refused = await installation.request('POST', '/sessions', client, SESSION);
    expect(refused).toMatchObject({ status: 403, body: { error: 'forbidden' } });
    const file = installation.keep(client.secret ?? '');
    const by = ['--client', client.client_id, '--secret-file', file];
    const shown = await installation.cli.run(['request', 'POST', '/sessions', '--data', SESSION, ...by]);
    expect(shown).toMatchObject({ code: 1, errors: '403 Forbidden\n' });
  });

  it('may act for its organisations, and no other', async () => {
    const client = await created('connections:read', 'acme,initech', 'umbrella');
    const statusFor = async (org: string): Promise<number> =>
      (await installation.request('GET', `/connections?user_id=ann&org_id=${org}`, client)).status;
    expect(await statusFor('initech')).toBe(200);
    expect(await statusFor('umbrella')).toBe(200);
    expect(await statusFor('globex')).toBe(403);
  });

  it('is known by its last two secrets, until the next rotation', async () => {
    const first = await created('connections:read', '*');
    const holds = async (client: Issued): Promise<unknown> =>
      (await installation.request('GET', `/connections?${WHO}`, client)).body['error'] ?? 'holds';
    const second = await rotated(first);
    expect(second).toMatchObject({ client_id: first.client_id, algorithm: 'hmac-sha256' });
    expect([await holds(first), await holds(second)]).toEqual(['holds', 'holds']);
    const third = await rotated(first);
    expect(await holds(first)).toBe('invalid_signature');
    expect([await holds(second), await holds(third)]).toEqual(['holds', 'holds']);
  });

  it('is told on rotation what becomes of the secret before', async () => {
    const client = await created('connections:read', '*');
    const { code, output, errors } = await installation.cli.run(['clients', 'rotate', client.client_id]);
    issued.push({ ...client, secret: /secret {5}(\S+)/.exec(output)?.[1] ?? '' });
    expect(code).toBe(0);
    expect(errors).toBe('The secret before this one stays good until the next rotation.\n');
  });

  it('is unknown from the moment it is revoked', async () => {
    const client = await created('connections:read', '*');
    expect((await installation.request('GET', `/connections?${WHO}`, client)).status).toBe(200);
    const revoked = await installation.cli.json(['clients', 'revoke', client.client_id]);
    expect(revoked).toEqual({ client_id: client.client_id, revoked: true });
    const refused = await installation.request('GET', `/connections?${WHO}`, client);
    expect(refused).toMatchObject({ status: 401, body: { error: 'unknown_key' } });
    const again = await installation.cli.run(['clients', 'revoke', client.client_id]);
    expect(again).toEqual({ code: 1, output: '', errors: 'There is no such API client.\n' });
  });

  it('may have a key pair of its own in place of a secret', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const file = installation.keep(publicKey.export({ type: 'spki', format: 'pem' }).toString());
    const client = await installation.cli.issue([...create('connections:read', '*'), '--public-key', file]);
    expect(client).toEqual({ client_id: client.client_id, algorithm: 'ed25519' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(await installation.request('GET', `/connections?${WHO}`, { ...client, secret: pem })).toMatchObject({
      status: 200,
    });
    const rotation = await installation.cli.run(['clients', 'rotate', client.client_id]);
    expect(rotation).toMatchObject({ code: 1, errors: expect.stringMatching(/^A client with a public key .*\n$/) });
  });

  it('can have its secret put into a file that only its owner can read, and never shown', async () => {
    const path = join(installation.folder.path, 'new.secret');
    const { code, output, errors } = await installation.cli.run([
      ...create('connections:read', '*'),
      ...['--secret-file', 'new.secret', '--json'],
    ]);
    const secret = readFileSync(path, 'utf8').trim();
    const client = { ...(JSON.parse(output) as Issued), secret };
    issued.push(client);
    expect(code).toBe(0);
    expect(output + errors).not.toContain(secret);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await installation.request('GET', `/connections?${WHO}`, client)).status).toBe(200);

    // What may be in use is never written over, and no client is made whose secret nobody has.
    const before = await installation.cli.json(['clients', 'list']);
    const again = await installation.cli.run([...create('connections:read', '*'), '--secret-file', 'new.secret']);
    expect(again).toEqual({ code: 1, output: '', errors: 'new.secret exists already: name a new one.\n' });
    expect(await installation.cli.json(['clients', 'list'])).toEqual(before);
  });

  it('is listed with all that it may, without its secrets', async () => {
    const client = await created('items:read,tokens:read', 'acme', 'initech');
    await rotated(client);
    const { clients } = (await installation.cli.json(['clients', 'list'])) as { clients: Issued[] };
    expect(clients.find(({ client_id }) => client_id === client.client_id)).toEqual({
      client_id: client.client_id,
      name: 'shop',
      algorithm: 'hmac-sha256',
      permissions: ['items:read', 'tokens:read'],
      orgs: ['acme', 'initech'],
      live_secrets: 2,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    const shown = await installation.program.run(['clients', 'list']);
    expect(shown.output).toContain(client.client_id);
    for (const { secret } of issued) expect(shown.output + JSON.stringify(clients)).not.toContain(secret);
  });

  it('leaves its secret neither in the store nor in the log', async () => {
    await created('connections:read', '*');
    const data = join(installation.folder.path, 'data');
    const stored = readdirSync(data).map((name) => readFileSync(join(data, name), 'latin1'));
    const everything = stored.join('') + installation.service.output + installation.service.errors;
    // By includes: a failure must not print all of it.
    expect(everything.includes(issued[0]?.client_id ?? '?')).toBe(true);
    expect(issued.length).toBeGreaterThan(0);
    for (const { secret = '' } of issued) {
      expect(secret).toHaveLength(43);
      expect(everything.includes(secret)).toBe(false);
      expect(everything.includes(Buffer.from(secret, 'base64url').toString('latin1'))).toBe(false);
    }
  });
});

describeWithRedis('An API client made on the command line, over Redis', () => {
  let redis: RedisServer;
  let installation: Installation;

  beforeAll(ensureBuilt);
  beforeAll(async () => {
    redis = await startRedis();
    const ENCRYPTION_KEYS = `k1:${randomBytes(32).toString('base64')}`;
    installation = await Installation.start({ REDIS_URL: redis.url, ENCRYPTION_KEYS });
  });
  afterAll(async () => {
    await installation.end();
    await redis.stop();
  });

  it('is known to the service at once, and unknown once revoked', async () => {
    const client = await installation.cli.issue(create('connections:read', 'acme'));
    expect((await installation.request('GET', `/connections?${WHO}`, client)).status).toBe(200);
    await installation.cli.json(['clients', 'revoke', client.client_id]);
    expect((await installation.request('GET', `/connections?${WHO}`, client)).status).toBe(401);
  });
});
