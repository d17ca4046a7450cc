import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../errors/secret.ts';
import { KeyRingError } from './key-ring.ts';

export interface GeneratedKey {
  readonly keys: Secret;
  readonly path: string;
  /** Whether this call made it. */
  readonly created: boolean;
}

/**
 * The key of embedded development: made on the first start in a file only its owner can read (mode 0600), beside the
 * database it protects. Losing the file loses the grants, so a new one is never made beside a database that has some.
 * @param protects the embedded database, where there is one
 * @throws KeyRingError when the key is gone and the database isn't
 */
export function generatedKey(dataDir: string, protects?: string): GeneratedKey {
  const path = join(dataDir, 'encryption.key');
  if (!existsSync(path) && protects !== undefined && existsSync(protects)) {
    throw new KeyRingError(
      `${path} is gone, and nothing in ${protects} opens without it. Put the key back, or move the database away to start anew.`,
    );
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const created = !existsSync(path) && create(path);
  chmodSync(path, 0o600);
  const text = readFileSync(path, 'utf8').trim();
  if (text === '') throw new KeyRingError(`${path} is empty. Put the key back.`);
  return { keys: new Secret(text), path, created };
}

/** Written whole under another name first: whoever finds the file finds the key in it. */
function create(path: string): boolean {
  // An id of its own, so that a value sealed with a lost key is told from one sealed with this.
  const id = `generated-${randomBytes(4).toString('hex')}`;
  const draft = `${path}.${id}`;
  writeFileSync(draft, `${id}:${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    // Another process starting at the same moment made it first: use theirs.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
