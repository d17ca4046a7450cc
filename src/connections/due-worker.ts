import { Logger } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { PatchbayError } from '../errors/patchbay-error.ts';
import type { DueMember, KeyValueStore } from '../storage/key-value-store.ts';

export interface DueWork {
  /** The due-time index (see the store port). */
  readonly index: string;
  /** How many members are worked on at once, at most. */
  readonly atOnce: number;
  /** A member that was taken is due again after this, should its taker have died. */
  readonly hiddenMs: number;
  /** How long to rest when nothing is due. Replicas don't look at the same time. */
  readonly restMs: number;
  /** Asked before each member: for how many milliseconds none may be begun; 0: the next may be begun now. */
  readonly waitMs?: () => Promise<number>;
  /** Moves the member to its next time, or takes it out. What it throws is logged; the member comes up again. */
  readonly work: (member: string) => Promise<void>;
}

/** Members whose turn is farther off than this are given back: another replica's may come before. */
const HELD_MS = 2_000;

/** Works off a due-time index, beside any number of others that do the same. */
export class DueWorker {
  readonly #log: Logger;
  readonly #store: KeyValueStore;
  readonly #work: DueWork;
  readonly #stopping = new AbortController();
  readonly #working = new Set<Promise<void>>();
  #storeFails = false;
  #running: Promise<void> | undefined;

  constructor(store: KeyValueStore, work: DueWork) {
    this.#store = store;
    this.#work = work;
    this.#log = new Logger(`${DueWorker.name} ${work.index}`);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Begins nothing more. Resolves when what was begun is done, and what was merely taken is given back. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      if (this.#working.size >= this.#work.atOnce) await Promise.race(this.#working);
      else await this.#rest(await this.#takeSome());
    }
    await Promise.all(this.#working);
  }

  /** @returns for how long to rest before more is taken, in milliseconds */
  async #takeSome(): Promise<number> {
    const { atOnce, restMs } = this.#work;
    const taken = await this.#claim(atOnce - this.#working.size);
    for (const [position, { member }] of taken.entries()) {
      const waitMs = await this.#turnOf();
      if (waitMs > 0) {
        await this.#giveBack(taken.slice(position));
        return waitMs;
      }
      const done = this.#workOn(member).finally(() => this.#working.delete(done));
      this.#working.add(done);
    }
    return taken.length > 0 ? 0 : restMs * (0.5 + Math.random());
  }

  /** Waits for a turn that is near. @returns 0 when it has come, else the milliseconds until it may */
  async #turnOf(): Promise<number> {
    for (;;) {
      if (this.#stopping.signal.aborted) return this.#work.restMs;
      const waitMs = (await this.#asked(async () => this.#work.waitMs?.() ?? 0)) ?? HELD_MS + this.#work.restMs;
      if (waitMs <= 0 || waitMs > HELD_MS) return waitMs;
      await this.#rest(waitMs);
    }
  }

  async #claim(limit: number): Promise<readonly DueMember[]> {
    const { index, hiddenMs } = this.#work;
    const now = Date.now();
    return (await this.#asked(() => this.#store.claimDue(index, now, limit, now + hiddenMs))) ?? [];
  }

  async #giveBack(taken: readonly DueMember[]): Promise<void> {
    const { index } = this.#work;
    await this.#asked(() => Promise.all(taken.map((due) => this.#store.schedule(index, due.member, due.dueAtMs))));
  }

  /** A store that is away is spoken of when it goes and when it comes, not each time. @returns undefined meanwhile */
  async #asked<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await ask();
      if (this.#storeFails) this.#log.log({ msg: 'the store answers again' });
      this.#storeFails = false;
      return answer;
    } catch (error) {
      if (!this.#storeFails) this.#log.warn({ msg: 'work that is due rests', reason: reasonOf(error) });
      this.#storeFails = true;
      return undefined;
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
    if (ms <= 0) return;
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
