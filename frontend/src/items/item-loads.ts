import { ApiFailure, asFailure } from '../api/api-failure.ts';
import type { ApiClient } from '../api/client.ts';
import type { Connection, IntegrationItem, ItemPage, ItemTypeFailure } from '../api/types.ts';
import { strings } from '../strings.ts';
import type { Owner } from '../owner/owner.ts';
import { Observable } from '../state/observable.ts';

export type LoadPhase =
  | { name: 'loading' }
  /** Our own request limit is used up; goes on by itself. */
  | { name: 'waiting'; seconds: number }
  | { name: 'stopped' }
  | { name: 'done' }
  | { name: 'failed'; failure: ApiFailure };

export interface ItemLoad {
  owner: Owner;
  connection: Connection;
  /** Grows in place, page by page; `count` is how much of it this snapshot means. */
  items: readonly IntegrationItem[];
  count: number;
  /** Where the next page begins; null before the first page and after the last. */
  cursor: string | null;
  failures: readonly ItemTypeFailure[];
  complete: boolean;
  /** When what is shown was loaded, if the provider couldn't be reached and an earlier load is shown. */
  staleAsOf: string | null;
  stale: boolean;
  phase: LoadPhase;
}

export interface LoadEnvironment {
  api: Pick<ApiClient, 'loadItems'>;
  /** Resolves after `delayMs`; rejects when the signal aborts. */
  pause: (delayMs: number, signal: AbortSignal) => Promise<void>;
  /** Told when a page arrived or failed, so that the connection's state is read anew. */
  settled: (owner: Owner) => void;
}

const PAGE_SIZE = 200;
const WAITS_IN_A_ROW = 3;
const LONGEST_WAIT_SECONDS = 90;

/** The items loaded since the page was opened, one load a connection. */
export class ItemLoads {
  readonly loads = new Observable<readonly ItemLoad[]>([]);
  readonly #environment: LoadEnvironment;
  readonly #running = new Map<string, AbortController>();

  constructor(environment: LoadEnvironment) {
    this.#environment = environment;
  }

  /** Loads from the beginning; an earlier load of the same connection is dropped. Resolves when it has ended. */
  start(owner: Owner, connection: Connection): Promise<void> {
    this.close(connection.connection_id);
    const load: ItemLoad = {
      ...{ owner, connection, items: [], count: 0, cursor: null, failures: [] },
      ...{ complete: true, stale: false, staleAsOf: null, phase: { name: 'loading' } },
    };
    this.loads.set([...this.loads.get(), load]);
    return this.#run(connection.connection_id);
  }

  /** Goes on from the last cursor, after Stop or a failure. */
  resume(connectionId: string): Promise<void> {
    if (this.#running.has(connectionId) || !this.#find(connectionId)) return Promise.resolve();
    this.#change(connectionId, { phase: { name: 'loading' } });
    return this.#run(connectionId);
  }

  stop(connectionId: string): void {
    const running = this.#running.get(connectionId);
    if (!running) return;
    running.abort();
    this.#running.delete(connectionId);
    this.#change(connectionId, { phase: { name: 'stopped' } });
  }

  /** Stops and forgets. */
  close(connectionId: string): void {
    this.stop(connectionId);
    this.loads.set(this.loads.get().filter((load) => load.connection.connection_id !== connectionId));
  }

  closeAll(): void {
    for (const load of this.loads.get()) this.close(load.connection.connection_id);
  }

  async #run(connectionId: string): Promise<void> {
    const stop = new AbortController();
    this.#running.set(connectionId, stop);
    try {
      while (await this.#loadPage(connectionId, stop.signal));
      this.#end(connectionId, stop, { name: 'done' });
    } catch (thrown) {
      this.#end(connectionId, stop, { name: 'failed', failure: asFailure(thrown) });
    }
  }

  #end(connectionId: string, stop: AbortController, phase: LoadPhase): void {
    if (stop.signal.aborted) return;
    this.#running.delete(connectionId);
    this.#change(connectionId, { phase });
    const load = this.#find(connectionId);
    if (load) this.#environment.settled(load.owner);
  }

