import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AppConfig } from '../config/app-config.ts';
import { KeyValueStore } from '../storage/key-value-store.ts';
import { IDLE_INDEX, REFRESH_INDEX } from './connection-schedule.ts';
import { DueWorker } from './due-worker.ts';
import { IdleConnections } from './idle-connections.ts';
import { RefreshAhead } from './refresh-ahead.ts';

const HIDDEN_MS = 120_000;
const REFRESH = { index: REFRESH_INDEX, atOnce: 16, hiddenMs: HIDDEN_MS, restMs: 1_000 } as const;
const IDLE = { index: IDLE_INDEX, atOnce: 4, hiddenMs: HIDDEN_MS, restMs: 60_000 } as const;

/** What is done for connections without anybody asking for it, as long as the service runs. */
@Injectable()
export class ConnectionUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #workers: readonly DueWorker[];

  constructor(
    @Inject(KeyValueStore) store: KeyValueStore,
    @Inject(RefreshAhead) refreshAhead: RefreshAhead,
    @Inject(IdleConnections) idle: IdleConnections,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {
    this.#workers = [
      new DueWorker(store, { ...REFRESH, work: (member) => refreshAhead.renew(member) }),
      new DueWorker(store, { ...IDLE, work: (member) => idle.endIfUnused(member) }),
    ];
  }

  onApplicationBootstrap(): void {
    if (this.config.refreshAhead) for (const worker of this.#workers) worker.start();
  }

  /** What was begun is finished: a refresh that is cut off may lose its grant. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }
}
