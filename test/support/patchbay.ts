import type { NestExpressApplication } from '@nestjs/platform-express';
import { rmSync } from 'node:fs';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/sandbox.ts';
import { createApplication, createLogger, endInTime } from '../../src/app.setup.ts';
import type { Deadlines } from '../../src/config/app-config.ts';
import { loadConfig, type Environment } from '../../src/config/load-config.ts';
import { integrationKeys, registry } from '../../src/integrations/registry.ts';
import { freePort } from './free-port.ts';
import { Browser } from './http-browser.ts';
import { newStoreFolder } from './store-folder.ts';

export { freePort } from './free-port.ts';
export { OWNER } from './owner.ts';

/** Beyond what anything takes on a slow machine. */
export const LONG_DEADLINES = {
  redisCommandMs: 120_000,
  rateLimitHitMs: 30_000,
  outbound: {
    connectTimeoutMs: 600_000,
    headersTimeoutMs: 600_000,
    attemptTimeoutMs: 600_000,
    callTimeoutMs: 600_000,
  },
} satisfies Deadlines;

export interface RunningPatchbay {
  readonly url: string;
  readonly sandbox: Sandbox;
  readonly dataDir: string;
  /** The service itself, as it runs now. */
  readonly application: NestExpressApplication;
  /** Everything it has logged, one JSON line each. */
  readonly log: readonly string[];
  /** A browser that keeps the cookies of this installation and belongs to nobody else. */
  newBrowser(): Browser;
  /** Stops the service, and starts it again over the same store. */
  restart(changes?: Environment): Promise<void>;
  close(): Promise<void>;
}

export interface PatchbayOptions {
  readonly environment?: Environment;
  readonly sandbox?: SandboxOptions;
  /** Secrets of OAuth apps `canary-<name>` to run with, in place of the sandbox's own. The sandbox must know them. */
  readonly clients?: ReadonlyMap<string, string>;
  /** Folder of the page's files. Default: where they are built, if they are. */
  readonly page?: string;
  /** Default: Redis may be slow, all else is as in production. For tests that take Redis away: `{}`. */
  readonly deadlines?: Deadlines;
}

/** The whole product in this process, on real sockets: service, embedded store in a fresh folder, sandbox. */
export async function startPatchbay(options: PatchbayOptions = {}): Promise<RunningPatchbay> {
  const sandbox = await startSandbox({ rateLimits: false, items: 12, ...options.sandbox });
  const dataDir = newStoreFolder();
  const port = await freePort();
  const log: string[] = [];
  const environment = {
    DEMO: 'true',
    PORT: String(port),
    DATA_DIR: dataDir,
    SANDBOX_URL: sandbox.url,
    LOG_LEVEL: 'trace',
    RATE_LIMIT_PER_MINUTE: '0',
    RATE_LIMIT_PER_MINUTE_USER: '0',
    // Tests run beside each other on few cores: a late event loop says nothing here.
    MAX_LOOP_DELAY_MS: '0',
    // The sandbox has no limits here unless it is told to, and nobody waits for those of the real providers.
    ...(options.sandbox?.rateLimits === true ? {} : { PACE_FACTOR: '10000' }),
    ...ownClients(options.clients ?? new Map(), sandbox.url),
    ...options.environment,
  };
  const start = async (changes: Environment = {}) => {
    const { deadlines = { redisCommandMs: LONG_DEADLINES.redisCommandMs } } = options;
    const config = loadConfig({ ...environment, ...changes }, integrationKeys, deadlines);
    const logger = createLogger(config, { write: (line) => void log.push(line) });
    const application = await createApplication(config, logger, options.page);
    await application.listen(config.port, config.host);
    return application;
  };
  let application = await start();
  const url = `http://localhost:${port}`;
  return {
    url,
    sandbox,
    dataDir,
    get application() {
      return application;
    },
    log,
    newBrowser: () => new Browser(url),
    restart: async (changes) => {
      await end(application);
      application = await start(changes);
    },
    close: async () => {
      await end(application);
      await sandbox.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** As main ends it: a browser that asked something a moment ago keeps its connection, and would keep the service. */
async function end(application: NestExpressApplication): Promise<void> {
  endInTime(application.getHttpServer());
  await application.close();
}

/** As an operator would configure a provider of his own: every address by name. */
function ownClients(secrets: ReadonlyMap<string, string>, sandboxUrl: string): Environment {
  const settings = [...secrets].flatMap(([name, secret]) => {
    const { endpoints } = registry.find(({ descriptor }) => descriptor.name === name)?.descriptor ?? {};
    if (endpoints === undefined) throw new Error(`There is no integration ${name}.`);
    const key = name.toUpperCase();
    const at = (endpoint: string) => `${sandboxUrl}/${name}${new URL(endpoint).pathname.replace(/\/$/, '')}`;
    return [
      [`${key}_CLIENT_ID`, `canary-${name}`],
      [`${key}_CLIENT_SECRET`, secret],
      [`${key}_AUTHORIZATION_URL`, at(endpoints.authorization)],
      [`${key}_TOKEN_URL`, at(endpoints.token)],
      [`${key}_API_URL`, at(endpoints.api)],
    ];
  });
  return Object.fromEntries(settings) as Environment;
}
