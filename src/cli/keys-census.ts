import { keyIdOf } from '../crypto/envelope.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import type { KeyValueStore, WalkedRecord } from '../storage/key-value-store.ts';
import { KIND_NAMES, SEALED_KINDS, type KindName, type SealedKind } from './keys-sealed-kinds.ts';

const PAGE_RECORDS = 500;

export type PerKind = Readonly<Record<KindName, number>>;

/** `missing`: records are sealed with it, and the key ring hasn't got it. */
export type KeyState = 'active' | 'opens' | 'missing';

export interface KeyCount {
  readonly keyId: string;
  readonly state: KeyState;
  /** Records with something sealed with it. */
  readonly records: PerKind;
}

export interface Census {
  /** The ring's, in its order, and then what else there is. */
  readonly keys: readonly KeyCount[];
  /** Records that don't say what they are sealed with. */
  readonly unreadable: PerKind;
}

/**
 * Which key seals how much, by what records say of themselves: nothing is opened.
 * @param onRecords told how many records a page had
 */
export async function takeCensus(
  store: KeyValueStore,
  ring: KeyRing,
  onRecords: (count: number) => void,
): Promise<Census> {
  const counts = new Map(ring.keyIds.map((keyId) => [keyId, nothing()]));
  const unreadable = nothing();
  for (const kind of SEALED_KINDS) {
    for await (const records of pagesOf(store, kind.collection, PAGE_RECORDS)) {
      for (const record of records) count(kind, record, counts, unreadable);
      onRecords(records.length);
    }
  }
  const keys = [...counts].map(([keyId, records]) => ({ keyId, state: stateOf(keyId, ring), records }));
  return { keys, unreadable };
}

/** A collection's live records, page by page. */
export async function* pagesOf(
  store: KeyValueStore,
  collection: string,
  limit: number,
): AsyncGenerator<readonly WalkedRecord[]> {
  let from: string | undefined;
  do {
    const { records, next } = await store.walk(collection, limit, from);
    yield records;
    from = next;
  } while (from !== undefined);
}

export function total(records: PerKind): number {
  return KIND_NAMES.reduce((sum, name) => sum + records[name], 0);
}

type Counting = Record<KindName, number>;

function count(kind: SealedKind, record: WalkedRecord, counts: Map<string, Counting>, unreadable: Counting): void {
  const keyIds = kind.envelopesIn(record)?.map((envelope) => keyIdOf(envelope));
  if (keyIds === undefined || keyIds.includes(undefined)) unreadable[kind.name] += 1;
  for (const keyId of new Set(keyIds)) {
    if (keyId === undefined) continue;
    const ofKey = counts.get(keyId) ?? nothing();
    ofKey[kind.name] += 1;
    counts.set(keyId, ofKey);
  }
}

function stateOf(keyId: string, ring: KeyRing): KeyState {
  if (keyId === ring.activeKeyId) return 'active';
  return ring.keyIds.includes(keyId) ? 'opens' : 'missing';
}

function nothing(): Counting {
  return { connections: 0, client_secrets: 0, pending_authorizations: 0 };
}
