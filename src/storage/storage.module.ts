import { Inject, Logger, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AppConfig } from '../config/app-config.ts';
import { KeyValueStore } from './key-value-store.ts';
import { ObservedKeyValueStore } from './observed-key-value-store.ts';
import { openStore } from './open-store.ts';
import { StoreWatch } from './store-watch.ts';

@Module({
  providers: [
    {
      provide: ObservedKeyValueStore,
      useFactory: (config: AppConfig) => new ObservedKeyValueStore(openStore(config.store, config.deadlines)),
      inject: [AppConfig],
    },
    { provide: KeyValueStore, useExisting: ObservedKeyValueStore },
    { provide: StoreWatch, useFactory: (store: KeyValueStore) => new StoreWatch(store), inject: [KeyValueStore] },
  ],
  exports: [KeyValueStore, ObservedKeyValueStore, StoreWatch],
})
export class StorageModule implements OnModuleInit, OnApplicationShutdown {
  readonly #log = new Logger('Storage');

  constructor(
    @Inject(KeyValueStore) private readonly store: KeyValueStore,
    @Inject(StoreWatch) private readonly watch: StoreWatch,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  /**
   * A store that forgets or evicts loses grants: refused in production, said aloud elsewhere. One that begins to later is
   * said aloud everywhere: ending for it would take away what still works.
   */
  async onModuleInit(): Promise<void> {
    const { kind, problems } = await this.watch.look();
    this.#log.log({ msg: 'store ready', kind });
    if (this.config.production && problems.length > 0) {
      throw new Error(`The store is not safe for grants:\n${problems.map((text) => `  ${text}`).join('\n')}`);
    }
    this.watch.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.watch.stop();
    await this.store.close();
  }
}
