import { Module, type DynamicModule, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuditModule } from '../callers/audit.module.ts';
import type { AppConfig } from '../config/app-config.ts';
import { ConfigModule } from '../config/config.module.ts';
import { SealCounts } from '../connections/seal-counts.ts';
import { configuredKeyRing } from '../crypto/configured-key-ring.ts';
import { CryptoModule } from '../crypto/crypto.module.ts';
import type { IntegrationService } from '../integrations/integration.service.ts';
import type { Integration, IntegrationParts } from '../integrations/integration.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { CommandFailure, type Terminal } from './command.ts';
import { configOf, refuseMissingStore, sayKeyMade, withStore } from './installation.ts';

/** One integration and what it stands on; no edge, no other integration. */
@Module({})
class IntegrationInProcess {
  static of(config: AppConfig, { module }: IntegrationParts): DynamicModule {
    // Nobody is given a token here, so that there is nothing to be written down.
    const audit = AuditModule.of({ info: () => undefined });
    return {
      module: IntegrationInProcess,
      imports: [ConfigModule.of(config), StorageModule, CryptoModule, audit, module],
      providers: [SealCounts],
    };
  }
}

/**
 * An integration without its server, over a store that may be shared with servers that run: tokens are refreshed under the
 * same leases, and on Redis calls to the provider keep to its limits together with theirs. The embedded store keeps those
 * counts in memory: there a provider that finds the calls of both too many says so, and is heeded.
 */
export async function withIntegration<T>(
  terminal: Terminal,
  integration: Integration,
  use: (service: IntegrationService) => Promise<T>,
): Promise<T> {
  // What is due in the background is the servers' to do.
  const environment = { ...terminal.environment, REFRESH_AHEAD: 'false' };
  const config = configOf({ ...terminal, environment });
  refuseMissingStore(config);
  configuredKeyRing(config, (path) => sayKeyMade(terminal, path));
  await refuseUnsafeStore(config);
  const parts = await integration.parts();
  const application = await NestFactory.createApplicationContext(IntegrationInProcess.of(config, parts), {
    logger: new DefectsAlone(terminal),
    abortOnError: false,
  });
  try {
    return await use(application.get(parts.service, { strict: false }));
  } finally {
    await application.close();
  }
}

/** As the server does, in one line. */
async function refuseUnsafeStore(config: AppConfig): Promise<void> {
  const { problems } = await withStore(config, (store) => store.report());
  if (config.production && problems.length > 0)
    throw new CommandFailure(`The store is not safe for grants: ${problems.join(' ')}`);
}

/** What a server logs is of no use to who waits for items; but for what nobody else would say. */
class DefectsAlone implements LoggerService {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  log(): void {
    // See above.
  }

  warn(): void {
    // See above.
  }

  error(message: unknown): void {
    this.#terminal.rewrite?.('');
    this.#terminal.say(message instanceof Error ? (message.stack ?? message.message) : JSON.stringify(message));
  }
}
