import type { AppConfig } from '../config/app-config.ts';
import { SealCounts } from '../connections/seal-counts.ts';
import { configuredKeyRing } from '../crypto/configured-key-ring.ts';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { MANY_SEALS, MAX_SEALS, SealTally } from '../crypto/seal-tally.ts';
import type { KeyValueStore } from '../storage/key-value-store.ts';
import type { Terminal } from './command.ts';
import { fail, warn, type Finding } from './finding.ts';
import { configOf, sayKeyMade, withStore } from './installation.ts';

export interface KeysAndStore {
  readonly ring: KeyRing;
  readonly store: KeyValueStore;
  readonly counts: SealCounts;
}

/** The installation's keys and its store, which may be shared with replicas that run. */
export async function withKeys<T>(terminal: Terminal, use: (found: KeysAndStore) => Promise<T>): Promise<T> {
  const config: AppConfig = configOf(terminal);
  const ring = configuredKeyRing(config, (path) => {
    sayKeyMade(terminal, path);
  });
  return withStore(config, (store) => use({ ring, store, counts: sealCountsIn(store) }));
}

/** The command line counts what it seals itself, to be exact about it. */
export function sealCountsIn(store: KeyValueStore): SealCounts {
  return new SealCounts(store, new SealTally());
}

/** A cipher whose seals are counted, a batch ahead. */
export function countedCipher(ring: KeyRing, store: KeyValueStore): CredentialCipher {
  const counts = sealCountsIn(store);
  const tally = new SealTally();
  tally.keepWith(async (keyId, seals) => {
    await counts.add(keyId, seals);
  });
  return new CredentialCipher(ring, tally);
}

/** What is to be said of keys that have sealed much. */
export async function sealFindings(store: KeyValueStore, ring: KeyRing): Promise<readonly Finding[]> {
  const counts = await sealCountsIn(store).byKey();
  return ring.keyIds.flatMap((keyId) => {
    const seals = counts.get(keyId) ?? 0;
    if (seals < MANY_SEALS) return [];
    const judge = seals >= MAX_SEALS ? fail : warn;
    const message = `Key ${keyId} has sealed about ${millions(seals)} million times, of ${millions(MAX_SEALS)} million it may.`;
    return [judge('keys', message, 'Rotate it: docs/key-rotation.md says how.')];
  });
}

function millions(seals: number): string {
  return Math.round(seals / 1e6).toLocaleString('en-US');
}
