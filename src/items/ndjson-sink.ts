import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes lines as fast as they are read, and no faster. */
export class NdjsonSink {
  readonly #to: Writable;
  readonly #begin: (() => void) | undefined;
  #hasBegun = false;

  /** @param begin called once, before the first line */
  constructor(to: Writable, begin?: () => void) {
    this.#to = to;
    this.#begin = begin;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Whether nobody reads any more. */
  get isClosed(): boolean {
    return this.#to.destroyed;
  }

  /** Whether what was written is still waiting to be read. */
  get isBehind(): boolean {
    return this.#to.writableNeedDrain;
  }

  /**
   * @param lines whole ones; @param signal ends the wait for whoever reads
   * @returns when there is room for more, or nobody reads any more
   */
  async write(lines: string, signal?: AbortSignal): Promise<void> {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.#begin?.();
    }
    if (this.#to.destroyed || this.#to.write(lines)) return;
    const settled = new AbortController();
    const given = AbortSignal.any([settled.signal, ...(signal === undefined ? [] : [signal])]);
    await Promise.race([once(this.#to, 'drain', { signal: given }), once(this.#to, 'close', { signal: given })])
      .catch(() => undefined)
      .finally(() => settled.abort());
  }
}
