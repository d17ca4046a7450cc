import { randomBytes } from 'node:crypto';
import { ApiClients } from '../../src/callers/api-clients.ts';
import { PERMISSIONS } from '../../src/callers/caller.ts';
import { withStore } from '../../src/cli/installation.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { configuredKeyRing } from '../../src/crypto/configured-key-ring.ts';
import { CredentialCipher } from '../../src/crypto/credential-cipher.ts';
import { integrationKeys } from '../../src/integrations/registry.ts';
import { type Folder, temporaryFolder } from './built-programs.ts';
import { Replica } from './replica.ts';
import { hmacSigner, type RequestKey } from './request-signer.ts';

const START_ATTEMPTS = 3;

/** The built service several times over, on one Redis and with one configuration. Build before (`ensureBuilt`). */
export class Replicas {
  readonly environment: Readonly<Record<string, string>>;
  readonly #started: Replica[] = [];
  readonly #folder: Folder = temporaryFolder();

  /** @param settings of all of them; the store, a key and no rate limits are there already */
  constructor(redisUrl: string, settings: Readonly<Record<string, string>> = {}) {
    this.environment = {
      REDIS_URL: redisUrl,
      ENCRYPTION_KEYS: `first:${randomBytes(32).toString('base64')}`,
      RATE_LIMIT_PER_MINUTE: '0',
      RATE_LIMIT_PER_MINUTE_USER: '0',
      ...settings,
    };
  }

  /** One more. Resolves when it serves. */
  async start(): Promise<Replica> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const replica = await Replica.start(this.environment, this.#folder.path);
        this.#started.push(replica);
        return replica;
      } catch (error) {
        // Some other process may have got the port that was free.
        if (attempt === START_ATTEMPTS || !String(error).includes('is in use')) throw error;
      }
    }
  }

  /** The key of a new backend that may do everything for everybody. */
  async newClient(): Promise<RequestKey> {
    const config = loadConfig(this.environment, integrationKeys);
    const cipher = new CredentialCipher(configuredKeyRing(config, () => undefined));
    const asked = { name: 'a backend', permissions: PERMISSIONS, orgs: '*' } as const;
    const { client, secret } = await withStore(config, (store) => new ApiClients(store, cipher).create(asked));
    if (secret === undefined) throw new Error('This client has no secret.');
    return { keyId: client.clientId, signer: hmacSigner(secret.reveal()) };
  }

  /** Ends all of them at once, and removes their files. */
  async stop(): Promise<void> {
    await Promise.all(this.#started.map((replica) => replica.stop('SIGKILL')));
    this.#folder.remove();
  }
}
