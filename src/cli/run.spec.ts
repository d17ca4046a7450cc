import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skipWaits } from './fixtures/skip-waits.ts';
import { run } from './run.ts';

const SECRET = randomBytes(32).toString('base64url');
const NEW = ['clients', 'create', 'shop', '--permissions', 'items:read'];

interface Said {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

describe('The command line', () => {
  let folder: string;
  let server: Server;
  let url: string;
  let answer: RequestListener;

  const runWith = async (environment: Record<string, string>, args: readonly string[], input = ''): Promise<Said> => {
    let [output, errors] = ['', ''];
    const code = await run(args, {
      environment: { DATA_DIR: join(folder, 'data'), ...environment },
      directory: folder,
      write: (text) => void (output += text),
      pour: () => Promise.resolve(true),
      say: (line) => void (errors += `${line}\n`),
      input: () => Promise.resolve(input),
    });
    return { code, output, errors };
  };
  const cli = (args: readonly string[], input?: string): Promise<Said> => runWith({}, args, input);
  const file = (name: string, text: string, mode = 0o600): string => {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), mode);
    return name;
  };
  const signWith = (name: string): Promise<Said> =>
    cli(['request', 'GET', url, '--client', 'cli_x', '--secret-file', name]);
  const request = (...args: string[]): Promise<Said> =>
    cli(['request', 'GET', url, '--client', 'cli_x', '--secret-file', '-', ...args], SECRET);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-cli-'));
    server = createServer((incoming, outgoing) => answer(incoming, outgoing));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    jest.restoreAllMocks();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['an unknown command', ['frobnicate'], /no command "frobnicate"/],
    ['half a command', ['clients'], /create, list, rotate, revoke/],
    ['an unknown half', ['clients', 'delete'], /no command "clients delete".* create, list/],
    ['an unknown option', [...NEW, '--org', 'acme', '--admin'], /Unknown option '--admin'/],
    ['an option without its value', ['clients', 'create', 'shop', '--permissions'], /--permissions/],
    ['a client without a name', ['clients', 'create', '--permissions', 'items:read', '--org', '*'], /NAME is missing/],
    [
      'a name that hides something',
      ['clients', 'create', 'a\u001b[2Jb', ...NEW.slice(3), '--org', '*'],
      /NAME must be/,
    ],
    ['no permissions', ['clients', 'create', 'shop', '--org', '*'], /--permissions some of sessions:create/],
    [
      'an unknown permission',
      ['clients', 'create', 'a', '--permissions', 'root', '--org', '*'],
      /no permission "root"/,
    ],
    ['no organisation', NEW, /--org with one or several ids, or --org '\*'/],
    ['all organisations and one', [...NEW, '--org', '*', '--org', 'acme'], /leave out the others/],
    ['what the shell made of a bare *', [...NEW, '--org', 'README.md', 'src'], /"src" is one argument too many/],
    ['an organisation that cannot be', [...NEW, '--org', 'a b'], /"a b" can't be an organisation/],
    ['an unknown algorithm', [...NEW, '--org', '*', '--algorithm', 'rsa'], /hmac-sha256 or ed25519/],
    ['ed25519 without a key', [...NEW, '--org', '*', '--algorithm', 'ed25519'], /--public-key FILE/],
    ['a request by nobody', ['request', 'GET', '/', '--secret-file', 'f'], /--client ID/],
    ['a request without a secret', ['request', 'GET', '/', '--client', 'c'], /--secret-file FILE/],
    ['an address that is none', ['request', 'GET', 'ftp://a', '--client', 'c', '--secret-file', 'f'], /URL must/],
    [
      'a body for GET',
      ['request', 'GET', '/', '--client', 'c', '--secret-file', 'f', '--data', '1'],
      /takes no --data/,
    ],
    ['data that is no JSON', ['request', 'PUT', '/', '--client', 'c', '--secret-file', 'f', '--data', '{'], /not JSON/],
  ])('refuses %s in one line', async (_what, args, expected) => {
    const { code, output, errors } = await cli(args);
    expect(errors).toMatch(expected);
    expect(errors.trimEnd().split('\n')).toHaveLength(1);
    expect([code, output]).toEqual([2, '']);
    // And nothing was made: no key, no database.
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('explains itself and every command, with examples', async () => {
    const { code, output } = await cli(['--help']);
    expect(code).toBe(0);
    const commands = [...output.matchAll(/^ {2}([a-z]+(?: [a-z]+)?) {2,}\S/gm)].map(([, name = '']) => name);
    expect(commands).toEqual(expect.arrayContaining(['clients create', 'clients rotate', 'request', 'doctor']));
    for (const command of commands) {
      const help = await cli([...command.split(' '), '--help']);
      expect(help).toMatchObject({ code: 0, errors: '' });
      expect(help.output).toMatch(new RegExp(`^Usage: ${command}[\\s\\S]*--json[\\s\\S]*Examples?:\\n  ${command}`));
    }
  });

  it('names every bad key of the configuration in one line, and no value', async () => {
    const { code, errors } = await runWith({ PORT: 'seventy', LOG_LEVEL: 'shout' }, ['clients', 'list']);
    expect(code).toBe(1);
    expect(errors).toMatch(/^The configuration can't be used: PORT .*; LOG_LEVEL .*\n$/);
    expect(errors).not.toMatch(/seventy|shout/);
  });

  it('says in one line that the store cannot be reached', async () => {
    skipWaits();
    const environment = {
      REDIS_URL: 'redis://127.0.0.1:1',
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    };
    const { code, errors } = await runWith(environment, ['clients', 'list']);
    expect(code).toBe(1);
    expect(errors).toMatch(/^The store is not available\..*\n$/);
  });

  it('refuses keys that are none, and files that hold no secret, without showing them', async () => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const create = (name: string) => cli([...NEW, '--org', '*', '--public-key', name]);
    expect((await create(file('private.pem', pem))).errors).toMatch(/is a private key: keep it/);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
    const rsaPem = rsa.export({ type: 'spki', format: 'pem' }).toString();
    expect((await create(file('rsa.pub', rsaPem))).errors).toMatch(/not an Ed25519 public key/);
    expect((await create('nowhere.pub')).errors).toBe("nowhere.pub can't be read (ENOENT).\n");

    const wrong = await signWith(file('short', 'hunter2-hunter2'));
    expect(wrong).toMatchObject({ code: 1, output: '' });
    expect(wrong.errors).toMatch(/^short holds neither a secret .*\n$/);
    expect(wrong.errors).not.toContain('hunter2');
  });

  it('warns of a secret that others can read', async () => {
    answer = (_incoming, outgoing) => void outgoing.end('{}');
    expect((await signWith(file('kept', SECRET))).errors).toBe('200 OK\n');
    const open = await signWith(file('open', SECRET, 0o644));
    expect(open).toEqual({
      code: 0,
      output: '{}\n',
      errors: expect.stringContaining('others can read open. Run: chmod'),
    });
  });

  it('takes a redirect for an answer, since its signature is for one address', async () => {
    let asked = 0;
    answer = (_incoming, outgoing) => {
      asked += 1;
      outgoing.writeHead(303, { location: '/elsewhere' }).end();
    };
    expect(await request()).toMatchObject({ code: 1, errors: '303 See Other\n' });
    expect(asked).toBe(1);
  });

  it('gives up on a server that does not answer, and says so of one that is not there', async () => {
    answer = () => undefined;
    expect(await request('--timeout', '0.2')).toEqual({
      code: 1,
      output: '',
      errors: `${url} did not answer within 0.2 s.\n`,
    });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await request()).toEqual({ code: 1, output: '', errors: `${url} could not be reached (ECONNREFUSED).\n` });
  });
});
