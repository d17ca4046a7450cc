import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppConfig } from '../../src/config/app-config.ts';
import { ConnectionRepository } from '../../src/connections/connection-repository.ts';
import { IDLE_INDEX, refreshIndexOf } from '../../src/connections/connection-schedule.ts';
import { CredentialCipher } from '../../src/crypto/credential-cipher.ts';
import { KeyRing } from '../../src/crypto/key-ring.ts';
import { Secret } from '../../src/errors/secret.ts';
import type { KeyValueStore } from '../../src/storage/key-value-store.ts';
import { SqliteKeyValueStore } from '../../src/storage/sqlite/sqlite-key-value-store.ts';
import { ensureBuilt, type Folder, temporaryFolder } from '../support/built-programs.ts';
import { cli, counts, json } from '../support/command-in-process.ts';
import { eventually } from '../support/eventually.ts';

const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const [K1, K2] = [newKey('k1'), newKey('k2')];

/** Connections of many owners, without a server. */
async function withMany<T>(path: string, keys: string, use: (made: Many) => Promise<T>): Promise<T> {
  const store = SqliteKeyValueStore.open(path);
  const config = Object.assign(Object.create(AppConfig.prototype) as AppConfig, { connectionIdleTtlDays: 90 });
  const cipher = new CredentialCipher(KeyRing.parse(new Secret(keys)));
  try {
    return await use({ store, connections: new ConnectionRepository(store, cipher, config) });
  } finally {
    await store.close();
  }
}

interface Many {
  readonly store: KeyValueStore;
  readonly connections: ConnectionRepository;
}

async function fill({ connections }: Many, count: number): Promise<void> {
  const at = (number: number) =>
    connections.saveGrant({
      ...{ owner: { orgId: 'acme', userId: `user-${number % 1000}` }, integration: 'notion', clientId: 'app' },
      ...{ account: { id: `account-${number}`, name: null }, scopes: [], requestedScopes: [] },
      grant: {
        primary: {
          accessToken: new Secret(`access-${number}`.repeat(20)),
          refreshToken: new Secret(`refresh-${number}`),
          obtainedAt: Date.now(),
          expiresAt: Date.now() + 3_600_000,
        },
        additional: new Map(),
      },
    });
  for (let from = 0; from < count; from += 200) await Promise.all(Array.from({ length: 200 }, (_, n) => at(from + n)));
}

async function everyId(store: KeyValueStore, collection = 'connection'): Promise<string[]> {
  const all: string[] = [];
  let from: string | undefined;
  do {
    const page = await store.walk(collection, 1000, from);
    all.push(...page.records.map(({ key }) => `${key.partition}/${key.id}`));
    from = page.next;
  } while (from !== undefined);
  return all.sort();
}

