import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { AppConfig } from '../config/app-config.ts';
import { CircuitBreakers } from './circuit-breakers.ts';
import { OutboundClient } from './outbound-client.ts';

@Module({
  providers: [
    {
      provide: CircuitBreakers,
      useFactory: (config: AppConfig) => new CircuitBreakers(config.providers.keys()),
      inject: [AppConfig],
    },
    {
      provide: OutboundClient,
      useFactory: (circuits: CircuitBreakers) => new OutboundClient({ circuits }),
      inject: [CircuitBreakers],
    },
  ],
  exports: [OutboundClient, CircuitBreakers],
})
export class OutboundModule implements OnApplicationShutdown {
  constructor(@Inject(OutboundClient) private readonly client: OutboundClient) {}

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}
