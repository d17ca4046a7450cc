import { Logger } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { KeyValueStore } from '../storage/key-value-store.ts';

export interface DueWork {
  /** The due-time index (see the store port). */
  readonly index: string;
  /** How many members are worked on at once, at most. */
  readonly atOnce: number;
  /** A member that was taken is due again after this, should its taker have died. */
  readonly hiddenMs: number;
  /** How long to rest when nothing is due. Replicas don't look at the same time. */
  readonly restMs: number;
  /** Moves the member to its next time, or takes it out. What it throws is logged; the member comes up again. */
  readonly work: (member: string) => Promise<void>;
}

/** Works off a due-time index, beside any number of others that do the same. */
export class DueWorker {
  readonly #log: Logger;
  readonly #store: KeyValueStore;
  readonly #work: DueWork;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(store: KeyValueStore, work: DueWork) {
    this.#store = store;
    this.#work = work;
    this.#log = new Logger(`${DueWorker.name} ${work.index}`);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when what was taken is done. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { atOnce, restMs } = this.#work;
    const working = new Set<Promise<void>>();
    while (!this.#stopping.signal.aborted) {
      const members = await this.#claim(atOnce - working.size);
      for (const member of members) {
        const done = this.#workOn(member).finally(() => working.delete(done));
        working.add(done);
      }
      if (working.size >= atOnce) await Promise.race([...working, this.#rest(restMs)]);
      else if (members.length === 0) await this.#rest(restMs * (0.5 + Math.random()));
    }
    await Promise.all(working);
  }

  async #claim(limit: number): Promise<readonly string[]> {
    if (limit <= 0) return [];
    const now = Date.now();
    try {
      const claimed = await this.#store.claimDue(this.#work.index, now, limit, now + this.#work.hiddenMs);
      return claimed.map(({ member }) => member);
    } catch (error) {
      this.#log.warn({ msg: 'what is due could not be asked for', reason: reasonOf(error) });
      return [];
    }
  }

  async #workOn(member: string): Promise<void> {
    try {
      await this.#work.work(member);
    } catch (error) {
      this.#log.warn({ msg: 'work that was due failed, and comes up again', reason: reasonOf(error) });
    }
  }

  async #rest(ms: number): Promise<void> {
    // Unreferenced: a worker never keeps a process alive.
    await wait(ms, undefined, { signal: this.#stopping.signal, ref: false }).catch(ignoreEnd);
  }
}

function ignoreEnd(): void {
  // Stopping is what ends a rest early.
}

function reasonOf(error: unknown): string {
  return error instanceof PatchbayError ? error.code : String(error);
}
