import { createPrivateKey, type KeyObject } from 'node:crypto';
import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { Secret } from '../errors/secret.ts';
import { CommandFailure, type Terminal } from './command.ts';

/** RFC 9421 §3.3.3 leaves the length open; ours are never shorter. */
const LEAST_SECRET_BYTES = 32;

/** What a client signs with. */
export type SigningKey =
  | { readonly algorithm: 'hmac-sha256'; readonly secret: Secret }
  | { readonly algorithm: 'ed25519'; readonly privateKey: KeyObject };

/**
 * A client's secret as `clients create` gave it, or a PEM private key.
 * @param path `-` for standard input
 * @throws CommandFailure that never shows what was read
 */
export async function readSigningKey(path: string, terminal: Terminal): Promise<SigningKey> {
  const text = path === '-' ? await terminal.input() : readFile(path, terminal, { isSecret: true });
  const name = path === '-' ? 'What came on standard input' : path;
  if (text.includes('-----BEGIN')) return { algorithm: 'ed25519', privateKey: privateKey(text, name) };
  const secret = text.trim();
  const isSecret = /^[A-Za-z0-9_-]+$/.test(secret) && Buffer.from(secret, 'base64url').length >= LEAST_SECRET_BYTES;
  if (isSecret) return { algorithm: 'hmac-sha256', secret: new Secret(secret) };
  throw new CommandFailure(`${name} holds neither a secret from "clients create" nor a PEM private key.`);
}

function privateKey(pem: string, name: string): KeyObject {
  const failure = `${name} is not an Ed25519 private key (PEM, not encrypted).`;
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (error) {
    throw new CommandFailure(failure, { cause: error });
  }
  throw new CommandFailure(failure);
}

/** @throws CommandFailure when it can't be read */
export function readFile(path: string, terminal: Terminal, { isSecret = false } = {}): string {
  const file = resolve(terminal.directory, path);
  try {
    const text = readFileSync(file, 'utf8');
    // Windows has no such modes.
    if (isSecret && process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
      terminal.say(`Warning: others can read ${path}. Run: chmod 600 ${path}`);
    }
    return text;
  } catch (error) {
    throw new CommandFailure(`${path} can't be read (${reasonOf(error)}).`, { cause: error });
  }
}

/**
 * Makes the file first, then the secret for it: one that can't be kept is never made.
 * @throws CommandFailure when there is such a file already: it may hold a secret that is in use
 */
export async function intoSecretFile<T>(
  path: string,
  terminal: Terminal,
  make: () => Promise<{ readonly made: T; readonly secret: Secret }>,
): Promise<T> {
  const file = resolve(terminal.directory, path);
  const descriptor = newFile(file, path);
  let isKept = false;
  try {
    const { made, secret } = await make();
    writeSync(descriptor, `${secret.reveal()}\n`);
    isKept = true;
    return made;
  } finally {
    closeSync(descriptor);
    if (!isKept) rmSync(file, { force: true });
  }
}

function newFile(file: string, path: string): number {
  try {
    return openSync(file, 'wx', 0o600);
  } catch (error) {
    const reason =
      reasonOf(error) === 'EEXIST' ? 'exists already: name a new one' : `can't be made (${reasonOf(error)})`;
    throw new CommandFailure(`${path} ${reason}.`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'for an unknown reason';
}
