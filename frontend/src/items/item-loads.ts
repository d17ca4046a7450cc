import { asFailure } from '../api/api-failure.ts';
import type { Connection } from '../api/types.ts';
import type { Owner } from '../owner/owner.ts';
import { Observable } from '../state/observable.ts';
import type { ItemLoad, LoadPhase } from './item-load.ts';
import { LoadRun, type LoadEnvironment } from './load-run.ts';
import { LoadState } from './load-state.ts';

export interface ItemLoadsEnvironment extends LoadEnvironment {
  /** Told when a load has ended, so that the connection's state is read anew. */
  settled: (owner: Owner) => void;
  /** Does it a little later: what is shown follows what has come some times a second. */
  soon: (act: () => void) => void;
}

interface Kept {
  state: LoadState;
  running: { stop: AbortController; run: LoadRun } | null;
}

/** The items loaded since the page was opened, one load a connection. */
export class ItemLoads {
  readonly loads = new Observable<readonly ItemLoad[]>([]);
  readonly #environment: ItemLoadsEnvironment;
  readonly #kept = new Map<string, Kept>();
  readonly #unshown = new Set<string>();
  #isShowing = false;

  constructor(environment: ItemLoadsEnvironment) {
    this.#environment = environment;
  }

  /**
   * Loads from the beginning; an earlier load of the same connection is dropped. Resolves when it has ended.
   * @param itemTypes null: the integration's default ones
   */
  start(owner: Owner, connection: Connection, itemTypes: readonly string[] | null = null): Promise<void> {
    const id = connection.connection_id;
    this.#halt(id);
    const state = new LoadState({ owner, connection, itemTypes });
    this.#kept.set(id, { state, running: null });
    return this.#run(id);
  }

  /** Goes on from the last checkpoint: after Stop or a failure, for what is missing, and out of a pause. */
  resume(connectionId: string): Promise<void> {
    const kept = this.#kept.get(connectionId);
    kept?.running?.run.goOnNow();
    return kept === undefined || kept.running !== null ? Promise.resolve() : this.#run(connectionId);
  }

  /** For when the network is back. */
  resumeWaiting(): void {
    for (const { running } of this.#kept.values()) running?.run.goOnNow();
  }

  stop(connectionId: string): void {
    if (this.#halt(connectionId)) this.#enter(connectionId, { name: 'stopped' });
  }

  /** Stops and forgets. */
  close(connectionId: string): void {
    this.#halt(connectionId);
    this.#kept.delete(connectionId);
    this.loads.set(this.loads.get().filter((load) => idOf(load) !== connectionId));
  }

  closeAll(): void {
    for (const connectionId of [...this.#kept.keys()]) this.close(connectionId);
  }

  async #run(connectionId: string): Promise<void> {
    const kept = this.#kept.get(connectionId);
    if (!kept) return;
    const stop = new AbortController();
    const changed = (): void => this.#showSoon(connectionId);
    const run = new LoadRun(this.#environment, kept.state, stop.signal, changed);
    kept.running = { stop, run };
    this.#enter(connectionId, { name: 'loading' });
    try {
      await run.run();
      this.#end(connectionId, stop, { name: 'done' });
    } catch (thrown) {
      this.#end(connectionId, stop, { name: 'failed', failure: asFailure(thrown) });
    }
  }

  #end(connectionId: string, stop: AbortController, phase: LoadPhase): void {
    const kept = this.#kept.get(connectionId);
    if (stop.signal.aborted || kept === undefined) return;
    kept.running = null;
    this.#enter(connectionId, phase);
    this.#environment.settled(kept.state.of.owner);
  }

  #halt(connectionId: string): boolean {
    const kept = this.#kept.get(connectionId);
    if (!kept?.running) return false;
    kept.running.stop.abort();
    kept.running = null;
    return true;
  }

  #enter(connectionId: string, phase: LoadPhase): void {
    this.#kept.get(connectionId)?.state.enter(phase, this.#environment.nowMs());
    this.#show([connectionId]);
  }

  #showSoon(connectionId: string): void {
    this.#unshown.add(connectionId);
    if (this.#isShowing) return;
    this.#isShowing = true;
    this.#environment.soon(() => {
      this.#isShowing = false;
      this.#show([...this.#unshown]);
    });
  }

  #show(connectionIds: readonly string[]): void {
    const shown = new Map(this.loads.get().map((load) => [idOf(load), load]));
    for (const id of connectionIds) {
      this.#unshown.delete(id);
      const kept = this.#kept.get(id);
      if (kept) shown.set(id, kept.state.snapshot());
    }
    this.loads.set([...shown.values()]);
  }
}

function idOf({ connection }: ItemLoad): string {
  return connection.connection_id;
}
