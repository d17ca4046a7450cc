const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

type Interrupting = keyof typeof EXIT_CODES;

/** Lets a command end in order when it is told to. Who says so twice is obeyed at once. */
export class Interruption {
  readonly #act: () => void;
  readonly #onInt = (): void => this.#interrupt('SIGINT');
  readonly #onTerm = (): void => this.#interrupt('SIGTERM');
  #signal: Interrupting | undefined;

  /** @param act what makes the command end */
  constructor(act: () => void) {
    this.#act = act;
    process.on('SIGINT', this.#onInt);
    process.on('SIGTERM', this.#onTerm);
  }

  /** As a shell shows it for a program that a signal has ended; undefined when none came. */
  get exitCode(): number | undefined {
    return this.#signal && EXIT_CODES[this.#signal];
  }

  /** From now on signals do what they do elsewhere. */
  release(): void {
    process.off('SIGINT', this.#onInt);
    process.off('SIGTERM', this.#onTerm);
  }

  #interrupt(signal: Interrupting): void {
    this.#signal = signal;
    this.release();
    this.#act();
  }
}
