import { randomUUID } from 'node:crypto';
import { ApiClients } from '../callers/api-clients.ts';
import type { ApiClient } from '../callers/api-client.ts';
import { MAX_AHEAD_SECONDS } from '../callers/request-signature.ts';
import type { AppConfig } from '../config/app-config.ts';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { KeyValueStore } from '../storage/key-value-store.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** What is more than a slow answer explains. */
const NOTABLE_SKEW_SECONDS = 5;

/** Production refuses to start over a store that forgets; elsewhere it only warns, and so does this. */
export async function storeFindings(store: KeyValueStore, config: AppConfig): Promise<readonly Finding[]> {
  const { kind, problems, risks } = await store.report();
  const where = kind === 'sqlite' ? `embedded, in ${config.dataDir}` : 'Redis';
  const doubts = risks.map((risk) => warn('store', risk, 'Until then a failover can undo the last renewals.'));
  if (problems.length === 0) return [ok('store', `It answers (${where}) and keeps what it is told.`), ...doubts];
  const judge = config.production ? fail : warn;
  return [...problems.map((problem) => judge('store', problem, 'Until then connections can be lost.')), ...doubts];
}

/** A lease's fencing number is the store's own clock (see the port); only a store elsewhere has one of its own. */
export async function clockFinding(store: KeyValueStore): Promise<readonly Finding[]> {
  const asked = Date.now();
  const lease = await store.acquireLease(`doctor/${randomUUID()}`, 1000);
  const answered = Date.now();
  if (lease === undefined) return [];
  await store.releaseLease(lease);
  const skew = Math.abs(lease.fencingNumber - (asked + answered) / 2) / 1000;
  if (skew < NOTABLE_SKEW_SECONDS) return [ok('clock', `It agrees with the store’s to ${NOTABLE_SKEW_SECONDS} s.`)];
  const message = `This machine’s clock and the store’s differ by ${Math.round(skew)} s.`;
  const judge = skew > MAX_AHEAD_SECONDS ? fail : warn;
  return [judge('clock', message, 'Synchronise both by NTP: signatures from a wrong clock are refused.')];
}

export async function clientFindings(
  store: KeyValueStore,
  ring: KeyRing,
  config: AppConfig,
): Promise<readonly Finding[]> {
  const clients = new ApiClients(store, new CredentialCipher(ring));
  const registered = await clients.list();
  const locked = registered.filter((client) => !opens(clients, client));
  const advice = 'Put the key it was sealed with back into ENCRYPTION_KEYS, or create the client anew.';
  const findings = locked.map(({ clientId }) => fail('clients', `The secret of ${clientId} can’t be opened.`, advice));
  if (registered.length > 0) return [...findings, ok('clients', `${registered.length} registered.`)];
  if (config.demo) return [ok('clients', 'None is registered; the demo needs none.')];
  return [warn('clients', 'None is registered, so nobody can call.', 'Make one: npm run clients -- create --help')];
}

function opens(clients: ApiClients, client: ApiClient): boolean {
  try {
    clients.keyOf(client);
    return true;
  } catch (error) {
    if (error instanceof PatchbayError) return false;
    throw error;
  }
}
