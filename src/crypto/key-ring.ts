import { createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { Secret } from '../errors/secret.ts';
import { hkdfSha256 } from './hkdf.ts';

/** What a sealed value is for. Each purpose has a key of its own, so a value can't be opened as something else. */
export type Purpose = 'grant' | 'pending-authorization' | 'cursor' | 'client-secret' | 'backup' | 'last-load';

const KEY_BYTES = 32;
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;

/** Keys that stand in documents for everybody to read. */
const EXAMPLE_KEYS = [Buffer.alloc(KEY_BYTES), Buffer.from('0123456789abcdef0123456789abcdef')];

/** The ring can't be used. The message names key ids, never keys. */
export class KeyRingError extends Error {
  override readonly name = 'KeyRingError';
}

/**
 * The root keys by id: the first seals, all open. Per-purpose keys are derived with HKDF-SHA256 (RFC 5869; salt empty,
 * info `patchbay/v1/<purpose>`) and kept as KeyObjects, which never print.
 */
export class KeyRing {
  readonly activeKeyId: string;
  readonly #roots: ReadonlyMap<string, Buffer>;
  readonly #derived = new Map<string, KeyObject>();

  private constructor(roots: ReadonlyMap<string, Buffer>) {
    this.#roots = roots;
    this.activeKeyId = [...roots.keys()][0] ?? '';
  }

  /**
   * @param keys `kid:base64-32-bytes`, several separated by commas
   * @throws KeyRingError for a missing, short, long, repeated, example or misnamed key
   */
  static parse(keys: Secret): KeyRing {
    const roots = new Map<string, Buffer>();
    for (const entry of keys.reveal().split(',')) {
      const [id = '', encoded = ''] = entry.trim().split(':', 2);
      if (!KEY_ID.test(id)) throw new KeyRingError('A key has no usable id (letters, digits, _ and -, at most 32).');
      if (roots.has(id)) throw new KeyRingError(`Key id ${id} stands twice in the key ring.`);
      const key = Buffer.from(encoded, encoded.includes('-') || encoded.includes('_') ? 'base64url' : 'base64');
      refuseWeak(id, key, roots);
      roots.set(id, key);
    }
    return new KeyRing(roots);
  }

  get keyIds(): readonly string[] {
    return [...this.#roots.keys()];
  }

  /** @returns undefined when the ring doesn't hold the key id */
  key(keyId: string, purpose: Purpose): KeyObject | undefined {
    const name = `${purpose} ${keyId}`;
    const known = this.#derived.get(name);
    if (known !== undefined) return known;
    const root = this.#roots.get(keyId);
    if (root === undefined) return undefined;
    const info = Buffer.from(`patchbay/v1/${purpose}`);
    const key = createSecretKey(hkdfSha256({ inputKey: root, salt: Buffer.alloc(0), info }, KEY_BYTES));
    this.#derived.set(name, key);
    return key;
  }
}

function refuseWeak(id: string, key: Buffer, others: ReadonlyMap<string, Buffer>): void {
  if (key.length !== KEY_BYTES) throw new KeyRingError(`Key ${id} is not ${KEY_BYTES} bytes long.`);
  const repeatsOneByte = key.every((byte) => byte === key[0]);
  if (repeatsOneByte || EXAMPLE_KEYS.some((example) => timingSafeEqual(example, key))) {
    throw new KeyRingError(`Key ${id} is an example, not a secret: make one with "openssl rand -base64 32".`);
  }
  for (const [otherId, other] of others) {
    if (timingSafeEqual(other, key)) throw new KeyRingError(`Keys ${otherId} and ${id} are the same key.`);
  }
}
