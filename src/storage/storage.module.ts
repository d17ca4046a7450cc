import { Inject, Logger, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AppConfig } from '../config/app-config.ts';
import { KeyValueStore } from './key-value-store.ts';
import { ObservedKeyValueStore } from './observed-key-value-store.ts';
import { openStore } from './open-store.ts';

@Module({
  providers: [
    {
      provide: ObservedKeyValueStore,
      useFactory: (config: AppConfig) => new ObservedKeyValueStore(openStore(config.store)),
      inject: [AppConfig],
    },
    { provide: KeyValueStore, useExisting: ObservedKeyValueStore },
  ],
  exports: [KeyValueStore, ObservedKeyValueStore],
})
export class StorageModule implements OnModuleInit, OnApplicationShutdown {
  readonly #log = new Logger('Storage');

  constructor(
    @Inject(KeyValueStore) private readonly store: KeyValueStore,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  /** A store that forgets or evicts loses grants: refused in production, said aloud elsewhere. */
  async onModuleInit(): Promise<void> {
    const report = await this.store.report();
    this.#log.log({ msg: 'store ready', kind: report.kind });
    for (const problem of report.problems) this.#log.warn({ msg: 'store is not safe for grants', problem });
    if (this.config.production && report.problems.length > 0) {
      throw new Error(`The store is not safe for grants:\n${report.problems.map((text) => `  ${text}`).join('\n')}`);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}