describe('A restore', () => {
  const COUNT = 3000;
  let folder: Folder;
  let backup: string;
  let original: string[];
  const file = (name: string): string => join(folder.path, name);
  let targets = 0;
  const freshTarget = (keys = K1) => ({ DATA_DIR: file(`target-${(targets += 1)}`), ENCRYPTION_KEYS: keys });

  beforeAll(async () => {
    folder = temporaryFolder();
    backup = file('many.backup');
    const from = { DATA_DIR: file('source'), ENCRYPTION_KEYS: K1 };
    await cli(from, ['clients', 'create', 'shop', '--permissions', 'items:read', '--org', 'acme']);
    original = await withMany(file('source/patchbay.sqlite'), K1, async (many) => {
      await fill(many, COUNT);
      return everyId(many.store);
    });
    expect(await json(from, 'backup', backup)).toMatchObject({ connections: COUNT, clients: 1 });
    expect(await json(from, 'backup', file('other.backup'))).toMatchObject({ connections: COUNT });
  }, 60_000);
  afterAll(() => folder.remove());

  const expectRefused = async (content: string | Buffer, reason: RegExp, target = freshTarget()): Promise<void> => {
    const tampered = file('tampered.backup');
    writeFileSync(tampered, content, typeof content === 'string' ? 'latin1' : null);
    const { code, output, errors } = await cli(target, ['restore', tampered]);
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toMatch(reason);
    expect(errors.trimEnd().split('\n')).toHaveLength(1);
    // Not so much as a store was made.
    expect(existsSync(target.DATA_DIR)).toBe(false);
  };

  it('of what was altered, cut, swapped or mixed is refused, and nothing is written', async () => {
    const whole = readFileSync(backup, 'latin1');
    const lines = whole.split(/(?<=\n)/);
    const foreign = readFileSync(file('other.backup'), 'latin1').split(/(?<=\n)/);
    expect(lines.length).toBeGreaterThan(20);
    const last = Buffer.from(whole, 'latin1');
    last.writeUInt8(last.readUInt8(last.length - 100) ^ 1, last.length - 100);
    const altered = /^This backup was altered or cut, or is sealed with another key/;
    await expectRefused(last, altered);
    await expectRefused(whole.replace(/"created_at":"\d/, '"created_at":"1'), altered);
    await expectRefused(lines.slice(0, -1).join(''), altered);
    await expectRefused(whole.slice(0, -5), /cut short/);
    await expectRefused([...lines.slice(0, 2), lines[3], lines[2], ...lines.slice(4)].join(''), altered);
    await expectRefused(lines.with(5, foreign[5] ?? '').join(''), altered);
    await expectRefused(lines.with(0, foreign[0] ?? '').join(''), altered);
    await expectRefused(lines.with(-1, foreign.at(-1) ?? '').join(''), altered);
  });

  it('without the key, or with another one of that name, is refused in one line that names the key', async () => {
    const whole = readFileSync(backup);
    await expectRefused(
      whole,
      /^The backup is sealed with key k1, which is not here\. .*ENCRYPTION_KEYS/,
      freshTarget(K2),
    );
    await expectRefused(whole, /another key than the one that is called k1 here/, freshTarget(newKey('k1')));
  });

  it('of what is no backup, or is not there, is refused', async () => {
    await expectRefused('', /This is not a backup of Patchbay\./);
    await expectRefused(readFileSync(file('source/patchbay.sqlite')), /This is not a backup of Patchbay\./);
    const { code, errors } = await cli(freshTarget(), ['restore', file('nowhere')]);
    expect({ code, errors }).toEqual({ code: 1, errors: `${file('nowhere')} can't be read (ENOENT).\n` });
  });

  it('where no key is, makes none: it could not open the backup either', async () => {
    const target = { DATA_DIR: file('keyless') };
    const refused = await cli(target, ['restore', backup]);
    expect(refused.errors).toMatch(/^The backup is sealed with key k1, .*encryption\.key, or into ENCRYPTION_KEYS/);
    expect(existsSync(target.DATA_DIR)).toBe(false);
  });

  it('opens what was sealed with a generated key, once the key file is back', async () => {
    const from = { DATA_DIR: file('generated') };
    await cli(from, ['clients', 'create', 'shop', '--permissions', 'items:read', '--org', 'acme']);
    await json(from, 'backup', file('generated.backup'));
    const into = { DATA_DIR: file('generated-again') };
    expect((await cli(into, ['restore', file('generated.backup')])).code).toBe(1);
    await cli(into, ['clients', 'list']);
    copyFileSync(file('generated/encryption.key'), file('generated-again/encryption.key'));
    expect(await json(into, 'restore', file('generated.backup'))).toMatchObject({ clients: counts({ restored: 1 }) });
    expect(await json(into, 'clients', 'list')).toEqual(await json(from, 'clients', 'list'));
  });

  describe('as a process of its own', () => {
    beforeAll(ensureBuilt);

    it('that was killed half way ends right when it is run again', async () => {
      const target = freshTarget();
      const path = join(target.DATA_DIR, 'patchbay.sqlite');
      const child = spawn(
        process.execPath,
        [
          '--disable-warning=ExperimentalWarning',
          join(import.meta.dirname, '../../dist/src/cli/main.js'),
          'restore',
          backup,
        ],
        { cwd: folder.path, env: { PATH: process.env['PATH'], ...target }, stdio: 'ignore' },
      );
      const ended = once(child, 'exit');
      await eventually(
        () => (existsSync(path) ? countOf(path) : 0),
        (count) => count > 100 || child.exitCode !== null,
      );
      child.kill('SIGKILL');
      expect((await ended)[1]).toBe('SIGKILL');
      const before = countOf(path);
      expect(before).toBeLessThan(COUNT);

      const { connections } = (await json(target, 'restore', backup)) as { connections: Record<string, number> };
      expect(connections['restored']).toBe(COUNT - before);
      expect(connections['kept']).toBe(before);
      await withMany(path, K1, async ({ store, connections: repository }) => {
        expect(await everyId(store)).toEqual(original);
        for (const index of [refreshIndexOf('notion'), IDLE_INDEX]) {
          const due = await store.listDue(index, Number.MAX_SAFE_INTEGER, COUNT + 1);
          expect(due.map(({ member }) => member).sort()).toEqual(original);
        }
        expect(await everyId(store, 'connection-account')).toHaveLength(COUNT);
        const owned = await repository.list({ orgId: 'acme', userId: 'user-7' });
        const open = await Promise.all(owned.map((one) => repository.find(one, 'notion', one.connectionId)));
        expect(open.map((one) => one?.grant.primary.refreshToken?.reveal()).sort()).toEqual(
          ['refresh-7', 'refresh-1007', 'refresh-2007'].sort(),
        );
      });
    });
  });

  function countOf(path: string): number {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const found = database.prepare("SELECT count(*) AS n FROM records WHERE collection = 'connection'").get();
      return Number(found?.['n']);
    } catch {
      // Not so far yet.
      return 0;
    } finally {
      database.close();
    }
  }
});
