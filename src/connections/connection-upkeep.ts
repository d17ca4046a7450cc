import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { AppConfig } from '../config/app-config.ts';
import { KeyValueStore } from '../storage/key-value-store.ts';
import { DueWorker } from './due-worker.ts';
import { GrantAuthorities } from './grant-authorities.ts';
import { IdleConnections } from './idle-connections.ts';
import { RefreshAhead } from './refresh-ahead.ts';

/** What is done for connections without anybody asking for it, as long as the service runs. */
@Injectable()
export class ConnectionUpkeep implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  #workers: readonly DueWorker[] = [];

  constructor(
    @Inject(KeyValueStore) private readonly store: KeyValueStore,
    @Inject(RefreshAhead) private readonly refreshAhead: RefreshAhead,
    @Inject(IdleConnections) private readonly idle: IdleConnections,
    @Inject(GrantAuthorities) private readonly authorities: GrantAuthorities,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  /** What is due of an integration that isn't configured stays due until it is. */
  onApplicationBootstrap(): void {
    if (!this.config.refreshAhead) return;
    const clients = this.authorities.integrations.flatMap((name) => this.authorities.find(name)?.client() ?? []);
    const work = [...clients.map((client) => this.refreshAhead.workFor(client)), this.idle.work()];
    this.#workers = work.map((one) => new DueWorker(this.store, one));
    for (const worker of this.#workers) worker.start();
  }

  /** Nothing is begun while the last requests are served. */
  onModuleDestroy(): void {
    for (const worker of this.#workers) void worker.stop();
  }

  /** What was begun is finished: a refresh that is cut off may lose its grant. */
  async onApplicationShutdown(): Promise<void> {
    this.refreshAhead.waitNoLonger();
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }
}