  /** Whether there is another page. */
  async #loadPage(connectionId: string, signal: AbortSignal): Promise<boolean> {
    const load = this.#find(connectionId);
    if (!load) return false;
    const page = await this.#askPatiently(load, signal);
    signal.throwIfAborted();
    if (page.next_cursor !== null && page.next_cursor === load.cursor) {
      throw new ApiFailure({ code: 'cursor_repeated', message: strings.failures.cursorRepeated, status: 200 });
    }
    this.#change(connectionId, { ...withPage(load, page), phase: { name: 'loading' } });
    return page.next_cursor !== null;
  }

  async #askPatiently(load: ItemLoad, signal: AbortSignal): Promise<ItemPage> {
    for (let waits = 0; ; waits += 1) {
      try {
        return await this.#ask(load, signal);
      } catch (thrown) {
        signal.throwIfAborted();
        const seconds = secondsToWait(thrown);
        if (seconds === null || waits >= WAITS_IN_A_ROW) throw thrown;
        this.#change(load.connection.connection_id, { phase: { name: 'waiting', seconds } });
        await this.#environment.pause(seconds * 1_000, signal);
        this.#change(load.connection.connection_id, { phase: { name: 'loading' } });
      }
    }
  }

  #ask({ owner, connection, cursor }: ItemLoad, signal: AbortSignal): Promise<ItemPage> {
    const body = {
      user_id: owner.userId,
      org_id: owner.orgId,
      connection_id: connection.connection_id,
      page_size: PAGE_SIZE,
      ...(cursor === null ? {} : { cursor }),
    };
    return this.#environment.api.loadItems(connection.integration, body, signal);
  }

  #find(connectionId: string): ItemLoad | undefined {
    return this.loads.get().find((load) => load.connection.connection_id === connectionId);
  }

  #change(connectionId: string, change: Partial<ItemLoad>): void {
    const changed = (load: ItemLoad): ItemLoad =>
      load.connection.connection_id === connectionId ? { ...load, ...change } : load;
    this.loads.set(this.loads.get().map(changed));
  }
}

/** Whether a load has everything it could get or is still at it. */
export function isRunning(load: ItemLoad): boolean {
  return load.phase.name === 'loading' || load.phase.name === 'waiting';
}

function withPage(load: ItemLoad, page: ItemPage): Partial<ItemLoad> {
  // One array for the whole load: copying it for every page would cost the square of a large account.
  const items = load.items as IntegrationItem[];
  for (const item of page.items) items.push(item);
  return {
    count: items.length,
    cursor: page.next_cursor,
    failures: mergeFailures(load.failures, page.failures),
    // A page in the middle can't be complete; only what went wrong and the last page's word count.
    complete: page.next_cursor === null ? page.complete : load.complete,
    stale: load.stale || page.stale,
    staleAsOf: page.stale ? page.as_of : load.staleAsOf,
  };
}

function mergeFailures(known: readonly ItemTypeFailure[], added: ItemTypeFailure[] | undefined): ItemTypeFailure[] {
  const merged = [...known];
  for (const failure of added ?? []) {
    const repeated = merged.some((other) => other.item_type === failure.item_type && other.error === failure.error);
    if (!repeated) merged.push(failure);
  }
  return merged;
}

/** Only our own request limit is waited out unasked; a provider's trouble is for the person to know about. */
function secondsToWait(thrown: unknown): number | null {
  if (!(thrown instanceof ApiFailure) || thrown.code !== 'rate_limited') return null;
  const seconds = thrown.retryAfterSeconds;
  return seconds !== undefined && seconds <= LONGEST_WAIT_SECONDS ? Math.max(1, seconds) : null;
}
