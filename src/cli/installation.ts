import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiClients } from '../callers/api-clients.ts';
import type { AppConfig } from '../config/app-config.ts';
import { loadConfig } from '../config/load-config.ts';
import { configuredKeyRing } from '../crypto/configured-key-ring.ts';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import { integrationKeys } from '../integrations/registry.ts';
import type { KeyValueStore } from '../storage/key-value-store.ts';
import { openStore } from '../storage/open-store.ts';
import { CommandFailure, type Terminal } from './command.ts';

/** A first connection takes longer than the service ever waits for one that it has. */
const CONNECT_TIMEOUT_MS = 3000;
const ASK_AGAIN_MS = 50;

/** @throws ConfigError */
export function configOf(terminal: Terminal): AppConfig {
  return loadConfig(terminal.environment, integrationKeys);
}

/** The installation's API clients, without its server: the store may be shared with one that runs. */
export async function withClients<T>(terminal: Terminal, use: (clients: ApiClients) => Promise<T>): Promise<T> {
  const config = configOf(terminal);
  const ring = configuredKeyRing(config, (path) => sayKeyMade(terminal, path));
  return withStore(config, (store) => use(new ApiClients(store, new CredentialCipher(ring))));
}

/** @throws PatchbayError `storage_unavailable` when it can't be opened or doesn't answer */
export async function withStore<T>(config: AppConfig, use: (store: KeyValueStore) => Promise<T>): Promise<T> {
  const store = openStore(config.store);
  try {
    await untilReachable(store);
    return await use(store);
  } finally {
    await store.close();
  }
}

/** For a command that needs what is in the store: opening it would make an empty one. @throws CommandFailure */
export function refuseMissingStore({ store }: AppConfig): void {
  if (store.kind !== 'sqlite' || existsSync(store.path)) return;
  throw new CommandFailure(`There is no store at ${store.path}: check DATA_DIR.`);
}

export function sayKeyMade(terminal: Terminal, path: string): void {
  terminal.say(`Made an encryption key in ${path}: back it up, everything sealed opens with it alone.`);
}

async function untilReachable(store: KeyValueStore): Promise<void> {
  const until = performance.now() + CONNECT_TIMEOUT_MS;
  for (;;) {
    try {
      await store.ping();
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await delay(ASK_AGAIN_MS);
    }
  }
}
