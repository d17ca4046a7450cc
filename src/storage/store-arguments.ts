import type { RecordKey } from './key-value-store.ts';

const KEY_PART = /^[A-Za-z0-9_-]{1,128}$/;
const NAME = /^[A-Za-z0-9_.:/-]{1,256}$/;

/** @throws TypeError when a part could be taken for another key or for a cluster hash tag. The part is not repeated. */
export function requireRecordKey(key: RecordKey): void {
  requireKeyPart('collection', key.collection);
  requireKeyPart('partition', key.partition);
  requireKeyPart('id', key.id);
}

export function requireKeyPart(what: string, part: string): void {
  if (typeof part !== 'string' || !KEY_PART.test(part)) {
    throw new TypeError(`A record key's ${what} must match ${KEY_PART.source}.`);
  }
}

/** Names of leases, due-time indexes, their members and sliding windows. */
export function requireName(what: string, name: string): void {
  if (typeof name !== 'string' || !NAME.test(name)) throw new TypeError(`A ${what} must match ${NAME.source}.`);
}

/** Returns the life in whole milliseconds, rounded up, or undefined for a record that stays. */
export function ttlMilliseconds(ttlSeconds: number | undefined): number | undefined {
  if (ttlSeconds === undefined) return undefined;
  const ttlMs = Math.ceil(ttlSeconds * 1000);
  requirePositiveInteger('ttlSeconds in milliseconds', ttlMs);
  return ttlMs;
}

export function requirePositiveInteger(what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) throw new TypeError(`${what} must be a positive whole number.`);
}

export function requireEpochMilliseconds(what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`${what} must be epoch milliseconds.`);
}

/** @throws TypeError when a claim would hide nothing. */
export function requireClaim(index: string, nowMs: number, limit: number, untilMs: number): void {
  requireName('due-time index', index);
  requireEpochMilliseconds('nowMs', nowMs);
  requirePositiveInteger('limit', limit);
  requireEpochMilliseconds('untilMs', untilMs);
  if (untilMs <= nowMs) throw new TypeError('untilMs must be later than nowMs.');
}

/**
 * How long the last fencing number of an unused lease is remembered, in milliseconds. Numbers grow past it too, because
 * a new one is never below the store's clock in milliseconds: only a clock set back by more than this could repeat one.
 */
export const FENCING_MEMORY_MS = 30 * 24 * 60 * 60 * 1000;
