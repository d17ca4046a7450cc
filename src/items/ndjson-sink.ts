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
   * @returns once all of them are on their way, or nobody reads any more. Not as soon as there is room for more: that is
   * so while whole pages still wait here
   */
  async write(lines: string, signal?: AbortSignal): Promise<void> {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.#begin?.();
    }
    if (this.#to.destroyed) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const settle = (): void => resolve(undefined);
    this.#to.once('close', settle);
    signal?.addEventListener('abort', settle);
    this.#to.write(lines, settle);
    if (signal?.aborted !== true) await promise;
    this.#to.off('close', settle);
    signal?.removeEventListener('abort', settle);
  }
}
