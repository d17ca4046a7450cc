import { Logger } from '@nestjs/common';
import { createApplication, createLogger, endInTime } from './app.setup.ts';
import { ConfigError, loadConfig } from './config/load-config.ts';
import { processEnvironment } from './config/process-environment.ts';
import { KeyRingError } from './crypto/key-ring.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import { integrationKeys } from './integrations/registry.ts';
import { Metrics } from './operations/metrics.ts';
import { catchStrayErrors } from './process/stray-errors.ts';

const DEMO_WARNING =
  'This is the demo: whoever can open a connection to this port acts as any user, without signing in. Do not put a proxy or ' +
  'a tunnel before it.';

async function start(): Promise<void> {
  const config = loadConfig(processEnvironment(), integrationKeys);
  const log = createLogger(config);
  const application = await createApplication(config, log);
  application.enableShutdownHooks(undefined, { useProcessExit: true });
  const { strayErrors } = application.get(Metrics, { strict: false });
  catchStrayErrors(log, {
    count: (kind) => strayErrors.inc({ kind }),
    end: () => {
      endInTime(application.getHttpServer());
      return application.close();
    },
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => endInTime(application.getHttpServer()));
  await application.listen(config.port, config.host);
  if (config.demo) log.warn(DEMO_WARNING);
  process.stdout.write(`Patchbay is ready: ${config.publicUrl}\nIts API is documented at ${config.publicUrl}/docs\n`);
}

/** What the operator can mend is said in one sentence; anything else is a defect and comes with its stack. */
function whyNotStarted(error: unknown): string {
  if (error instanceof ConfigError || error instanceof KeyRingError) {
    return error.message;
  }
  if (!(error instanceof Error)) return String(error);
  // A store that can't be opened says why in its cause.
  const reason = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  if (error instanceof PatchbayError) return `Patchbay does not start: ${error.message}${reason}`;
  const { code, syscall, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (syscall === undefined) return error.stack ?? error.message;
  if (code === 'EADDRINUSE')
    return `Patchbay does not start: port ${port ?? ''} is in use on ${address ?? 'this host'}.`;
  return `Patchbay does not start: ${error.message}`;
}

// Until the service has its own log, Nest would explain a failed start on the console, at length and before we can.
Logger.overrideLogger(false);
try {
  await start();
} catch (error) {
  process.stderr.write(`${whyNotStarted(error)}\n`);
  process.exitCode = 1;
  // Whatever was opened before the refusal must not keep a process alive that serves nobody.
  setTimeout(() => process.exit(1), 1000).unref();
}
