import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import { KeyRing } from '../crypto/key-ring.ts';
import { runs } from '../errors/fixtures/property-tests.ts';
import { Secret } from '../errors/secret.ts';
import { BackupError } from './backup-error.ts';
import { newBackupHeader } from './backup-header.ts';
import { BackupReader } from './backup-reader.ts';
import type { BackupRecord } from './backup-record.ts';
import { BackupWriter } from './backup-writer.ts';

const KEY = `k1:${randomBytes(32).toString('base64')}`;
const cipherWith = (keys: string): CredentialCipher => new CredentialCipher(KeyRing.parse(new Secret(keys)));

const record = (value: string, id = 'con_1'): BackupRecord => ({
  ...{ collection: 'connection', partition: 'p', id, version: 1, value },
});
/** Four chunks of text. */
const MANY = Array.from({ length: 40 }, (_, at) => record(`${at} `.repeat(2000), `con_${at}`));

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-backup-'));
  path = join(folder, 'a.backup');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function write(records: readonly BackupRecord[], to = path, { overwrite = false, keys = KEY } = {}) {
  const header = newBackupHeader('k1', new Date('2026-11-21T03:00:00Z'));
  const writer = await BackupWriter.create({ path: to, header, cipher: cipherWith(keys), overwrite });
  try {
    for (const one of records) await writer.add(one);
    await writer.finish();
  } finally {
    await writer.discard();
  }
}

async function read(from = path, keys = KEY): Promise<BackupRecord[]> {
  const reader = await BackupReader.open(from);
  try {
    const records: BackupRecord[] = [];
    for await (const one of reader.records(cipherWith(keys))) records.push(one);
    return records;
  } finally {
    await reader.close();
  }
}

/** The header's line and the chunks' lines, with their ends. */
function linesOf(file: string): string[] {
  return readFileSync(file, 'latin1')
    .split('\n')
    .slice(0, -1)
    .map((line) => `${line}\n`);
}

async function expectRefused(content: string | Buffer): Promise<void> {
  const file = join(folder, 'tampered');
  writeFileSync(file, content, typeof content === 'string' ? 'latin1' : null);
  await expect(read(file)).rejects.toThrow(BackupError);
}

