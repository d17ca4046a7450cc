import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BareSetup } from './bare-server.ts';

export const OWNER = { user_id: 'bench-user', org_id: 'bench-org' };
const READY_WITHIN_MS = 20_000;
const ROOT = join(import.meta.dirname, '..');

export interface Running {
  readonly url: string;
  readonly stop: () => void;
}

/** @param message what a child of ours waits for before it listens and tells its port */
async function listening(file: string, message?: BareSetup): Promise<Running> {
  const child = fork(join(import.meta.dirname, file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  if (message !== undefined) child.send(message);
  const [port] = (await once(child, 'message')) as [number];
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill() };
}

export const startProvider = (): Promise<Running> => listening('stub-provider.ts');
export const startBare = (setup: BareSetup): Promise<Running> => listening('bare-server.ts', setup);

/** The built service with its embedded store, quiet and without limits, with the stub in Airtable's place. */
export async function startService(provider: Running): Promise<Running> {
  const dataDir = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const port = await freePort();
  const preload = join(ROOT, 'tools', 'end-with-parent.mjs');
  const child = fork(join(ROOT, 'dist', 'src', 'main.js'), {
    cwd: dataDir,
    execArgv: ['--disable-warning=ExperimentalWarning', '--import', preload],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env['PATH'], ...settings(port, dataDir, provider.url) },
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
  return { url, stop };
}

function settings(port: number, dataDir: string, providerUrl: string): Record<string, string> {
  return {
    DEMO: 'true',
    PORT: String(port),
    DATA_DIR: dataDir,
    LOG_LEVEL: 'warn',
    RATE_LIMIT_PER_MINUTE: '0',
    RATE_LIMIT_PER_MINUTE_USER: '0',
    AIRTABLE_CLIENT_ID: 'bench',
    AIRTABLE_CLIENT_SECRET: 'bench-secret',
    AIRTABLE_AUTHORIZATION_URL: `${providerUrl}/authorize`,
    AIRTABLE_TOKEN_URL: `${providerUrl}/token`,
    AIRTABLE_API_URL: providerUrl,
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}

/** Connects the one account as a browser would. @returns its connection id */
export async function connect({ url }: Running): Promise<string> {
  const begun = await post(url, 'authorize', OWNER);
  const { state } = (await begun.json()) as { state: string };
  const cookie = begun.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  const callback = new URLSearchParams({ code: 'bench-code', state }).toString();
  await fetch(`${url}/integrations/airtable/oauth2callback?${callback}`, { headers: { cookie } });
  const { connection } = (await (await post(url, 'credentials', OWNER)).json()) as {
    connection: { connection_id: string };
  };
  return connection.connection_id;
}

/** @throws when it doesn't answer 200 */
export async function post(url: string, endpoint: string, body: unknown): Promise<Response> {
  const response = await fetch(`${url}/integrations/airtable/${endpoint}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.status !== 200) throw new Error(`${endpoint} answered ${response.status}: ${await response.text()}`);
  return response;
}
