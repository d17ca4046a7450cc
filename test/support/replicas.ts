import { randomBytes } from 'node:crypto';
import { PERMISSIONS } from '../../src/callers/caller.ts';
import { type Ended, type Folder, Program, temporaryFolder } from './built-programs.ts';
import { CommandLine } from './command-line.ts';
import { freePort } from './redis-server.ts';
import { hmacSigner, type RequestKey } from './request-signer.ts';

const START_ATTEMPTS = 3;

export interface ReplicasOptions {
  readonly redisUrl: string;
  /** One configuration for all of them. The store, a key and no rate limits are there already. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** One process of the built service. */
export interface Replica {
  readonly url: string;
  readonly program: Program;
  /** Ends it as a crash would. */
  kill(): Promise<Ended>;
}

/** The built service several times over, on one Redis and with one configuration. Build before (`ensureBuilt`). */
export class Replicas {
  readonly environment: Readonly<Record<string, string>>;
  /** Those that were started, in the order in which they served, also when they have been killed since. */
  readonly started: Replica[] = [];
  readonly #folder: Folder = temporaryFolder();

  constructor({ redisUrl, environment }: ReplicasOptions) {
    this.environment = {
      REDIS_URL: redisUrl,
      ENCRYPTION_KEYS: `first:${randomBytes(32).toString('base64')}`,
      RATE_LIMIT_PER_MINUTE: '0',
      RATE_LIMIT_PER_MINUTE_USER: '0',
      ...environment,
    };
  }

  /** One more. Resolves when it serves. @param changes to the configuration that all have */
  async start(changes: Readonly<Record<string, string>> = {}): Promise<Replica> {
    for (let attempt = 1; ; attempt += 1) {
      const port = await freePort();
      const environment = { ...this.environment, ...changes, PORT: String(port) };
      const program = new Program('dist/src/main.js', environment, this.#folder.path);
      const url = `http://localhost:${port}`;
      try {
        await program.said('Patchbay is ready');
        const replica: Replica = { url, program, kill: () => program.stop('SIGKILL') };
        this.started.push(replica);
        return replica;
      } catch (error) {
        await program.stop('SIGKILL');
        // Another process may have got the port before it.
        if (attempt === START_ATTEMPTS || !program.errors.includes('is in use')) throw error;
      }
    }
  }

  /** The command line with the same configuration. */
  commandLine(changes: Readonly<Record<string, string>> = {}): CommandLine {
    return new CommandLine({ environment: { ...this.environment, ...changes }, cwd: this.#folder.path });
  }

  /** The key of a new backend that may do everything for everybody. */
  async newClient(): Promise<RequestKey> {
    const create = ['clients', 'create', 'a backend', '--permissions', PERMISSIONS.join(','), '--org', '*'];
    const { client_id, secret } = await this.commandLine().issue(create);
    if (secret === undefined) throw new Error('This client has no secret.');
    return { keyId: client_id, signer: hmacSigner(secret) };
  }

  /** Ends all of them at once, and removes their files. */
  async stop(): Promise<void> {
    await Promise.all(this.started.map((replica) => replica.kill()));
    this.#folder.remove();
  }
}
