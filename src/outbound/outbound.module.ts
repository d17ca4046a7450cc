import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { AppConfig } from '../config/app-config.ts';
import { KeyValueStore } from '../storage/key-value-store.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { CircuitBreakers } from './circuit-breakers.ts';
import { OutboundClient } from './outbound-client.ts';
import { Pacer } from './pacing/pacer.ts';

@Module({
  imports: [StorageModule],
  providers: [
    {
      provide: CircuitBreakers,
      useFactory: (config: AppConfig) => new CircuitBreakers(config.providers.keys()),
      inject: [AppConfig],
    },
    {
      provide: OutboundClient,
      useFactory: (circuits: CircuitBreakers, { deadlines }: AppConfig) =>
        new OutboundClient({ circuits, limits: deadlines.outbound ?? {} }),
      inject: [CircuitBreakers, AppConfig],
    },
    { provide: Pacer, useFactory: pacer, inject: [KeyValueStore, CircuitBreakers] },
  ],
  exports: [OutboundClient, CircuitBreakers, Pacer],
})
export class OutboundModule implements OnApplicationShutdown {
  constructor(
    @Inject(OutboundClient) private readonly client: OutboundClient,
    @Inject(Pacer) private readonly pacer: Pacer,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.pacer.close();
    await this.client.close();
  }
}

/** Nobody waits for a turn at a provider that is down. */
function pacer(store: KeyValueStore, circuits: CircuitBreakers): Pacer {
  const paced = new Pacer(store);
  circuits.onChange(({ state, endpoint, integration }) => {
    if (state === 'open' && endpoint === 'api')
      paced.sendAway(integration, () => circuits.of(integration, endpoint).refusal());
  });
  return paced;
}
