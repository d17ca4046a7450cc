import type { Terminal } from './command.ts';

const WATCHED_EVERY_MS = 100;
const UNWATCHED_EVERY_MS = 5000;

/**
 * Tells how far a long task has come: where somebody is watching in one line that changes, elsewhere in a line every five
 * seconds.
 */
export class Progress {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #toldAt: number;

  /** @param now milliseconds that never go back */
  constructor(terminal: Terminal, now: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#now = now;
    this.#toldAt = now();
  }

  /** To be told as often as there is something to tell. */
  tell(line: string): void {
    const { rewrite } = this.#terminal;
    const now = this.#now();
    if (now - this.#toldAt < (rewrite === undefined ? UNWATCHED_EVERY_MS : WATCHED_EVERY_MS)) return;
    this.#toldAt = now;
    if (rewrite === undefined) this.#terminal.say(line);
    else rewrite(line);
  }

  /** Takes the changing line away, so that what is said next begins a line. */
  end(): void {
    this.#terminal.rewrite?.('');
  }
}
