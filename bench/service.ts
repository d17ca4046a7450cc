import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Browser } from '../test/support/http-browser.ts';
import { NODE_FLAGS } from '../tools/node-flags.mjs';
import { hmacSigner, signatureHeaders, type RequestKey } from '../test/support/request-signer.ts';
import type { BareSetup } from './bare-server.ts';

export const OWNER = { user_id: 'bench-user', org_id: 'bench-org' };
const READY_WITHIN_MS = 20_000;
const ROOT = join(import.meta.dirname, '..');

export interface Running {
  readonly url: string;
  readonly stop: () => void;
}

/** The service, and a client that may call it. */
export interface Service extends Running {
  readonly key: RequestKey;
  /** That of the key, base64url. */
  readonly secret: string;
}

/** @param message what a child of ours waits for before it listens and tells its port */
async function listening(file: string, message?: BareSetup, env = process.env): Promise<Running> {
  const child = fork(join(import.meta.dirname, file), { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  if (message !== undefined) child.send(message);
  const [port] = (await once(child, 'message')) as [number];
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill() };
}

export const startProvider = (delayMs = 0, sizes: Record<string, string> = {}): Promise<Running> =>
  listening('stub-provider.ts', undefined, { ...process.env, STUB_DELAY_MS: String(delayMs), ...sizes });
export const startBare = (setup: BareSetup): Promise<Running> => listening('bare-server.ts', setup);

/** The built service with its embedded store, quiet and without limits, with the stub in Airtable's place. */
export async function startService(provider: Running): Promise<Service> {
  const dataDir = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const port = await freePort();
  const environment = settings(port, dataDir, provider.url);
  const preload = join(ROOT, 'tools', 'end-with-parent.mjs');
  const child = fork(join(ROOT, 'dist', 'src', 'main.js'), {
    cwd: dataDir,
    execArgv: [...NODE_FLAGS, '--disable-warning=ExperimentalWarning', '--import', preload],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env['PATH'], ...environment },
  });
  const stop = (): void => {
    child.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  };
  const url = `http://localhost:${port}`;
  await ready(child, url).catch((error: unknown) => {
    stop();
    throw error;
  });
  return { url, stop, ...newClient(environment) };
}

function settings(port: number, dataDir: string, providerUrl: string): Record<string, string> {
  return {
    DEMO: 'true',
    PORT: String(port),
    DATA_DIR: dataDir,
    LOG_LEVEL: 'warn',
    ...(process.env['MAX_LOOP_DELAY_MS'] === undefined ? {} : { MAX_LOOP_DELAY_MS: process.env['MAX_LOOP_DELAY_MS'] }),
    RATE_LIMIT_PER_MINUTE: '0',
    RATE_LIMIT_PER_MINUTE_USER: '0',
    // What is measured is us, not how long a real provider would make us wait.
    PACE_FACTOR: '100000',
    AIRTABLE_CLIENT_ID: 'bench',
    AIRTABLE_CLIENT_SECRET: 'bench-secret',
    AIRTABLE_AUTHORIZATION_URL: `${providerUrl}/authorize`,
    AIRTABLE_TOKEN_URL: `${providerUrl}/token`,
    AIRTABLE_API_URL: providerUrl,
    HUBSPOT_CLIENT_ID: 'bench',
    HUBSPOT_CLIENT_SECRET: 'bench-secret',
    HUBSPOT_AUTHORIZATION_URL: `${providerUrl}/authorize`,
    HUBSPOT_TOKEN_URL: `${providerUrl}/token`,
    HUBSPOT_API_URL: providerUrl,
  };
}

async function ready(child: ChildProcess, url: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline && child.exitCode === null) {
    const isReady = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await delay(50);
  }
  throw new Error('The service did not get ready. Is it built (npm run build)?');
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}

/** An API client of the installation, made on its command line as an operator would. */
function newClient(environment: Record<string, string>): Pick<Service, 'key' | 'secret'> {
  const permissions = 'connections:read,items:read';
  const args = ['clients', 'create', 'bench', '--permissions', permissions, '--org', '*', '--json'];
  const cli = join(ROOT, 'dist', 'src', 'cli', 'main.js');
  const made = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(made.stderr);
  const { client_id, secret } = JSON.parse(made.stdout) as { client_id: string; secret: string };
  return { key: { keyId: client_id, signer: hmacSigner(secret) }, secret };
}

/** Connects the one account as a browser would. @returns its connection id */
export async function connect(service: Service, owner = OWNER, integration = 'airtable'): Promise<string> {
  const browser = new Browser(service.url);
  const { state } = await browser.begin(integration, owner);
  const callback = new URL(`/integrations/${integration}/oauth2callback`, service.url);
  callback.search = new URLSearchParams({ code: 'bench-code', state }).toString();
  await browser.arrive(callback);
  const { connection } = (await (
    await post(service.url, 'credentials', owner, service.key, { integration })
  ).json()) as {
    connection: { connection_id: string };
  };
  return connection.connection_id;
}

/** @throws when it doesn't answer 200 */
export async function post(
  url: string,
  endpoint: string,
  body: unknown,
  key: RequestKey,
  { integration = 'airtable', accept = 'application/json' }: { integration?: string; accept?: string } = {},
): Promise<Response> {
  const text = JSON.stringify(body);
  const target = new URL(`/integrations/${integration}/${endpoint}`, url);
  const headers = signatureHeaders(key, { method: 'POST', url: target, body: text });
  const response = await fetch(target, { method: 'POST', headers: { ...headers, accept }, body: text });
  if (response.status !== 200) throw new Error(`${endpoint} answered ${response.status}: ${await response.text()}`);
  return response;
}
