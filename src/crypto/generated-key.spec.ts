import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatedKey } from './generated-key.ts';
import { KeyRing } from './key-ring.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-key-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('The generated key', () => {
  it('is made once, for its owner’s eyes alone, and found again', () => {
    const first = generatedKey(join(folder, 'data'));
    expect(first.created).toBe(true);
    expect(statSync(first.path).mode & 0o777).toBe(0o600);
    const again = generatedKey(join(folder, 'data'));
    expect([again.created, again.keys.reveal()]).toEqual([false, first.keys.reveal()]);
    expect(KeyRing.parse(first.keys).activeKeyId).toMatch(/^generated-[0-9a-f]{8}$/);
    expect(readdirSync(join(folder, 'data'))).toEqual(['encryption.key']);
  });

  it('is never replaced beside a database that opens with the lost one alone', () => {
    const database = join(folder, 'patchbay.sqlite');
    writeFileSync(database, 'grants');
    expect(() => generatedKey(folder, database)).toThrow('encryption.key is gone');
    expect(readdirSync(folder)).toEqual(['patchbay.sqlite']);
  });

  it('is not taken from an empty file', () => {
    writeFileSync(join(folder, 'encryption.key'), '\n');
    expect(() => generatedKey(folder)).toThrow('encryption.key is empty');
  });
});
