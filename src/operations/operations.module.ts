import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { AppConfig } from '../config/app-config.ts';
import { CircuitBreakers } from '../outbound/circuit-breakers.ts';
import { OutboundModule } from '../outbound/outbound.module.ts';
import { Pacer } from '../outbound/pacing/pacer.ts';
import { LoopWatch } from '../process/loop-watch.ts';
import { ProcessModule } from '../process/process.module.ts';
import { RequestGate } from '../process/request-gate.ts';
import { KeyValueStore } from '../storage/key-value-store.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { StoreWatch } from '../storage/store-watch.ts';
import { HealthIndicators } from './health-indicators.ts';
import { HealthController } from './health.controller.ts';
import { MetricsController } from './metrics.controller.ts';
import { Metrics } from './metrics.ts';
import { SAMPLE_EVERY_MS } from './history/timeline.ts';
import { StatusBoard } from './status-board.ts';
import { StatusReport } from './status-report.ts';
import { StatusController } from './status.controller.ts';
import { StoreProbe } from './store-probe.ts';

@Module({
  imports: [
    TerminusModule.forRoot({ logger: false, gracefulShutdownTimeoutMs: 0 }),
    StorageModule,
    OutboundModule,
    ProcessModule,
  ],
  controllers: [HealthController, MetricsController, StatusController],
  providers: [
    HealthIndicators,
    {
      provide: StoreProbe,
      useFactory: (store: KeyValueStore, watch: StoreWatch) => new StoreProbe(store, watch),
      inject: [KeyValueStore, StoreWatch],
    },
    { provide: Metrics, useFactory: () => new Metrics() },
    {
      provide: StatusBoard,
      useFactory: (circuits: CircuitBreakers, pacer: Pacer, loop: LoopWatch, gate: RequestGate, config: AppConfig) =>
        new StatusBoard({ circuits, pacer, loop, gate, integrations: config.providers.keys() }),
      inject: [CircuitBreakers, Pacer, LoopWatch, RequestGate, AppConfig],
    },
    StatusReport,
  ],
})
export class OperationsModule implements OnModuleInit, OnApplicationShutdown {
  #sampling: NodeJS.Timeout | undefined;

  constructor(@Inject(StatusBoard) private readonly board: StatusBoard) {}

  onModuleInit(): void {
    this.#sampling = setInterval(() => this.board.timeline.look(), SAMPLE_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#sampling);
  }
}
