import { setImmediate as othersFirst } from 'node:timers/promises';

/** Does one thing after the other behind the answers' backs. What would make the line too long isn't done at all. */
export class BackgroundLine {
  readonly #longest: number;
  #length = 0;
  #end: Promise<void> = Promise.resolve();

  /** @param longest how much may wait, in the unit of what is added */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /**
   * @param size how much of the line it takes
   * @param task must not reject
   * @returns whether it will be done
   */
  add(size: number, task: () => Promise<void>): boolean {
    if (this.#length > 0 && this.#length + size > this.#longest) return false;
    this.#length += size;
    this.#end = this.#end
      .then(() => othersFirst())
      .then(task)
      .finally(() => {
        this.#length -= size;
      });
    return true;
  }

  /** Resolves when what waits now is done. */
  settled(): Promise<void> {
    return this.#end;
  }
}
