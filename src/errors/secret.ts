import { inspect } from 'node:util';

const SHOWN = '[secret]';

/**
 * A value that must never be seen: it prints as `[secret]` however it is logged, joined, inspected or serialised. It lives
 * in this room, which every other may import, because its whole purpose is what an error or a log line must not say.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The only way to the value. Each call is a place to look at in a review. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.toPrimitive](): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
