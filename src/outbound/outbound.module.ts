import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { OutboundClient } from './outbound-client.ts';

@Module({ providers: [{ provide: OutboundClient, useFactory: () => new OutboundClient() }], exports: [OutboundClient] })
export class OutboundModule implements OnApplicationShutdown {
  constructor(@Inject(OutboundClient) private readonly client: OutboundClient) {}

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}
