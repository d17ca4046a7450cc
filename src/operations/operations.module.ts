import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { OutboundModule } from '../outbound/outbound.module.ts';
import { ProcessModule } from '../process/process.module.ts';
import { KeyValueStore } from '../storage/key-value-store.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { StoreWatch } from '../storage/store-watch.ts';
import { HealthIndicators } from './health-indicators.ts';
import { HealthController } from './health.controller.ts';
import { MetricsController } from './metrics.controller.ts';
import { Metrics } from './metrics.ts';
import { StoreProbe } from './store-probe.ts';

@Module({
  imports: [
    TerminusModule.forRoot({ logger: false, gracefulShutdownTimeoutMs: 0 }),
    StorageModule,
    OutboundModule,
    ProcessModule,
  ],
  controllers: [HealthController, MetricsController],
  providers: [
    HealthIndicators,
    {
      provide: StoreProbe,
      useFactory: (store: KeyValueStore, watch: StoreWatch) => new StoreProbe(store, watch),
      inject: [KeyValueStore, StoreWatch],
    },
    { provide: Metrics, useFactory: () => new Metrics() },
  ],
})
export class OperationsModule {}
