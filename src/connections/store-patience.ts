import { isStorageUnavailable } from '../storage/storage-unavailable.ts';

const SILENCE_MS = 5_000;

/** For who waits for somebody else, and would wait on: a store that is silent for a moment is no reason to give up. */
export class StorePatience {
  readonly #clock: () => number;
  #heardAt = Number.NEGATIVE_INFINITY;

  /** @param clock in milliseconds */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /**
   * @returns undefined when the store gave no answer, though it has given one within the last 5 s
   * @throws PatchbayError `storage_unavailable` when it has been silent for longer, or from the start
   */
  async ask<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await ask();
      this.#heardAt = this.#clock();
      return answer;
    } catch (error) {
      if (!isStorageUnavailable(error) || this.#clock() - this.#heardAt > SILENCE_MS) throw error;
      return undefined;
    }
  }
}
