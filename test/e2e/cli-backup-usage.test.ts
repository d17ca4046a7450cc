import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Folder, temporaryFolder } from '../support/built-programs.ts';
import { cli, type Environment } from '../support/command-in-process.ts';

const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const [K1, K2] = [newKey('k1'), newKey('k2')];

describe('The command backup', () => {
  let folder: Folder;
  let from: Environment;
  const file = (name: string): string => join(folder.path, name);
  beforeAll(async () => {
    folder = temporaryFolder();
    from = { DATA_DIR: file('data'), ENCRYPTION_KEYS: K1 };
    await cli(from, ['clients', 'create', 'shop', '--permissions', 'items:read', '--org', 'acme']);
  });
  afterAll(() => folder.remove());

  it('tells a person what it holds and that the key is to be kept', async () => {
    const said = await cli(from, ['backup', 'told.backup'], folder.path);
    expect(said).toEqual({
      code: 0,
      output:
        'Saved 0 connections and 1 client in told.backup, sealed with key k1.\nIt opens with that key alone: keep it, elsewhere.\n',
      errors: '',
    });
  });

  it('takes no other file’s place unless it is told to', async () => {
    writeFileSync(file('precious'), 'precious');
    const refused = await cli(from, ['backup', 'precious'], folder.path);
    expect(refused).toEqual({ code: 1, output: '', errors: expect.stringMatching(/^\S+precious exists already.*\n$/) });
    expect(readFileSync(file('precious'), 'utf8')).toBe('precious');
    expect((await cli(from, ['backup', 'precious', '--force'], folder.path)).code).toBe(0);
    expect(readFileSync(file('precious'), 'utf8')).toMatch(/^{"format":"patchbay-backup"/);
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('of a store that is not there is refused, not empty', async () => {
    const said = await cli({ DATA_DIR: file('nowhere'), ENCRYPTION_KEYS: K1 }, ['backup', file('empty.backup')]);
    expect(said).toEqual({
      code: 1,
      output: '',
      errors: expect.stringMatching(/^There is no store at .*DATA_DIR\.\n$/),
    });
    expect(existsSync(file('empty.backup'))).toBe(false);
  });

  it('into a folder that is not there is refused', async () => {
    const said = await cli(from, ['backup', file('nowhere/a.backup')]);
    expect(said).toEqual({ code: 1, output: '', errors: expect.stringMatching(/can't be made \(ENOENT\)\.\n$/) });
  });

  it('that lacks what could not be opened says so, and fails', async () => {
    const other = { ...from, ENCRYPTION_KEYS: K2 };
    const { code, output, errors } = await cli(other, ['backup', file('partial.backup'), '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(output)).toMatchObject({ connections: 0, clients: 0, failed: 1, key_id: 'k2' });
    expect(errors).toMatch(/^cli_\S+: The secret of this client can't be opened \(sealed with key k1\)/);
    expect(errors).toMatch(/\n1 record could not be opened and is not in the backup\.\n$/);
  });

  it('asked for wrongly is a misuse', async () => {
    for (const args of [['backup'], ['backup', 'a', 'b'], ['backup', 'a', '--frobnicate'], ['restore']]) {
      const { code, output, errors } = await cli(from, args, folder.path);
      expect({ code, output, lines: errors.split('\n').length }).toEqual({ code: 2, output: '', lines: 2 });
    }
  });
});
