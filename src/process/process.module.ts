import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { AppConfig } from '../config/app-config.ts';
import { DRAIN_TIMEOUT_MS } from './drain-time.ts';
import { LoopWatch } from './loop-watch.ts';
import { RequestGate } from './request-gate.ts';
import { SheddingReport } from './shedding.ts';
import { SlowReaders } from './slow-readers.ts';

const LOOK_AT_READERS_EVERY_MS = 1_000;

@Module({
  providers: [
    { provide: LoopWatch, useFactory: () => new LoopWatch() },
    {
      provide: RequestGate,
      useFactory: ({ maxRequestsInFlight, maxLoopDelayMs }: AppConfig) =>
        new RequestGate({ maxInFlight: maxRequestsInFlight, maxDelayMs: maxLoopDelayMs }),
      inject: [AppConfig],
    },
    { provide: SheddingReport, useFactory: (gate: RequestGate) => new SheddingReport(gate), inject: [RequestGate] },
    { provide: SlowReaders, useFactory: () => new SlowReaders() },
  ],
  exports: [LoopWatch, RequestGate, SheddingReport, SlowReaders],
})
export class ProcessModule implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  #lookingAtReaders: NodeJS.Timeout | undefined;

  constructor(
    @Inject(LoopWatch) private readonly watch: LoopWatch,
    @Inject(RequestGate) private readonly gate: RequestGate,
    @Inject(SheddingReport) private readonly shedding: SheddingReport,
    @Inject(SlowReaders) private readonly readers: SlowReaders,
  ) {}

  onModuleInit(): void {
    this.watch.onSample(() => this.shedding.look());
    this.watch.start();
    this.#lookingAtReaders = setInterval(() => this.readers.look(), LOOK_AT_READERS_EVERY_MS).unref();
  }

  /** While requests are under way the door stays open, so that probes hear the truth and newcomers a reason. */
  async beforeApplicationShutdown(): Promise<void> {
    this.readers.end();
    await this.gate.drain(DRAIN_TIMEOUT_MS);
  }

  onApplicationShutdown(): void {
    this.watch.stop();
    clearInterval(this.#lookingAtReaders);
  }
}
