import { Logger } from '@nestjs/common';
import type { KeyValueStore, StoreReport } from './key-value-store.ts';
import { isStorageUnavailable } from './storage-unavailable.ts';

/** A policy can be changed under a running service; who did it should read of it while he still remembers. */
const EVERY_MS = 15_000;

/** Looks again and again at whether the store can be trusted with grants. What changes is logged, once each. */
export class StoreWatch {
  readonly #log = new Logger('Storage');
  readonly #store: Pick<KeyValueStore, 'report'>;
  #problems: readonly string[] = [];
  #risks: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Pick<KeyValueStore, 'report'>) {
    this.#store = store;
  }

  /** As of the last look that was answered. One sentence each. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** @throws PatchbayError `storage_unavailable` */
  async look(): Promise<StoreReport> {
    const report = await this.#store.report();
    for (const problem of added(this.#problems, report.problems))
      this.#log.warn({ msg: 'store is not safe for grants', problem });
    for (const risk of added(this.#risks, report.risks))
      this.#log.warn({ msg: 'store may lose its last writes', risk });
    if (this.#problems.length > 0 && report.problems.length === 0)
      this.#log.log({ msg: 'store is safe for grants again' });
    this.#problems = report.problems;
    this.#risks = report.risks;
    return report;
  }

  start(everyMs = EVERY_MS): void {
    this.#timer ??= setInterval(() => void this.#lookAgain(), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #lookAgain(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      // That it is away is told by everybody who needs it.
      if (!isStorageUnavailable(error)) throw error;
    }
  }
}

function added(before: readonly string[], now: readonly string[]): readonly string[] {
  return now.filter((sentence) => !before.includes(sentence));
}
