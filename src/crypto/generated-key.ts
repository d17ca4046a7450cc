import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, openSync, readFileSync, writeSync, closeSync, fsyncSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../errors/secret.ts';

export interface GeneratedKey {
  readonly keys: Secret;
  readonly path: string;
  /** Whether this call made it. */
  readonly created: boolean;
}

/**
 * The key of embedded development: made on the first start in a file only its owner can read (mode 0600), beside the
 * database it protects. Losing the file loses the grants.
 */
export function generatedKey(dataDir: string): GeneratedKey {
  const path = join(dataDir, 'encryption.key');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const created = !existsSync(path) && create(path);
  chmodSync(path, 0o600);
  return { keys: new Secret(readFileSync(path, 'utf8').trim()), path, created };
}

function create(path: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, `generated-1:${randomBytes(32).toString('base64')}\n`);
    fsyncSync(file);
    closeSync(file);
    return true;
  } catch (error) {
    // Another process starting at the same moment made it first: use theirs.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