describe('A backup file', () => {
  it('gives back every record, whatever is in them and wherever the chunks were cut', async () => {
    const records = fc.array(
      fc.record({ value: fc.string({ unit: 'grapheme', maxLength: 50 }), times: fc.integer({ min: 1, max: 9000 }) }),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(records, async (parts) => {
        const written = parts.map(({ value, times }) => record(value.repeat(times)));
        await write(written, path, { overwrite: true });
        expect(await read()).toEqual(written);
      }),
      runs(5, 20),
    );
  });

  it('gives back records that fill a chunk exactly, or miss that by one', async () => {
    const empty = JSON.stringify(record('')).length + 1;
    for (const length of [65_535, 65_536, 65_537, 131_072]) {
      const written = [record('x'.repeat(length - empty))];
      await write(written, path, { overwrite: true });
      expect(linesOf(path)).toHaveLength(1 + Math.ceil(length / 65_536));
      expect(await read()).toEqual(written);
    }
  });

  it('says in its first line what it is, when it was made and which key opens it; nothing else can be read', async () => {
    await write([record('a canary')]);
    const [header = '', ...chunks] = linesOf(path);
    expect(JSON.parse(header)).toEqual({
      format: 'patchbay-backup',
      version: 1,
      backup_id: expect.stringMatching(/^[\w-]{22}$/),
      key_id: 'k1',
      created_at: '2026-11-21T03:00:00.000Z',
    });
    expect(chunks.join('')).toMatch(/^pb1\.k1\.[\w-]{16}\.[\w-]+\.[\w-]{22}\n$/);
  });

  it('is as long with one record as with none: its length tells how much there is, not what', async () => {
    await write([]);
    const empty = statSync(path).size;
    await write([record('one')], path, { overwrite: true });
    expect(statSync(path).size).toBe(empty);
    await write(MANY, path, { overwrite: true });
    expect(
      new Set(
        linesOf(path)
          .slice(1)
          .map(({ length }) => length),
      ).size,
    ).toBe(1);
  });

  it('can be read by its owner alone, and appears when it is whole', async () => {
    const header = newBackupHeader('k1', new Date());
    const writer = await BackupWriter.create({ path, header, cipher: cipherWith(KEY), overwrite: false });
    for (const one of MANY) await writer.add(one);
    const drafts = readdirSync(folder);
    expect(drafts).toEqual([expect.stringMatching(/^a\.backup\.[0-9a-f]{8}\.part$/)]);
    expect(statSync(join(folder, drafts[0] ?? '')).mode & 0o777).toBe(0o600);
    await writer.finish();
    expect(readdirSync(folder)).toEqual(['a.backup']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing behind when it is given up', async () => {
    const header = newBackupHeader('k1', new Date());
    const writer = await BackupWriter.create({ path, header, cipher: cipherWith(KEY), overwrite: false });
    await writer.add(record('x'));
    await writer.discard();
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('A file that stands there already', () => {
  it('is kept, unless it may be replaced', async () => {
    writeFileSync(path, 'precious');
    await expect(write([])).rejects.toThrow('exists already');
    expect(readFileSync(path, 'utf8')).toBe('precious');
    await write([record('x')], path, { overwrite: true });
    expect(await read()).toEqual([record('x')]);
    expect(readdirSync(folder)).toEqual(['a.backup']);
  });

  it('is kept too when it came while the backup was written', async () => {
    const header = newBackupHeader('k1', new Date());
    const writer = await BackupWriter.create({ path, header, cipher: cipherWith(KEY), overwrite: false });
    // A link to nothing is found by no look beforehand.
    symlinkSync(join(folder, 'nowhere'), path);
    await expect(writer.finish()).rejects.toThrow('exists already');
    await writer.discard();
    expect(readdirSync(folder)).toEqual(['a.backup']);
  });

  it('is never replaced when it is no ordinary file', async () => {
    await expect(write([], folder, { overwrite: true })).rejects.toThrow('is not a file');
    await expect(write([], '/dev/null', { overwrite: true })).rejects.toThrow('is not a file');
  });
});

describe('A backup that was tampered with is refused:', () => {
  let lines: string[];
  beforeEach(async () => {
    await write(MANY);
    lines = linesOf(path);
    expect(lines.length).toBeGreaterThan(4);
  });

  it('one flipped bit, anywhere', async () => {
    await write(MANY.slice(0, 15), path, { overwrite: true });
    const bytes = readFileSync(path);
    const headerLength = lines[0]?.length ?? 0;
    const everywhere = Array.from({ length: bytes.length }, (_, at) => at);
    const chosen = everywhere.filter((at) => at < headerLength + 30 || at % 9973 === 0 || at > bytes.length - 30);
    for (const at of chosen) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (at % 8)), at);
      await expectRefused(flipped);
    }
  });

  it('an end that is missing, at a chunk’s border or elsewhere', async () => {
    const whole = lines.join('');
    for (const end of [0, 1, 10, lines[0]?.length ?? 0, whole.length - 1]) await expectRefused(whole.slice(0, end));
    for (let kept = 1; kept < lines.length; kept += 1) await expectRefused(lines.slice(0, kept).join(''));
  });

  it('something added', async () => {
    await expectRefused(`${lines.join('')}x`);
    await expectRefused([...lines, lines.at(-1)].join(''));
  });

  it('chunks left out, repeated or in another order', async () => {
    const [header = '', first = '', second = '', ...others] = lines;
    await expectRefused([header, second, ...others].join(''));
    await expectRefused([header, first, ...others].join(''));
    await expectRefused([header, first, first, ...others].join(''));
    await expectRefused([header, first, first, second, ...others].join(''));
    await expectRefused([header, second, first, ...others].join(''));
    await expectRefused([header, lines.at(-1)].join(''));
  });

  it('chunks of another backup, of the same store and the same key', async () => {
    const other = join(folder, 'b.backup');
    await write(MANY, other);
    const foreign = linesOf(other);
    for (let at = 0; at < lines.length; at += 1) await expectRefused(lines.with(at, foreign[at] ?? '').join(''));
    expect(await read(other)).toEqual(MANY);
  });

  it('another key of the same name', async () => {
    const other = `k1:${randomBytes(32).toString('base64')}`;
    await expect(read(path, other)).rejects.toThrow('altered or cut, or is sealed with another key');
  });
});

describe('What is no backup is called so:', () => {
  it.each([
    ['an empty file', ''],
    ['some text', 'hello\nthere\n'],
    ['a database', 'SQLite format 3\u0000'],
    ['other JSON', '{"format":"tar"}\n'],
    ['a line without an end', '{'.repeat(10_000)],
  ])('%s', async (_what, content) => {
    writeFileSync(path, content);
    await expect(read()).rejects.toThrow('This is not a backup');
  });

  it('a later format, which is not guessed at', async () => {
    await write([]);
    writeFileSync(path, readFileSync(path, 'latin1').replace('"version":1', '"version":2'));
    await expect(read()).rejects.toThrow('another format than version 1');
  });

  it('a folder', async () => {
    await expect(read(folder)).rejects.toThrow('is not a file');
  });
});
