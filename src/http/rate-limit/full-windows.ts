const MAX_KEYS = 20_000;
/** More than the one key that is added, so that the map shrinks to the keys in use. */
const KEYS_LOOKED_AT = 2;

/**
 * Windows known to be full. A full one stays full until its oldest hit leaves, whoever counts: until then nobody has to be
 * asked, and a flood costs the store nothing.
 */
export class FullWindows {
  readonly #until = new Map<string, number>();
  readonly #maxKeys: number;

  constructor(maxKeys = MAX_KEYS) {
    this.#maxKeys = maxKeys;
  }

  get size(): number {
    return this.#until.size;
  }

  /** Milliseconds for which it stays full, or undefined when it may have room. */
  fullFor(key: string, now: number): number | undefined {
    const until = this.#until.get(key);
    return until === undefined || until <= now ? undefined : until - now;
  }

  remember(key: string, until: number, now: number): void {
    this.#until.delete(key);
    this.#until.set(key, until);
    let looked = 0;
    for (const [oldest, oldestUntil] of this.#until) {
      const isTooMany = this.#until.size > this.#maxKeys;
      if (!isTooMany && (oldestUntil > now || looked === KEYS_LOOKED_AT)) return;
      this.#until.delete(oldest);
      looked += 1;
    }
  }
}
