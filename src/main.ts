import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { createApplication, StartRefused } from './app.setup.ts';
import { ConfigError, loadConfig, type Environment } from './config/load-config.ts';
import { KeyRingError } from './crypto/key-ring.ts';
import { integrationNames } from './integrations/registry.ts';

const DRAIN_TIMEOUT_MS = 25_000;

/** The process environment over what a `.env` file in the working directory says. */
function environment(): Environment {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  return { ...file, ...process.env };
}

async function start(): Promise<void> {
  const config = loadConfig(environment(), integrationNames);
  const application = await createApplication(config);
  application.enableShutdownHooks(undefined, { useProcessExit: true });
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => endInTime(application.getHttpServer()));
  await application.listen(config.port, config.host);
  process.stdout.write(`Patchbay is ready: ${config.publicUrl}\n`);
}

/** Requests under way are served to their end; connections that won't end are cut. */
function endInTime(server: { closeAllConnections(): void }): void {
  setTimeout(() => server.closeAllConnections(), DRAIN_TIMEOUT_MS).unref();
}

try {
  await start();
} catch (error) {
  const expected = error instanceof ConfigError || error instanceof StartRefused || error instanceof KeyRingError;
  process.stderr.write(`${expected ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
  // Whatever was opened before the refusal must not keep a process alive that serves nobody.
  setTimeout(() => process.exit(1), 1000).unref();
}
