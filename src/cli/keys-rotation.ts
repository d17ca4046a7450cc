import { UnsealError, type CredentialCipher } from '../crypto/credential-cipher.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { KeyValueStore, WalkedRecord } from '../storage/key-value-store.ts';
import { pagesOf } from './keys-census.ts';
import { SEALED_KINDS, type KindName, type SealedKind } from './keys-sealed-kinds.ts';

const PAGE_RECORDS = 200;
const AT_ONCE = 16;
/** What others write to is taken again, each time with a walk of its own. */
const MAX_WALKS = 20;
const SHORTEST_LIFE_SECONDS = 0.001;

/** A record that can't be opened with the key ring as it is. Holds nothing secret. */
export interface Unopenable {
  readonly kind: KindName;
  readonly title: string;
  readonly id: string;
  /** What it says it is sealed with; absent when it can't be read. */
  readonly keyId?: string;
}

export interface RotationReport {
  readonly examined: number;
  readonly resealed: number;
  readonly unopenable: readonly Unopenable[];
  /** Records that others wrote to each time they were to be sealed. */
  readonly contended: number;
}

export interface RotationOptions {
  /** Told after each page. */
  onProgress(kind: SealedKind, examined: number, resealed: number): void;
  /** Told how many seals were made, before any is stored, and waited for. */
  onSealed(seals: number): Promise<void>;
}

interface Resealed {
  readonly record: WalkedRecord;
  readonly value: string;
}

/**
 * Seals everything in the store with the active key, beside running replicas: each record is written by compare-and-set on
 * the version it was opened at, so nothing that is written meanwhile is lost, and it keeps what is left of its life. What
 * is sealed with the active key already is passed by without opening it; so a rotation that was killed goes on where it
 * was by being run again, and two at once do no harm.
 */
export class KeyRotation {
  readonly #store: KeyValueStore;
  readonly #cipher: CredentialCipher;
  readonly #options: RotationOptions;
  readonly #unopenable = new Map<string, Unopenable>();
  #examined = 0;
  #resealed = 0;

  constructor(store: KeyValueStore, cipher: CredentialCipher, options: RotationOptions) {
    this.#store = store;
    this.#cipher = cipher;
    this.#options = options;
  }

  /** @throws PatchbayError `storage_unavailable`: what is done stays done */
  async run(): Promise<RotationReport> {
    let contended = 0;
    for (const kind of SEALED_KINDS) contended += await this.#resealAll(kind);
    return {
      examined: this.#examined,
      resealed: this.#resealed,
      unopenable: [...this.#unopenable.values()],
      contended,
    };
  }

  async #resealAll(kind: SealedKind): Promise<number> {
    let contended = 0;
    for (let walk = 0; walk < MAX_WALKS; walk += 1) {
      contended = await this.#walk(kind, walk === 0);
      if (contended === 0) break;
    }
    return contended;
  }

  /** @returns how many others wrote to before they could be written */
  async #walk(kind: SealedKind, isFirst: boolean): Promise<number> {
    let contended = 0;
    for await (const records of pagesOf(this.#store, kind.collection, PAGE_RECORDS)) {
      const readAt = performance.now();
      const sealed = records.flatMap((record) => this.#sealed(kind, record));
      // Counted before anything of it is stored: a rotation that is killed has counted too many, not too few.
      if (sealed.length > 0) await this.#options.onSealed(sealed.length);
      const written = await this.#write(sealed, readAt);
      contended += sealed.length - written;
      this.#resealed += written;
      if (isFirst) this.#examined += records.length;
      this.#options.onProgress(kind, this.#examined, this.#resealed);
    }
    return contended;
  }

  #sealed(kind: SealedKind, record: WalkedRecord): readonly Resealed[] {
    try {
      const value = kind.resealed(this.#cipher, record);
      return value === undefined ? [] : [{ record, value }];
    } catch (error) {
      this.#unopenable.set(`${kind.name} ${record.key.id}`, unopenable(kind, record, error));
      return [];
    }
  }

  /** @returns how many are written. @throws what a write failed with, when no other is under way any more */
  async #write(sealed: readonly Resealed[], readAt: number): Promise<number> {
    const waiting = sealed.values();
    const failures: unknown[] = [];
    let written = 0;
    const work = async (): Promise<void> => {
      for (const { record, value } of waiting) {
        if (failures.length > 0) return;
        try {
          const life = lifeLeft(record, readAt);
          if (await this.#store.compareAndSet(record.key, record.version, value, life)) written += 1;
        } catch (error) {
          failures.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (failures.length > 0) throw failures[0];
    return written;
  }
}

/** One that ends in this moment gets a moment more, and nobody will have seen it. */
function lifeLeft({ ttlSeconds }: WalkedRecord, readAt: number): { ttlSeconds?: number } {
  if (ttlSeconds === undefined) return {};
  return { ttlSeconds: Math.max(SHORTEST_LIFE_SECONDS, ttlSeconds - (performance.now() - readAt) / 1000) };
}

/** @throws whatever else went wrong */
function unopenable(kind: SealedKind, { key }: WalkedRecord, error: unknown): Unopenable {
  const cause = error instanceof PatchbayError ? error.cause : error;
  if (!(cause instanceof UnsealError) && !(error instanceof PatchbayError)) throw error;
  const keyId = cause instanceof UnsealError ? cause.keyId : undefined;
  return { kind: kind.name, title: kind.title, id: key.id, ...(keyId === undefined ? {} : { keyId }) };
}
