import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { airtable } from './airtable/airtable.ts';
import { ClientRegistry } from './core/clients.ts';
import type { Context } from './core/context.ts';
import { controlRouter } from './core/control.ts';
import { openDatabase } from './core/database.ts';
import { dispatcher } from './core/dispatch.ts';
import { FaultBook } from './core/faults.ts';
import { GrantStore } from './core/grant-store.ts';
import { Mint } from './core/mint.ts';
import { PROVIDER_NAMES, type ProviderName } from './core/providers.ts';
import { RateLimiter } from './core/rate-limiter.ts';
import type { Provider } from './core/route.ts';
import { resolveSettings, type SandboxSettingsInput } from './core/settings.ts';
import { StatsBook } from './core/stats.ts';
import { hubspot } from './hubspot/hubspot.ts';
import { notion } from './notion/notion.ts';
import { slack } from './slack/slack.ts';

/** Longer than clients leave a connection idle, so that none sends on one that is just being closed. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

export interface SandboxOptions extends SandboxSettingsInput {
  /** 0 (the default): any free port. */
  readonly port?: number;
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** SQLite file of codes, grants and tokens; absent: they end with the sandbox. */
  readonly dataFile?: string;
  /** The address in links; by default the one it listens on. */
  readonly publicUrl?: string;
  /** Milliseconds since the epoch, for expiries and limits. */
  readonly clock?: () => number;
  /** In [0, 1), for faults with a probability. */
  readonly random?: () => number;
  /** Makes codes and tokens repeatable, for tests; never with `dataFile`, where they would meet their older selves. */
  readonly tokenSeed?: string;
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  /** Ends open answers and closes the database. */
  close(): Promise<void>;
}

const PROVIDERS: Readonly<Record<ProviderName, (context: Context) => Provider>> = { airtable, notion, hubspot, slack };

/** Starts the emulator of all four providers on one port. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = resolveSettings(options);
  const database = openDatabase(options.dataFile ?? ':memory:');
  const now = options.clock ?? Date.now;
  let publicUrl = options.publicUrl?.replace(/\/$/, '');
  const context: Context = {
    settings,
    now,
    clients: new ClientRegistry(settings.clients),
    grants: new GrantStore(database, now),
    limiter: new RateLimiter(now),
    mint: new Mint(options.tokenSeed ?? null),
    stats: new StatsBook(),
    publicUrl: () => publicUrl ?? '',
  };
  const server = createServer(buildApp(context, new FaultBook(options.random ?? Math.random)));
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  const host = options.host ?? '127.0.0.1';
  try {
    await listen(server, options.port ?? 0, host);
  } catch (error) {
    database.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  publicUrl ??= url;
  return {
    url,
    port,
    async close() {
      await stop(server);
      if (database.isOpen) database.close();
    },
  };
}

function buildApp(context: Context, faults: FaultBook): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use('/_control', controlRouter({ faults, grants: context.grants, stats: context.stats }));
  for (const name of PROVIDER_NAMES) {
    const provider = PROVIDERS[name](context);
    const { dripIntervalMs } = context.settings;
    const dispatch = dispatcher({ name, provider, faults, stats: context.stats, dripIntervalMs });
    app.use(`/${name}`, (request, response) => dispatch(request, response, request.url));
  }
  app.use((_request, response) => {
    response.status(404).json({ error: 'not_found', message: `The sandbox plays ${PROVIDER_NAMES.join(', ')}.` });
  });
  return app;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
